import type { DocumentId } from '../../../../shared/ids.ts'
import { fetchOriginal } from '../pdf/open-pdf.ts'

/** A picture file's page, ready to be drawn; sizes in its own pixels, upright. */
export interface ImagePage {
  readonly bitmap: ImageBitmap
  readonly width: number
  readonly height: number
}

/** No pane shows more; a poster would fill the memory otherwise. */
const mostBitmapWidth = 3_000

/**
 * The pages of a picture file, in order: one, or those of a TIFF.
 * @throws Error where the file cannot be decoded; the caller shows the stored text instead
 */
export async function loadImagePages(documentId: DocumentId, signal: AbortSignal): Promise<readonly ImagePage[]> {
  const bytes = await fetchOriginal(documentId, signal)
  const magic = [...new Uint8Array(bytes.slice(0, 4))].join(' ')
  const sources = magic === '73 73 42 0' || magic === '77 77 0 42' ? await tiffPages(bytes) : [new Blob([bytes])]
  const pages: ImagePage[] = []
  for (const source of sources) {
    signal.throwIfAborted()
    pages.push(await toPage(source))
  }
  return pages
}

async function toPage(source: Blob | ImageData): Promise<ImagePage> {
  const whole = await createImageBitmap(source)
  const { width, height } = whole
  if (width <= mostBitmapWidth) return { bitmap: whole, width, height }
  const bitmap = await createImageBitmap(whole, { resizeWidth: mostBitmapWidth, resizeQuality: 'high' })
  whole.close()
  return { bitmap, width, height }
}

/** Chromium shows no TIFF. */
async function tiffPages(bytes: ArrayBuffer): Promise<readonly ImageData[]> {
  const { default: UTIF } = await import('utif2')
  return UTIF.decode(bytes)
    .filter(({ t256, t257 }) => (t256?.[0] ?? 0) > 0 && (t257?.[0] ?? 0) > 0)
    .map((directory) => {
      UTIF.decodeImage(bytes, directory)
      const colours = new Uint8ClampedArray(UTIF.toRGBA8(directory))
      return new ImageData(colours, directory.width, directory.height)
    })
}
