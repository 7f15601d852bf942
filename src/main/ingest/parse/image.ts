import type { TextSlice } from '../../../shared/anchor.ts'
import { AppError } from '../../../shared/errors.ts'
import { isTiff, tiffPages, type PixelSize } from './tiff.ts'

/** A picture of more pixels would take over 400 MB when it is unpacked. */
const mostPixels = 100_000_000

/** A picture file: its pages have a size and no text yet. */
export interface ReadImage {
  readonly slices: readonly TextSlice[]
  readonly pageCount: number
}

/**
 * PNG, JPEG, WebP, BMP, GIF (its first picture) and TIFF (all its pages): only the size is read here, from the first bytes; text is
 * recognised later, see recognise-page.ts. Offsets of the empty pages are 0.
 * @throws AppError `unreadable-file` (no size to be found) `file-too-large` (unpacks beyond reason)
 */
export function readImage(bytes: Uint8Array): ReadImage {
  let sizes: readonly PixelSize[]
  try {
    sizes = isTiff(bytes) ? tiffPages(bytes) : [sizeOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))]
  } catch (error) {
    throw damagedImage(error)
  }
  if (sizes.length === 0 || sizes.some(({ width, height }) => !(width > 0) || !(height > 0)))
    throw damagedImage(new Error('a page without pixels'))
  if (sizes.some(({ width, height }) => width * height > mostPixels))
    throw new AppError('file-too-large', 'This picture has over 100 million pixels. Make it smaller and add that.')
  return {
    pageCount: sizes.length,
    slices: sizes.map(({ width, height }, index) => ({
      ordinal: index,
      start: 0,
      end: 0,
      text: '',
      page: { number: index + 1, width, height },
      blocks: [],
      runs: [],
    })),
  }
}

/** @throws Error where the header is cut off or says nothing of a size */
function sizeOf(file: Buffer): PixelSize {
  const name = file.toString('latin1', 0, 4)
  if (name === '\x89PNG') return { width: file.readUInt32BE(16), height: file.readUInt32BE(20) }
  if (name === 'GIF8') return { width: file.readUInt16LE(6), height: file.readUInt16LE(8) }
  if (name.startsWith('BM')) return { width: Math.abs(file.readInt32LE(18)), height: Math.abs(file.readInt32LE(22)) }
  if (name === 'RIFF') return webpSize(file)
  return jpegSize(file)
}

function webpSize(file: Buffer): PixelSize {
  switch (file.toString('latin1', 12, 16)) {
    case 'VP8X':
      return { width: file.readUIntLE(24, 3) + 1, height: file.readUIntLE(27, 3) + 1 }
    case 'VP8L': {
      const packed = file.readUInt32LE(21)
      return { width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1 }
    }
    default:
      return { width: file.readUInt16LE(26) & 0x3fff, height: file.readUInt16LE(28) & 0x3fff }
  }
}

/** Segments until the frame's header; a camera's note of how it was held swaps the sides. */
function jpegSize(file: Buffer): PixelSize {
  let isSideways = false
  for (let at = 2; ;) {
    if (file.readUInt8(at) !== 0xff) throw new Error('no segment where one should begin')
    const marker = file.readUInt8(at + 1)
    if (marker === 0xff) {
      at += 1
      continue
    }
    const length = file.readUInt16BE(at + 2)
    if (marker === 0xe1) isSideways = isTakenSideways(file.subarray(at + 4, at + 2 + length))
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame) {
      const [height, width] = [file.readUInt16BE(at + 5), file.readUInt16BE(at + 7)]
      return isSideways ? { width: height, height: width } : { width, height }
    }
    at += 2 + Math.max(2, length)
  }
}

/** Exif's orientation (tag 274): from 5 on, width and height change places. */
function isTakenSideways(segment: Buffer): boolean {
  if (segment.toString('latin1', 0, 6) !== 'Exif\0\0' || segment.length < 14) return false
  const exif = segment.subarray(6)
  const isBig = exif.toString('latin1', 0, 2) === 'MM'
  const short = (at: number): number =>
    at + 2 > exif.length ? 0 : isBig ? exif.readUInt16BE(at) : exif.readUInt16LE(at)
  const first = isBig ? exif.readUInt32BE(4) : exif.readUInt32LE(4)
  for (let index = 0; index < short(first); index += 1) {
    const entry = first + 2 + index * 12
    if (short(entry) === 274) return short(entry + 8) >= 5
    if (entry > exif.length) return false
  }
  return false
}

function damagedImage(cause: unknown): AppError {
  return new AppError(
    'unreadable-file',
    'This picture is damaged or cut off. Open it in its own program, save it again, and add that.',
    { cause },
  )
}
