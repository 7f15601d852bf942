import type { EmbedderId } from '../ports/embedding.ts'
import type { IndexHit, KeywordHit } from '../ports/indexes.ts'

export interface FusedHit {
  readonly chunkKey: number
  readonly documentKey: number
  /** Orders the hits, 0..1, higher is better. */
  readonly score: number
  /** How close the chunk is to what was asked, 0..1, for refusal.ts. Comparable between searches. */
  readonly closeness: number
  /** Cosine similarity, -1..1; null: not embedded, or by another embedder than those that were asked. */
  readonly similarity: number | null
  /** Share of the query's weight in words that the chunk holds, 0..1; null: none of them. */
  readonly coverage: number | null
  /** From 1; null: not among that method's candidates. */
  readonly vectorRank: number | null
  readonly keywordRank: number | null
}

/** What one embedder says. */
export interface VectorList {
  readonly embedder: EmbedderId
  /** False: another embedder than the one on board answers for this language, and its similarities mean something else. */
  readonly isCalibrated: boolean
  /** Best first. */
  readonly hits: readonly IndexHit[]
  /** Similarities of chunks that the keywords found and this embedder embedded, by chunk key. */
  readonly others: ReadonlyMap<number, number>
}

/** What the keywords say. */
export interface KeywordList {
  /** Best first, scores 0..1. */
  readonly hits: readonly IndexHit[]
  /** Of these and of what the vectors found, by chunk key; those that hold no word are not there. */
  readonly coverage: ReadonlyMap<number, number>
}

interface Scale {
  /** Of meaning beside words, 0..1. */
  readonly weight: number
  /** Taken off a similarity, so that both embedders say the same by the same figure. */
  readonly offset: number
}

interface MeaningScale {
  /** For the order. */
  readonly score: Scale
  /** For refusal: whether anything answers a question is told by meaning more than which passage does. */
  readonly closeness: Scale
  /** Similarity of a text that has nothing to do with the question. */
  readonly unrelated: number
}

/** Chosen on the first halves of the sets (docs/decisions, retrieval). */
const scales: Readonly<Record<EmbedderId, MeaningScale>> = {
  'all-MiniLM-L6-v2': {
    score: { weight: 0.55, offset: 0 },
    closeness: { weight: 0.65, offset: 0 },
    unrelated: 0.2,
  },
  'bge-small-zh-v1.5': {
    score: { weight: 0.54, offset: 0.12 },
    closeness: { weight: 0.65, offset: 0.21 },
    unrelated: 0.4,
  },
}

/**
 * Weighed sums of similarity and coverage, both as they are: nothing is scaled by what else was found, so that they tell
 * how close a chunk is, and not only that nothing was closer. Each method is asked about what the other one found: in a large
 * library what one of them lists has little to say of what it does not. A chunk that no embedder knows counts as unrelated in
 * meaning. Ties fall to the lower chunk key, so that equal searches give equal orders.
 *
 * @param vectorLists one an embedder, that of the question's language first; a chunk belongs to one embedder, so lists do not overlap
 */
export function fuseScores(vectorLists: readonly VectorList[], keywords: KeywordList): readonly FusedHit[] {
  const ranks = new Map(keywords.hits.map(({ chunkKey }, index) => [chunkKey, index + 1]))
  const fused = new Map<number, FusedHit>()
  const add = (hit: KeywordHit, method: MethodScores): void => {
    const { chunkKey, documentKey } = hit
    if (fused.has(chunkKey)) return
    const { embedder, similarity, comparable, vectorRank } = method
    const coverage = keywords.coverage.get(chunkKey) ?? null
    fused.set(chunkKey, {
      chunkKey,
      documentKey,
      score: weighed(scales[embedder].score, comparable, coverage ?? 0),
      closeness: weighed(scales[embedder].closeness, comparable, coverage ?? 0),
      similarity,
      coverage,
      vectorRank,
      keywordRank: ranks.get(chunkKey) ?? null,
    })
  }
  const lists = vectorLists.map((list) => ({ ...list, toComparable: comparableSimilarity(list) }))
  for (const { embedder, hits, toComparable } of lists) {
    for (const [index, hit] of hits.entries()) {
      const similarity = hit.score
      add(hit, { embedder, similarity, comparable: toComparable(similarity), vectorRank: index + 1 })
    }
  }
  for (const hit of keywords.hits) {
    for (const { embedder, others, toComparable } of lists) {
      const similarity = others.get(hit.chunkKey)
      if (similarity === undefined) continue
      add(hit, { embedder, similarity, comparable: toComparable(similarity), vectorRank: null })
    }
    add(hit, unknownMeaning(lists[0]))
  }
  return inOrder([...fused.values()])
}

