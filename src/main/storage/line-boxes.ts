import type { Box, TextRun, TextSlice } from '../../shared/anchor.ts'
import { type WidthOf, widthsOf } from './character-widths.ts'

/** Scripts that run from right to left: their runs cannot be cut by a share of the width counted from the left. */
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/

/**
 * Rectangles that cover `[start, end)` on one PDF page, one for each stretch of a line, in reading order. A run that the
 * range only touches is cut by the share that its letters usually take. Empty for slices without a page.
 */
export function lineBoxes(
  slice: Pick<TextSlice, 'page' | 'start' | 'text' | 'runs'>,
  start: number,
  end: number,
): readonly Box[] {
  const { page } = slice
  if (page === null) return []
  const boxes: Box[] = []
  const widthOf = widthsOf(slice)
  for (const run of slice.runs) {
    const from = Math.max(start, run.start)
    const to = Math.min(end, run.end)
    if (from >= to || slice.text.slice(from - slice.start, to - slice.start).trim() === '') continue
    const piece: Box = { page: page.number, ...cut(run, from, to, slice, widthOf) }
    const last = boxes.at(-1)
    if (last !== undefined && continuesLine(last, piece)) boxes[boxes.length - 1] = union(last, piece)
    else boxes.push(piece)
  }
  return boxes
}

function cut(
  run: TextRun,
  from: number,
  to: number,
  slice: Pick<TextSlice, 'start' | 'text'>,
  widthOf: WidthOf,
): Omit<Box, 'page'> {
  const { x, y, width, height } = run
  const isUpright = width >= height || run.end - run.start === 1
  const text = slice.text.slice(run.start - slice.start, run.end - slice.start)
  if (!isUpright || rightToLeft.test(text)) return { x, y, width, height }
  const perUnit = width / widthOf(text)
  const before = widthOf(text.slice(0, from - run.start))
  return { x: x + before * perUnit, y, width: widthOf(text.slice(from - run.start, to - run.start)) * perUnit, height }
}

/** On the same line, and near: the next column of a page is far. */
function continuesLine(last: Box, next: Box): boolean {
  const overlap = Math.min(last.y + last.height, next.y + next.height) - Math.max(last.y, next.y)
  const height = Math.min(last.height, next.height)
  const gap = Math.max(next.x - (last.x + last.width), last.x - (next.x + next.width))
  return overlap > height / 2 && gap < 2 * Math.max(last.height, next.height)
}

function union(a: Box, b: Box): Box {
  const x = Math.min(a.x, b.x)
  const y = Math.min(a.y, b.y)
  return {
    page: a.page,
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  }
}
