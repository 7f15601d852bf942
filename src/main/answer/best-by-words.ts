import type { IndexHit, KeywordHit } from '../ports/indexes.ts'

/** The index ranks all words alike: so many of its hits are weighed for each one wanted. */
export const weighedPerHit = 2

/** Of the keyword index's hits those that hold most of the query, best first, at most `limit`; equal ones in the index's order. Pure. */
export function bestByWords(
  hits: readonly KeywordHit[],
  coverage: ReadonlyMap<number, number>,
  limit: number,
): readonly IndexHit[] {
  return hits
    .map((hit) => ({ ...hit, score: coverage.get(hit.chunkKey) ?? 0 }))
    .toSorted((a, b) => b.score - a.score)
    .slice(0, limit)
}
