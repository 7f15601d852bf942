import type { TextRun } from '../../shared/anchor.ts'

/** start, end (unsigned 32 bits), x, y, width, height (32-bit floats), little-endian: a fifth of the same runs as JSON. */
const runBytes = 24

export function encodeRuns(runs: readonly TextRun[]): Uint8Array {
  const bytes = new Uint8Array(runs.length * runBytes)
  const view = new DataView(bytes.buffer)
  let offset = 0
  for (const run of runs) {
    view.setUint32(offset, run.start, true)
    view.setUint32(offset + 4, run.end, true)
    view.setFloat32(offset + 8, run.x, true)
    view.setFloat32(offset + 12, run.y, true)
    view.setFloat32(offset + 16, run.width, true)
    view.setFloat32(offset + 20, run.height, true)
    offset += runBytes
  }
  return bytes
}

/** The other side of {@link encodeRuns}. @throws Error when the bytes are not whole runs. */
export function decodeRuns(bytes: Uint8Array): TextRun[] {
  if (bytes.byteLength % runBytes !== 0) throw new Error(`text runs: ${bytes.byteLength} bytes are not whole runs`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: bytes.byteLength / runBytes }, (_, index) => {
    const offset = index * runBytes
    return {
      start: view.getUint32(offset, true),
      end: view.getUint32(offset + 4, true),
      x: view.getFloat32(offset + 8, true),
      y: view.getFloat32(offset + 12, true),
      width: view.getFloat32(offset + 16, true),
      height: view.getFloat32(offset + 20, true),
    }
  })
}
