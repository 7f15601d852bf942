import { createCanvas, loadImage } from '@napi-rs/canvas'
import { crc32, deflateSync } from 'node:zlib'

/** How far, in each channel, a colour may move so that a picture has 256 of them. Tried from the first on. */
const tolerances = [0, 2, 4, 6, 8, 12, 16, 24, 32, 64, 255]

/**
 * The same picture as a PNG with a palette, a third of the size. Its common colours stay exactly as they are; only rare
 * ones, from the edges of letters, move to a neighbour. Without transparency.
 */
export async function smallPng(png: Uint8Array): Promise<Uint8Array> {
  const image = await loadImage(png)
  const { width, height } = image
  const context = createCanvas(width, height).getContext('2d')
  context.drawImage(image, 0, 0)
  const { data } = context.getImageData(0, 0, width, height)
  const counts = new Map<number, number>()
  const colours = new Uint32Array(width * height)
  for (let at = 0; at < colours.length; at += 1) {
    const colour = ((data[at * 4] ?? 0) << 16) | ((data[at * 4 + 1] ?? 0) << 8) | (data[at * 4 + 2] ?? 0)
    colours[at] = colour
    counts.set(colour, (counts.get(colour) ?? 0) + 1)
  }
  const { palette, indexOf } = choosePalette(counts)
  // Each row begins with its filter: 0, none, is best for palettes.
  const rows = Buffer.alloc((width + 1) * height)
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) rows[y * (width + 1) + 1 + x] = indexOf.get(colours[y * width + x] ?? 0) ?? 0
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 3, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap((colour) => channels(colour)))),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

const channels = (colour: number): readonly [number, number, number] => [
  (colour >> 16) & 255,
  (colour >> 8) & 255,
  colour & 255,
]

function distance(left: number, right: number): number {
  const [a, b, c] = channels(left)
  const [d, e, f] = channels(right)
  return Math.max(Math.abs(a - d), Math.abs(b - e), Math.abs(c - f))
}

/** So many of the most common colours stay exactly: surfaces, and the shades of a shadow, which would show steps otherwise. */
const exactColours = 150

/** The most common colours, then rarer ones, none within the smallest tolerance of another that makes them 256 at most. */
function choosePalette(counts: ReadonlyMap<number, number>): {
  readonly palette: readonly number[]
  readonly indexOf: ReadonlyMap<number, number>
} {
  const byCount = [...counts].toSorted(([a, left], [b, right]) => right - left || a - b).map(([colour]) => colour)
  const palette = tolerances.map((tolerance) => covering(byCount, tolerance)).find((chosen) => chosen !== null) ?? []
  const indexOf = new Map<number, number>()
  for (const colour of byCount) {
    let best = 0
    for (const [index, chosen] of palette.entries())
      if (distance(colour, chosen) < distance(colour, palette[best] ?? 0)) best = index
    indexOf.set(colour, best)
  }
  return { palette, indexOf }
}

function covering(colours: readonly number[], tolerance: number): readonly number[] | null {
  const chosen: number[] = []
  for (const colour of colours) {
    if (chosen.length >= exactColours && chosen.some((other) => distance(colour, other) <= tolerance)) continue
    if (chosen.length === 256) return null
    chosen.push(colour)
  }
  return chosen
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const whole = Buffer.alloc(body.length + 8)
  whole.writeUInt32BE(data.length, 0)
  whole.set(body, 4)
  whole.writeUInt32BE(crc32(body), body.length + 4)
  return whole
}
