import type { Box } from '../../../shared/anchor.ts'
import type { SourceItem } from '../conversation/answer-sources.ts'
import type { TextRange } from './mark-range.ts'

/** What is marked more strongly within a passage: in the text, and on PDF pages. */
export interface StrongMarks {
  readonly ranges: readonly TextRange[]
  readonly boxes: readonly Box[]
}

export const noStrongMarks: StrongMarks = { ranges: [], boxes: [] }

/**
 * The sentences of a source that carry the claim it was opened for, or, opened as a whole, every claim of the answer that
 * cites it. From offsets the check recorded; each place once.
 */
export function strongMarks(item: SourceItem | undefined, claim: number | null): StrongMarks {
  if (item === undefined) return noStrongMarks
  const wanted = item.claims[claim ?? -1]
  const claims = wanted === undefined ? item.claims : [wanted]
  const once = <Place extends object>(places: readonly Place[]): readonly Place[] => [
    ...new Map(places.map((place) => [JSON.stringify(place), place])).values(),
  ]
  return {
    ranges: once(claims.flatMap(({ carriedBy }) => carriedBy)).toSorted((one, other) => one.start - other.start),
    boxes: once(claims.flatMap(({ boxes }) => boxes)),
  }
}
