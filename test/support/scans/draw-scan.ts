import { createCanvas } from '@napi-rs/canvas'
import UTIF from 'utif2'
import { jpegPdf } from './jpeg-pdf.ts'

/** A page drawn as a scanner would see it. `turn`: how the paper lay, clockwise in degrees. */
export interface DrawnPage {
  readonly lines: readonly string[]
  /** A second column beside the first. */
  readonly second?: readonly string[]
  readonly turn?: 0 | 90 | 180 | 270
  /** Paler and speckled, as a bad copy. */
  readonly isBad?: boolean
}

export interface ScannedPage {
  readonly width: number
  readonly height: number
  readonly jpeg: Uint8Array
  readonly png: Uint8Array
  readonly colours: Uint8ClampedArray
}

const [paperWidth, paperHeight] = [1_654, 2_339]
/** Letters of 12 points at 200 dots an inch. */
const letterHeight = 33
const leading = 52
const margin = 160

/** Draws a page of A4 at 200 dots an inch. The same page every time. */
export function scanPage({ lines, second, turn = 0, isBad = false }: DrawnPage): ScannedPage {
  const isSideways = turn === 90 || turn === 270
  const canvas = createCanvas(isSideways ? paperHeight : paperWidth, isSideways ? paperWidth : paperHeight)
  const drawing = canvas.getContext('2d')
  drawing.fillStyle = isBad ? '#d8d4c8' : '#fbfaf6'
  drawing.fillRect(0, 0, canvas.width, canvas.height)
  drawing.translate(canvas.width / 2, canvas.height / 2)
  drawing.rotate((turn * Math.PI) / 180)
  drawing.translate(-paperWidth / 2, -paperHeight / 2)
  drawing.fillStyle = isBad ? '#8f8a80' : '#1c1c1c'
  drawing.font = `${letterHeight}px "DejaVu Serif", "Noto Sans CJK SC"`
  const column = (texts: readonly string[], x: number): void =>
    texts.forEach((text, index) => drawing.fillText(text, x, margin + index * leading))
  column(lines, margin)
  column(second ?? [], paperWidth / 2 + 40)
  if (isBad) speckle(drawing)
  return {
    width: canvas.width,
    height: canvas.height,
    jpeg: canvas.toBuffer('image/jpeg', 88),
    png: canvas.toBuffer('image/png'),
    colours: drawing.getImageData(0, 0, canvas.width, canvas.height).data,
  }
}

/** A PDF that holds nothing but these pictures, a page each. */
export function scanPdf(pages: readonly DrawnPage[]): Uint8Array {
  return jpegPdf(pages.map((page) => scanPage(page)))
}

export function scanTiff(page: DrawnPage): Uint8Array {
  const { width, height, colours } = scanPage(page)
  return new Uint8Array(UTIF.encodeImage(new Uint8Array(colours), width, height))
}

/** 24 bits a pixel, bottom row first. */
export function scanBitmap(page: DrawnPage): Uint8Array {
  const { width, height, colours } = scanPage(page)
  const rowBytes = Math.ceil((width * 3) / 4) * 4
  const file = Buffer.alloc(54 + rowBytes * height)
  file.write('BM')
  file.writeUInt32LE(file.length, 2)
  file.writeUInt32LE(54, 10)
  file.writeUInt32LE(40, 14)
  file.writeInt32LE(width, 18)
  file.writeInt32LE(height, 22)
  file.writeUInt16LE(1, 26)
  file.writeUInt16LE(24, 28)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const from = ((height - 1 - y) * width + x) * 4
      for (const [offset, channel] of [2, 1, 0].entries())
        file[54 + y * rowBytes + x * 3 + offset] = colours[from + channel] ?? 0
    }
  }
  return new Uint8Array(file)
}

function speckle(drawing: { fillRect(x: number, y: number, width: number, height: number): void }): void {
  let state = 7
  const next = (below: number): number => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
  for (let speck = 0; speck < 2_500; speck += 1) drawing.fillRect(next(paperWidth), next(paperHeight), 2, 2)
}

/** Share of characters that differ, white space left out: edits over the length of the expected text. */
export function characterErrors(read: string, expected: string): number {
  const [one, other] = [read, expected].map((text) => [...text.normalize('NFKC').replaceAll(/\s+/g, '')])
  if (one === undefined || other === undefined) return 1
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (const [at, character] of one.entries()) {
    const next = [at + 1]
    for (let index = 1; index <= other.length; index += 1)
      next.push(
        Math.min(
          (next[index - 1] ?? 0) + 1,
          (row[index] ?? 0) + 1,
          (row[index - 1] ?? 0) + (other[index - 1] === character ? 0 : 1),
        ),
      )
    row = next
  }
  return (row.at(-1) ?? 0) / Math.max(1, other.length)
}
