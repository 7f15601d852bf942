import { extentOf } from './pdf-segment.ts'
import type { Segment } from './pdf-segment.ts'

/** Fewer pieces than this on either side are no column. */
const leastLines = 4
/** At most this share of a page's pieces (headings, footers) may cross the gutter between columns. */
const mostCrossing = 0.2
/** A column of prose fills its width to this share on average; cells of a table do not. */
const leastFill = 0.6
/** A column of prose has this many units a line on average; cells of a table have fewer. */
const leastUnits = 18
const gutterSteps = 60
const maxDepth = 3

/**
 * Puts columns that were drawn line by line across the page one after the other; everything else keeps pdf.js' order, tables too.
 * A gutter is the place that fewest pieces cross; what crosses it (a title) stays where it was, between what is before and after.
 */
export function columnOrder(segments: readonly Segment[], depth = 0): readonly Segment[] {
  if (depth >= maxDepth || segments.length < leastLines * 2) return segments
  const gutter = findGutter(segments)
  if (gutter === null || !isInterleaved(segments, gutter)) return segments
  const ordered: Segment[] = []
  let left: Segment[] = []
  let right: Segment[] = []
  const flush = (): void => {
    for (const segment of columnOrder(left, depth + 1)) ordered.push(segment)
    for (const segment of columnOrder(right, depth + 1)) ordered.push(segment)
    left = []
    right = []
  }
  for (const segment of segments) {
    if (segment.end <= gutter) left.push(segment)
    else if (segment.start >= gutter) right.push(segment)
    else {
      flush()
      ordered.push(segment)
    }
  }
  flush()
  return ordered
}

function findGutter(segments: readonly Segment[]): number | null {
  const upright = segments.filter((segment) => segment.angle === segments[0]?.angle)
  if (upright.length < segments.length * 0.9) return null
  const { start, end } = extentOf(upright)
  const width = end - start
  let best: { readonly at: number; readonly crossing: number } | null = null
  for (let step = 0; step <= gutterSteps; step += 1) {
    // From the middle outwards, so that of equal places the middle one wins.
    const share = 0.5 + (step % 2 === 0 ? 1 : -1) * Math.ceil(step / 2) * (0.5 / gutterSteps)
    const at = start + width * share
    const crossing = upright.filter((segment) => segment.start < at && segment.end > at).length
    if (best === null || crossing < best.crossing) best = { at, crossing }
  }
  if (best === null || best.crossing > upright.length * mostCrossing) return null
  const { at } = best
  const left = upright.filter((segment) => segment.end <= at)
  const right = upright.filter((segment) => segment.start >= at)
  return isProse(left) && isProse(right) ? at : null
}

function isProse(column: readonly Segment[]): boolean {
  if (column.length < leastLines) return false
  const { start, end } = extentOf(column)
  const width = end - start
  const filled = column.reduce((sum, segment) => sum + (segment.end - segment.start), 0)
  const units = column.reduce((sum, segment) => sum + segment.units, 0)
  return filled >= width * column.length * leastFill && units >= column.length * leastUnits
}

/** Columns in order go from left to right once or twice; drawn line by line they do so on every line. */
function isInterleaved(segments: readonly Segment[], gutter: number): boolean {
  let changes = 0
  let wasLeft = false
  for (const segment of segments) {
    if (segment.end <= gutter) wasLeft = true
    else if (segment.start >= gutter) {
      if (wasLeft) changes += 1
      wasLeft = false
    }
  }
  return changes >= leastLines
}
