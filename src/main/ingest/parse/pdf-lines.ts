import { columnOrder } from './pdf-columns.ts'
import type { PlacedItem } from './pdf-items.ts'
import { extentOf } from './pdf-segment.ts'
import type { Segment } from './pdf-segment.ts'
import { isUnspacedAt, isUnspacedBefore } from './unspaced-script.ts'

/** A line of a page as it is read, its items in order. Geometry as in {@link PlacedItem}; `text` without its line end. */
export interface Line {
  readonly items: readonly PlacedItem[]
  readonly text: string
  readonly angle: number
  readonly start: number
  readonly end: number
  readonly across: number
  readonly size: number
  /** Pieces parted by wide gaps: cells of a table row, or one. */
  readonly cells: number
}

/** A gap wider than this many font sizes parts cells or columns, not words. */
const wideGap = 1.2
/** A narrower one than this stands within a word. */
const wordGap = 0.15

/** Items to lines in reading order: pdf.js' own order, but two columns that were drawn line by line are read one after the other. */
export function readLines(items: readonly PlacedItem[]): readonly Line[] {
  const lines: Line[] = []
  let open: Segment[] = []
  for (const segment of columnOrder(segmentsOf(items))) {
    if (open.length > 0 && open.at(-1)?.row !== segment.row) {
      lines.push(lineOf(open))
      open = []
    }
    open.push(segment)
  }
  if (open.length > 0) lines.push(lineOf(open))
  return lines
}

/** What stands between two neighbours of one line: a space, or nothing. */
export function separatorBetween(before: PlacedItem, after: PlacedItem): '' | ' ' {
  const gap = gapBetween(before, after)
  const size = Math.max(before.size, after.size)
  if (gap > wideGap * size) return ' '
  if (isUnspacedBefore(before.text, before.text.length) && isUnspacedAt(after.text, 0)) return ''
  return after.spaceBefore || gap > wordGap * size ? ' ' : ''
}

function segmentsOf(items: readonly PlacedItem[]): readonly Segment[] {
  const segments: Segment[] = []
  let row = 0
  let open: PlacedItem[] = []
  for (const item of items) {
    const last = open.at(-1)
    if (last !== undefined) {
      const isSameLine = continuesLine(last, item)
      const isWide = gapBetween(last, item) > wideGap * Math.max(last.size, item.size)
      if (!isSameLine || isWide) {
        segments.push(segmentOf(open, row))
        open = []
        if (!isSameLine) row += 1
      }
    }
    open.push(item)
  }
  if (open.length > 0) segments.push(segmentOf(open, row))
  return segments
}

function continuesLine(last: PlacedItem, item: PlacedItem): boolean {
  const size = Math.max(last.size, item.size)
  if (item.angle !== last.angle || Math.abs(item.across - last.across) > size * 0.5) return false
  // Right-to-left items may come in either order; others never go back by more than an overlap.
  return last.isRightToLeft || item.isRightToLeft || item.start - last.end > -size
}

function gapBetween(before: PlacedItem, after: PlacedItem): number {
  const isBackward = after.start < before.start && (before.isRightToLeft || after.isRightToLeft)
  return isBackward ? before.start - after.end : after.start - before.end
}

function segmentOf(items: readonly PlacedItem[], row: number): Segment {
  const main = items.reduce((longest, item) => (item.text.length > longest.text.length ? item : longest))
  return {
    items,
    row,
    angle: main.angle,
    ...extentOf(items),
    across: main.across,
    size: main.size,
    units: items.reduce((sum, item) => sum + item.text.length, 0),
  }
}

function lineOf(segments: readonly Segment[]): Line {
  const main = segments.reduce((longest, segment) => (segment.units > longest.units ? segment : longest))
  const items = segments.flatMap((segment) => segment.items)
  const parts: string[] = []
  let last: PlacedItem | undefined
  for (const item of items) {
    if (last !== undefined) parts.push(separatorBetween(last, item))
    parts.push(item.text)
    last = item
  }
  return {
    items,
    text: parts.join(''),
    angle: main.angle,
    ...extentOf(segments),
    across: main.across,
    size: main.size,
    cells: segments.length,
  }
}
