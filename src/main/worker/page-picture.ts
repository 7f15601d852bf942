import { createCanvas, loadImage, type Canvas } from '@napi-rs/canvas'
import type { PDFDocumentProxy } from 'pdfjs-dist/types/src/display/api.js'
import { AppError } from '../../shared/errors.ts'
import { type GrayPicture, toGray } from '../ingest/parse/gray-picture.ts'
import { isTiff, tiffPage } from '../ingest/parse/tiff.ts'

/** A page as it is read: its picture, and how large it is where it is shown. */
export interface PagePicture {
  readonly picture: GrayPicture
  /** Pixels of the picture a point of the page. */
  readonly scale: number
  /** In points; pixels for a picture file. */
  readonly width: number
  readonly height: number
}

/** 300 dots an inch, as recognition was trained on. */
const pdfScale = 300 / 72
/** A page of A3 at 300 dots an inch; larger ones are made smaller. It bounds memory, and time. */
const mostPixels = 17_500_000
/** Screenshots have small letters: those below this size are read enlarged. */
const smallPictureWidth = 1_600
const mostEnlargement = 2

/** @throws Error of pdf.js where the page is damaged */
export async function pdfPagePicture(document: PDFDocumentProxy, number: number): Promise<PagePicture> {
  const page = await document.getPage(number)
  try {
    const { width, height } = page.getViewport({ scale: 1 })
    const scale = Math.min(pdfScale, Math.sqrt(mostPixels / (width * height)))
    const viewport = page.getViewport({ scale })
    const canvas = createCanvas(Math.max(1, Math.round(viewport.width)), Math.max(1, Math.round(viewport.height)))
    // Typed for the page's canvas; this one has the same methods.
    await page.render({ canvas: canvas as never, viewport, background: '#ffffff' }).promise
    return { picture: grayOf(canvas), scale, width, height }
  } finally {
    page.cleanup()
  }
}

/** A picture file's page, upright as its camera noted. @throws AppError `unreadable-file` */
export async function imagePagePicture(bytes: Uint8Array, number: number): Promise<PagePicture> {
  const source = isTiff(bytes) ? tiffCanvas(bytes, number) : await loadImage(bytes).catch(damagedPicture)
  const { width, height } = source
  if (width < 1 || height < 1) damagedPicture(new Error('no pixels'))
  const enlargement = Math.min(mostEnlargement, Math.max(1, smallPictureWidth / width))
  const scale = Math.min(enlargement, Math.sqrt(mostPixels / (width * height)))
  const canvas = createCanvas(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)))
  const drawing = canvas.getContext('2d')
  drawing.fillStyle = '#ffffff'
  drawing.fillRect(0, 0, canvas.width, canvas.height)
  drawing.imageSmoothingQuality = 'high'
  drawing.drawImage(source, 0, 0, canvas.width, canvas.height)
  return { picture: grayOf(canvas), scale, width, height }
}

function tiffCanvas(bytes: Uint8Array, number: number): Canvas {
  const { width, height, colours } = tiffPage(bytes, number)
  const canvas = createCanvas(width, height)
  const drawing = canvas.getContext('2d')
  const data = drawing.createImageData(width, height)
  data.data.set(colours)
  drawing.putImageData(data, 0, 0)
  return canvas
}

function grayOf(canvas: Canvas): GrayPicture {
  const { width, height } = canvas
  return toGray(width, height, canvas.getContext('2d').getImageData(0, 0, width, height).data)
}

function damagedPicture(cause: unknown): never {
  throw new AppError(
    'unreadable-file',
    'This picture is damaged or cut off. Open it in its own program, save it again, and add that.',
    { cause },
  )
}
