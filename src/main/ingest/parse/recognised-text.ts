import type { Box } from '../../../shared/anchor.ts'
import { isItemStart } from './heading-pattern.ts'
import { normaliseFlow } from './normalise-text.ts'
import type { PlacedItem } from './pdf-items.ts'
import type { Line } from './pdf-lines.ts'
import { type PageText, writePage } from './pdf-page-text.ts'
import type { LineGroup } from './pdf-paragraphs.ts'
import { extentOf } from './pdf-segment.ts'
import { wordsOf, type PixelBox, type RecognisedLine, type RecognisedParagraph } from './recognised-page.ts'

/** How the picture that was read lies on the page: turned clockwise by `turn`, `scale` pixels a point. `width` and `height` of the page in points. */
export interface PictureOnPage {
  readonly turn: Turn
  readonly scale: number
  readonly width: number
  readonly height: number
}

export const turns = [0, 90, 180, 270] as const
export type Turn = (typeof turns)[number]

/** In a line that was read badly, words worse than this are specks, rules and shadows; in others they are letters all the same. */
const leastConfidence = 20
const goodLine = 50
/** A gap wider than this many letter heights parts cells of a table. */
const cellGap = 2.5
/** Letters this much higher than the page's usual ones are a heading's. */
const headingScale = 1.45
const maxHeadingUnits = 120

/**
 * The text of a recognised page, its blocks and the box of each word on the page, as for a page with a text layer: lines of a
 * paragraph are joined, words cut at a line's end made whole, and the spaces that recognition puts between Chinese characters left
 * out. `pageStart`: where it begins in the document's text.
 */
export function writeRecognised(
  paragraphs: readonly RecognisedParagraph[],
  picture: PictureOnPage,
  pageStart: number,
): PageText {
  const usualHeight = median(wordsOf(paragraphs).map(({ bbox }) => bbox.y1 - bbox.y0))
  const groups: LineGroup[] = []
  for (const paragraph of paragraphs) {
    const lines = paragraph.map((line) => toLine(line, picture)).filter((line) => line !== null)
    if (lines.length === 0) continue
    if (lines.some((line) => line.cells > 2) || lines.filter((line) => line.cells > 1).length > 1) {
      for (const line of lines) groups.push({ kind: 'table-row', level: 0, lines: [line] })
      continue
    }
    groups.push({ ...kindOf(lines, usualHeight / picture.scale), lines })
  }
  return writePage(groups, pageStart)
}

function kindOf(lines: readonly Line[], usualSize: number): Pick<LineGroup, 'kind' | 'level'> {
  const text = lines.map((line) => line.text).join(' ')
  const size = lines[0]?.size ?? 0
  if (lines.length <= 2 && text.length <= maxHeadingUnits && /\p{L}/u.test(text) && size > usualSize * headingScale)
    return { kind: 'heading', level: size > usualSize * 2 ? 1 : 2 }
  return isItemStart(text) ? { kind: 'list-item', level: 1 } : { kind: 'paragraph', level: 0 }
}

/** Null where nothing of the line is worth keeping. */
function toLine(line: RecognisedLine, picture: PictureOnPage): Line | null {
  const least = line.confidence >= goodLine ? 0 : leastConfidence
  const words = line.words.filter(({ text, confidence }) => confidence >= least && text.trim() !== '')
  if (words.length === 0) return null
  const height = median(words.map(({ bbox }) => bbox.y1 - bbox.y0))
  const items: PlacedItem[] = []
  let cells = 1
  let lastEnd: number | null = null
  for (const { text, bbox } of words) {
    const flowing = normaliseFlow(text).replaceAll('\n', ' ')
    if (flowing === '') continue
    if (lastEnd !== null && bbox.x0 - lastEnd > height * cellGap) cells += 1
    lastEnd = bbox.x1
    items.push({
      text: flowing,
      box: boxOnPage(bbox, picture),
      angle: 0,
      start: bbox.x0 / picture.scale,
      end: bbox.x1 / picture.scale,
      across: line.bbox.y1 / picture.scale,
      size: height / picture.scale,
      isRightToLeft: false,
      spaceBefore: items.length > 0,
      endsSoft: false,
    })
  }
  if (items.length === 0) return null
  const text = items.map((item) => item.text).join(' ')
  return {
    items,
    text,
    angle: 0,
    ...extentOf(items),
    across: line.bbox.y1 / picture.scale,
    size: height / picture.scale,
    cells,
  }
}

/** From the turned picture back to the page as it is shown, in points. */
export function boxOnPage(box: PixelBox, { turn, scale, width, height }: PictureOnPage): Omit<Box, 'page'> {
  const [x0, y0, x1, y1] = [box.x0 / scale, box.y0 / scale, box.x1 / scale, box.y1 / scale]
  const corners = {
    0: [x0, y0, x1, y1],
    90: [y0, height - x1, y1, height - x0],
    180: [width - x1, height - y1, width - x0, height - y0],
    270: [width - y1, x0, width - y0, x1],
  } as const
  const [left, top, right, bottom] = corners[turn]
  return { x: hundredths(left), y: hundredths(top), width: hundredths(right - left), height: hundredths(bottom - top) }
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