interface MethodScores {
  readonly embedder: EmbedderId
  readonly similarity: number | null
  /** As the embedder on board would say it. */
  readonly comparable: number
  readonly vectorRank: number | null
}

/** A chunk without a vector is taken for an unrelated one, and never for a closer one than was found. */
function unknownMeaning(
  first: (VectorList & { readonly toComparable: (similarity: number) => number }) | undefined,
): MethodScores {
  const embedder = first?.embedder ?? 'all-MiniLM-L6-v2'
  const last = first?.hits.at(-1)?.score
  const { unrelated } = scales[embedder]
  const comparable =
    first === undefined || last === undefined ? unrelated : Math.min(first.toComparable(last), unrelated)
  return { embedder, similarity: null, comparable, vectorRank: null }
}

/** What the best hit of an embedder with unknown similarities counts above an unrelated text: as much as a good one on board. */
const unknownSpread = 0.4

/** Unknown similarities are spread over what those on board would be, so that the order stays and words keep their weight. */
function comparableSimilarity({ embedder, isCalibrated, hits }: VectorList): (similarity: number) => number {
  if (isCalibrated) return (similarity) => similarity
  const highest = hits[0]?.score ?? 0
  const range = highest - (hits.at(-1)?.score ?? 0)
  const { unrelated } = scales[embedder]
  return (similarity) => unrelated + unknownSpread * (range === 0 ? 1 : Math.max(0, 1 - (highest - similarity) / range))
}

function weighed({ weight, offset }: Scale, similarity: number, coverage: number): number {
  const score = weight * Math.max(0, similarity - offset) + (1 - weight) * coverage
  return Math.min(1, Math.max(0, score))
}

/** What one query found, with its weight (over 0). */
export interface WeighedHits {
  readonly weight: number
  readonly hits: readonly FusedHit[]
}

/** A query that weighs less only lends its words: what it finds counts by that weight, on top of what the others find. */
const tellingWeight = 0.5

/**
 * One order out of what several queries found, each already fused by {@link fuseScores}: the weighed mean of the scores, a hit
 * that a query does not have counting 0 there. A single query comes back as it is. Closeness is that to the query which a hit fits best;
 * ranks, similarity and coverage are the best of any query.
 */
export function fuseQueries(lists: readonly WeighedHits[]): readonly FusedHit[] {
  const [only] = lists
  if (only !== undefined && lists.length === 1) return only.hits
  const total = lists.reduce((sum, { weight }) => sum + weight, 0)
  const heaviestFirst = lists.toSorted((a, b) => b.weight - a.weight)
  const fused = new Map<number, FusedHit>()
  for (const { weight, hits } of heaviestFirst) {
    for (const hit of hits) {
      const before = fused.get(hit.chunkKey)
      fused.set(hit.chunkKey, {
        ...hit,
        score: (before?.score ?? 0) + (hit.score * weight) / total,
        closeness:
          weight < tellingWeight
            ? Math.min(1, (before?.closeness ?? 0) + weight * hit.closeness)
            : Math.max(before?.closeness ?? 0, hit.closeness),
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

function inOrder(hits: FusedHit[]): readonly FusedHit[] {
  return hits.sort((a, b) => b.score - a.score || a.chunkKey - b.chunkKey)
}
