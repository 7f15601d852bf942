import { cellBorder as bar } from '../../../shared/table-text.ts'
import type { Segment } from './mark-range.ts'

/** What one segment gives to one cell. `bar`: the part of the bar after the cell that falls into this segment. */
export interface TablePiece {
  readonly segment: Segment
  readonly text: string
  readonly bar: string
}

/**
 * The cells of a stored row, each in pieces by segment, so that a mark may begin or end inside a cell. All pieces in order hold
 * the row's text completely; a bar belongs to the cell before it.
 */
export function tableCells(segments: readonly Segment[]): readonly (readonly TablePiece[])[] {
  const whole = segments.map(({ text }) => text).join('')
  const first = segments[0]?.start ?? 0
  let from = 0
  return whole.split(bar).map((text, index, all) => {
    const textEnd = from + text.length
    const end = index === all.length - 1 ? textEnd : textEnd + bar.length
    const pieces = segments.flatMap((segment): TablePiece[] => {
      const start = Math.max(from, segment.start - first)
      const stop = Math.min(end, segment.end - first)
      if (start >= stop) return []
      return [
        {
          segment: { ...segment, start: first + start, end: first + stop, text: whole.slice(start, stop) },
          text: whole.slice(start, Math.max(start, Math.min(stop, textEnd))),
          bar: whole.slice(Math.max(start, Math.min(stop, textEnd)), stop),
        },
      ]
    })
    from = end
    return pieces
  })
}
