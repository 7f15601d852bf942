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
  return inOrder([...fused.values()])
}

/** What one query found, with its weight (over 0). */
export interface WeighedHits {
  readonly weight: number
  readonly hits: readonly FusedHit[]
}

/**
 * One order out of what several queries found, each already fused by {@link fuseScores}: the weighed mean of the scores, a hit
 * that a query does not have counting 0 there. A single query comes back as it is. Ranks are the best of any query.
 */
export function fuseQueries(lists: readonly WeighedHits[]): readonly FusedHit[] {
  const [only] = lists
  if (only !== undefined && lists.length === 1) return only.hits
  const total = lists.reduce((sum, { weight }) => sum + weight, 0)
  const fused = new Map<number, FusedHit>()
  for (const { weight, hits } of lists) {
    for (const hit of hits) {
      const before = fused.get(hit.chunkKey)
      fused.set(hit.chunkKey, {
        ...hit,
        score: (before?.score ?? 0) + (hit.score * weight) / total,
        vectorRank: bestRank(hit.vectorRank, before?.vectorRank ?? null),
        keywordRank: bestRank(hit.keywordRank, before?.keywordRank ?? null),
      })
    }
  }
  return inOrder([...fused.values()])
}

function bestRank(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b)
}

function inOrder(hits: FusedHit[]): readonly FusedHit[] {
  return hits.sort((a, b) => b.score - a.score || a.chunkKey - b.chunkKey)
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
