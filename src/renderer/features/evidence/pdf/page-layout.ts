import type { Box } from '../../../../shared/anchor.ts'
import type { PageSize } from './use-pdf.ts'

/** Free space around pages, and between them, in CSS pixels. */
export const pageGap = 16
export const sidePadding = 20
/** Zoom steps relative to the pane's width: 1 fits it. */
export const zoomSteps = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3] as const
/** No screen shows more; a page of a metre would need a canvas that no graphics memory holds. */
const maxCanvasPixels = 16_000_000

/** CSS pixels a PDF point, so that the page fills the pane at zoom 1. */
export function fitScale(paneWidth: number, page: PageSize, zoom: number): number {
  return Math.max(0.05, ((paneWidth - 2 * sidePadding) / page.width) * zoom)
}

/** The next step in, out, or none at the ends. */
export function nextZoom(zoom: number, direction: 1 | -1): number {
  const steps = direction === 1 ? zoomSteps : zoomSteps.toReversed()
  return steps.find((step) => (step - zoom) * direction > 0.01) ?? zoom
}

/** Device pixels a CSS pixel for a page's canvas: the screen's own, less for pages too large for it. */
export function canvasRatio(page: PageSize, scale: number, devicePixelRatio: number): number {
  const pixels = page.width * scale * page.height * scale * devicePixelRatio ** 2
  return pixels <= maxCanvasPixels ? devicePixelRatio : devicePixelRatio * Math.sqrt(maxCanvasPixels / pixels)
}

/** Where a box stands on its drawn page, in CSS pixels; a hair larger than the letters, as a marker pen is. */
export function boxPlace(
  box: Box,
  scale: number,
): { readonly left: number; readonly top: number; readonly width: number; readonly height: number } {
  return {
    left: box.x * scale - 1,
    top: box.y * scale - 1,
    width: box.width * scale + 2,
    height: box.height * scale + 2,
  }
}

/** The page where a marked passage begins: the first by number, whatever order the boxes are in. */
export function firstMarkedPage(boxes: readonly Box[]): number | null {
  return boxes.reduce<number | null>((first, { page }) => (first === null ? page : Math.min(first, page)), null)
}

/** The upper edge of the first box on a page, in PDF points. */
export function topOfMarks(boxes: readonly Box[], page: number): number {
  return boxes.filter((box) => box.page === page).reduce((top, { y }) => Math.min(top, y), Infinity)
}
