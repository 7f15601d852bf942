import type { EmbedderId } from '../ports/embedding.ts'
import type { IndexHit } from '../ports/indexes.ts'

export interface FusedHit {
  readonly chunkKey: number
  readonly documentKey: number
  /** How close the chunk is to what was asked, 0..1, higher is better. Comparable between searches of one language. */
  readonly score: number
  /** Cosine similarity, -1..1; null: not among that method's candidates. */
  readonly similarity: number | null
  /** Share of the query's weight in words that the chunk holds, 0..1; null as before. */
  readonly coverage: number | null
  /** From 1; null: not among that method's candidates. */
  readonly vectorRank: number | null
  readonly keywordRank: number | null
}

/** The hits of one embedder, best first. */
export interface VectorList {
  readonly embedder: EmbedderId
  /** False: another embedder than the one on board answers for this language, and its similarities mean something else. */
  readonly isCalibrated: boolean
  readonly hits: readonly IndexHit[]
}

interface MeaningScale {
  /** Of meaning beside words, 0..1. */
  readonly weight: number
  /** Taken off a similarity, so that both embedders say "unrelated" by the same figure. */
  readonly offset: number
  /** Similarity of a text that has nothing to do with the question. */
  readonly unrelated: number
}

/** Chosen on the first halves of the sets (docs/decisions, retrieval). */
const scales: Readonly<Record<EmbedderId, MeaningScale>> = {
  'all-MiniLM-L6-v2': { weight: 0.6, offset: 0, unrelated: 0.2 },
  'bge-small-zh-v1.5': { weight: 0.54, offset: 0.12, unrelated: 0.4 },
}

/**
 * Weighed sum of similarity and coverage, both as they are: nothing is scaled by what else was found, so that a score tells
 * how close a chunk is, and not only that nothing was closer. A hit that one method does not have counts there
 * as the last of that method's candidates does, since it cannot be better. Ties fall to the lower chunk key, so that equal searches give equal orders.
 *
 * @param vectorLists one an embedder, that of the question's language first; a chunk belongs to one embedder, so lists do not overlap
 * @param keywordHits best first, scores 0..1
 * @param candidates how many each method was asked for
 */
export function fuseScores(
  vectorLists: readonly VectorList[],
  keywordHits: readonly IndexHit[],
  candidates: number,
): readonly FusedHit[] {
  const lastCoverage = keywordHits.length < candidates ? 0 : (keywordHits.at(-1)?.score ?? 0)
  const keywords = new Map(keywordHits.map((hit, index) => [hit.chunkKey, { score: hit.score, rank: index + 1 }]))
  const fused: FusedHit[] = []
  const seen = new Set<number>()
  for (const list of vectorLists) {
    const { embedder, hits } = list
    const comparable = comparableSimilarity(list)
    hits.forEach(({ chunkKey, documentKey, score: similarity }, index) => {
      const keyword = keywords.get(chunkKey)
      seen.add(chunkKey)
      fused.push({
        chunkKey,
        documentKey,
        score: closeness(embedder, comparable(similarity), keyword?.score ?? lastCoverage),
        similarity,
        coverage: keyword?.score ?? null,
        vectorRank: index + 1,
        keywordRank: keyword?.rank ?? null,
      })
    })
  }
  const [first] = vectorLists
  for (const [index, { chunkKey, documentKey, score: coverage }] of keywordHits.entries()) {
    if (seen.has(chunkKey)) continue
    const embedder = first?.embedder ?? 'all-MiniLM-L6-v2'
    const last = first?.hits.at(-1)?.score
    const similarity =
      first === undefined || last === undefined
        ? scales[embedder].unrelated
        : Math.min(comparableSimilarity(first)(last), scales[embedder].unrelated)
    fused.push({
      chunkKey,
      documentKey,
      score: closeness(embedder, similarity, coverage),
      similarity: null,
      coverage,
      vectorRank: null,
      keywordRank: index + 1,
    })
  }
  return inOrder(fused)
}

/** What the best hit of an embedder with unknown similarities counts above an unrelated text: as much as a good one on board. */
const unknownSpread = 0.4

/** Unknown similarities are spread over what those on board would be, so that the order stays and words keep their weight. */
function comparableSimilarity({ embedder, isCalibrated, hits }: VectorList): (similarity: number) => number {
  if (isCalibrated) return (similarity) => similarity
  const highest = hits[0]?.score ?? 0
  const range = highest - (hits.at(-1)?.score ?? 0)
  const { unrelated } = scales[embedder]
  return (similarity) => unrelated + unknownSpread * (range === 0 ? 1 : 1 - (highest - similarity) / range)
}

function closeness(embedder: EmbedderId, similarity: number, coverage: number): number {
  const { weight, offset } = scales[embedder]
  const score = weight * Math.max(0, similarity - offset) + (1 - weight) * coverage
  return Math.min(1, Math.max(0, score))
}

/** What one query found, with its weight (over 0). */
export interface WeighedHits {
  readonly weight: number
  readonly hits: readonly FusedHit[]
}

/** A hit of several queries: `score` orders it, `closeness` says how close it is to the query that it fits best. */
export interface RankedHit extends FusedHit {
  readonly closeness: number
}

/** A query that weighs less only lends its words: what it finds counts by that weight, on top of what the others find. */
const tellingWeight = 0.5

/**
 * One order out of what several queries found, each already fused by {@link fuseScores}: the weighed mean of the scores, a hit
 * that a query does not have counting 0 there. A single query comes back as it is. Ranks, similarity and coverage are the best of any query.
 */
export function fuseQueries(lists: readonly WeighedHits[]): readonly RankedHit[] {
  const [only] = lists
  if (only !== undefined && lists.length === 1) return only.hits.map((hit) => ({ ...hit, closeness: hit.score }))
  const total = lists.reduce((sum, { weight }) => sum + weight, 0)
  const heaviestFirst = lists.toSorted((a, b) => b.weight - a.weight)
  const fused = new Map<number, RankedHit>()
  for (const { weight, hits } of heaviestFirst) {
    for (const hit of hits) {
      const before = fused.get(hit.chunkKey)
      fused.set(hit.chunkKey, {
        ...hit,
        score: (before?.score ?? 0) + (hit.score * weight) / total,
        closeness:
          weight < tellingWeight
            ? Math.min(1, (before?.closeness ?? 0) + weight * hit.score)
            : Math.max(before?.closeness ?? 0, hit.score),
        similarity: best(Math.max, hit.similarity, before?.similarity ?? null),
        coverage: best(Math.max, hit.coverage, before?.coverage ?? null),
        vectorRank: best(Math.min, hit.vectorRank, before?.vectorRank ?? null),
        keywordRank: best(Math.min, hit.keywordRank, before?.keywordRank ?? null),
      })
    }
  }
  return inOrder([...fused.values()])
}

function best(pick: (a: number, b: number) => number, a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : pick(a, b)
}

function inOrder<Hit extends FusedHit>(hits: Hit[]): readonly Hit[] {
  return hits.sort((a, b) => b.score - a.score || a.chunkKey - b.chunkKey)
}
