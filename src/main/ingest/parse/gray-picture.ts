import type { Turn } from './recognised-text.ts'

/** A picture in shades of grey, one byte a pixel, row by row from the upper left; 0 is black. */
export interface GrayPicture {
  readonly width: number
  readonly height: number
  readonly pixels: Uint8Array
}

/** Darker than paper in a bad scan. */
const darkBelow = 140
/** A page number alone has more dark pixels. */
const leastDarkPixels = 150

/** From red, green, blue, alpha; what is transparent is paper. */
export function toGray(width: number, height: number, colours: Uint8Array | Uint8ClampedArray): GrayPicture {
  const pixels = new Uint8Array(width * height)
  for (let at = 0, from = 0; at < pixels.length; at += 1, from += 4) {
    const alpha = colours[from + 3] ?? 255
    const light = ((colours[from] ?? 0) * 77 + (colours[from + 1] ?? 0) * 150 + (colours[from + 2] ?? 0) * 29) >> 8
    pixels[at] = alpha === 255 ? light : 255 - (((255 - light) * alpha) >> 8)
  }
  return { width, height, pixels }
}

/** True for a page with nothing on it to read. */
export function isBlank({ pixels }: GrayPicture): boolean {
  let dark = 0
  for (const pixel of pixels) {
    if (pixel < darkBelow) dark += 1
    if (dark >= leastDarkPixels) return false
  }
  return true
}

/** Turned clockwise. */
export function turned(picture: GrayPicture, turn: Turn): GrayPicture {
  if (turn === 0) return picture
  const { width, height, pixels } = picture
  const isSideways = turn !== 180
  const target = new Uint8Array(pixels.length)
  const targetWidth = isSideways ? height : width
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [column, row] =
        turn === 90 ? [height - 1 - y, x] : turn === 180 ? [width - 1 - x, height - 1 - y] : [y, width - 1 - x]
      target[row * targetWidth + column] = pixels[y * width + x] ?? 255
    }
  }
  return { width: targetWidth, height: isSideways ? width : height, pixels: target }
}

/** Half as wide and high, each pixel the mean of four: enough to tell which way up a page is. */
export function halved({ width, height, pixels }: GrayPicture): GrayPicture {
  const half = { width: Math.floor(width / 2), height: Math.floor(height / 2) }
  const target = new Uint8Array(half.width * half.height)
  for (let y = 0; y < half.height; y += 1) {
    for (let x = 0; x < half.width; x += 1) {
      const at = y * 2 * width + x * 2
      const sum = (pixels[at] ?? 0) + (pixels[at + 1] ?? 0) + (pixels[at + width] ?? 0) + (pixels[at + width + 1] ?? 0)
      target[y * half.width + x] = sum >> 2
    }
  }
  return { ...half, pixels: target }
}

/** As a PGM file, which every reader of pictures knows and none has to decompress. */
export function toPortableGraymap({ width, height, pixels }: GrayPicture): Uint8Array {
  const head = new TextEncoder().encode(`P5\n${width} ${height}\n255\n`)
  const file = new Uint8Array(head.length + pixels.length)
  file.set(head)
  file.set(pixels, head.length)
  return file
}
