import type { Readable } from 'node:stream'
import { fromBuffer } from 'yauzl'
import type { Entry, ZipFile } from 'yauzl'

/** A zip archive opened from memory. */
export interface OpenZip {
  readonly entries: readonly Entry[]
  /** Inflates an entry and counts what comes out, keeping nothing. @throws Error where it exceeds its declared size or is damaged. */
  measure(entry: Entry): Promise<number>
  /** Inflates an entry into memory; the caller has looked at its `uncompressedSize`. @throws Error as `measure`. */
  read(entry: Entry): Promise<Uint8Array>
  close(): void
}

/** More entries than any document has. */
const maxEntries = 100_000

/**
 * Lists a zip archive's entries.
 * @throws Error of the library where the archive is damaged or cut off.
 */
export async function openZip(bytes: Uint8Array): Promise<OpenZip> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const zip = await open(withTrueCommentLength(buffer))
  const entries = await new Promise<readonly Entry[]>((resolve, reject) => {
    const found: Entry[] = []
    zip.on('entry', (entry) => {
      found.push(entry)
      if (found.length > maxEntries) reject(new Error(`more than ${maxEntries} entries`))
      else zip.readEntry()
    })
    zip.on('end', () => resolve(found))
    zip.on('error', reject)
    zip.readEntry()
  })
  return {
    entries,
    measure: (entry) => measure(zip, entry),
    read: async (entry) => Buffer.concat(await Array.fromAsync(pieces(zip, entry))),
    close: () => zip.close(),
  }
}

function open(buffer: Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    fromBuffer(buffer, { lazyEntries: true }, (error, opened) => (error === null ? resolve(opened) : reject(error)))
  })
}

/** Some producers write a wrong comment length, or bytes behind the end; every reader but this library shrugs. */
function withTrueCommentLength(buffer: Buffer): Buffer {
  const end = buffer.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
  const endRecordBytes = 22
  const commentLength = buffer.length - end - endRecordBytes
  if (end < 0 || commentLength < 0 || commentLength > 0xffff || buffer.readUInt16LE(end + 20) === commentLength)
    return buffer
  const repaired = Buffer.from(buffer)
  repaired.writeUInt16LE(commentLength, end + 20)
  return repaired
}

async function measure(zip: ZipFile, entry: Entry): Promise<number> {
  let sizeBytes = 0
  for await (const piece of pieces(zip, entry)) sizeBytes += piece.length
  return sizeBytes
}

async function* pieces(zip: ZipFile, entry: Entry): AsyncGenerator<Buffer> {
  const stream = await new Promise<Readable>((resolve, reject) => {
    zip.openReadStream(entry, (error, opened) => (error === null ? resolve(opened) : reject(error)))
  })
  for await (const piece of stream) yield piece as Buffer
}

/**
 * Whether the XML parts of an archive unpack to more than `maxBytes` together. Each is inflated once, piece by piece, so that
 * a library that reads whole parts in memory is never given a bomb.
 * @throws Error of the library where the archive is damaged, or an entry lies about its size
 */
export async function unpacksBeyond(bytes: Uint8Array, maxBytes: number): Promise<boolean> {
  let inflated = 0
  const zip = await openZip(bytes)
  for (const entry of zip.entries) {
    if (!/\.(?:xml|rels)$/i.test(entry.fileName)) continue
    inflated += entry.uncompressedSize
    if (inflated > maxBytes) break
    await zip.measure(entry)
  }
  zip.close()
  return inflated > maxBytes
}
