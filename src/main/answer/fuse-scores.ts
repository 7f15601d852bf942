import type { IndexHit } from '../interfaces.ts'

export interface FusedHit {
  readonly chunkKey: number
  readonly documentKey: number
  /** 0..1, higher is better. */
  readonly score: number
  /** From 1; null: not among that method's candidates. */
  readonly vectorRank: number | null
  readonly keywordRank: number | null
}

/**
 * Half-and-half sum of scores, each list min-max scaled over its own candidates (architecture fact 8: above reciprocal
 * ranks on all three sets). A hit that one method does not have counts 0 there. Ties fall to the lower chunk key, so that
 * equal searches give equal orders.
 *
 * @param vectorLists one list an embedder, best first; a chunk belongs to one embedder, so lists do not overlap
 * @param keywordHits best first
 */
export function fuseScores(
  vectorLists: readonly (readonly IndexHit[])[],
  keywordHits: readonly IndexHit[],
): readonly FusedHit[] {
  const fused = new Map<number, { -readonly [K in keyof FusedHit]: FusedHit[K] }>()
  const entryOf = (hit: IndexHit): { -readonly [K in keyof FusedHit]: FusedHit[K] } => {
    let entry = fused.get(hit.chunkKey)
    if (entry === undefined) {
      entry = { chunkKey: hit.chunkKey, documentKey: hit.documentKey, score: 0, vectorRank: null, keywordRank: null }
      fused.set(hit.chunkKey, entry)
    }
    return entry
  }
  for (const hits of vectorLists) {
    scaled(hits).forEach((score, index) => {
      const hit = hits[index]
      if (hit === undefined) return
      const entry = entryOf(hit)
      entry.score += score / 2
      entry.vectorRank = Math.min(entry.vectorRank ?? Infinity, index + 1)
    })
  }
  scaled(keywordHits).forEach((score, index) => {
    const hit = keywordHits[index]
    if (hit === undefined) return
    const entry = entryOf(hit)
    entry.score += score / 2
    entry.keywordRank = index + 1
  })
  return [...fused.values()].sort((a, b) => b.score - a.score || a.chunkKey - b.chunkKey)
}

/** Min-max over the list; where all are equal, all count fully. */
function scaled(hits: readonly IndexHit[]): readonly number[] {
  let lowest = Infinity
  let highest = -Infinity
  for (const { score } of hits) {
    lowest = Math.min(lowest, score)
    highest = Math.max(highest, score)
  }
  const range = highest - lowest
  return hits.map(({ score }) => (range === 0 ? 1 : (score - lowest) / range))
}
