import type { PlacedItem } from './pdf-items.ts'

/** A piece of a line without a wide gap. `row` is the same for pieces of one drawn line. */
export interface Segment {
  readonly items: readonly PlacedItem[]
  readonly row: number
  readonly angle: number
  readonly start: number
  readonly end: number
  readonly across: number
  readonly size: number
  readonly units: number
}

/** From the smallest start to the largest end; a hostile page has more pieces than a call takes arguments. */
export function extentOf(pieces: readonly { readonly start: number; readonly end: number }[]): {
  readonly start: number
  readonly end: number
} {
  let start = Number.POSITIVE_INFINITY
  let end = Number.NEGATIVE_INFINITY
  for (const piece of pieces) {
    start = Math.min(start, piece.start)
    end = Math.max(end, piece.end)
  }
  return pieces.length === 0 ? { start: 0, end: 0 } : { start, end }
}
