import { AppError, type SerializedAppError, serializeError } from '../../shared/errors.ts'
import type { Passage } from '../../shared/passage.ts'
import { wholePassage } from '../evidence/whole-passage.ts'
import type { DocumentSet } from '../ports/collection-store.ts'
import type { DocumentStore, StoredChunk } from '../ports/document-store.ts'
import type { Embedder, EmbedderId } from '../ports/embedding.ts'
import type { ChunkIndex, IndexHit, KeywordHit, KeywordIndex } from '../ports/indexes.ts'
import type { Log } from '../ports/log.ts'
import { bestByWords, weighedPerHit } from './best-by-words.ts'
import { type FusedHit, fuseQueries, fuseScores, type VectorList } from './fuse-scores.ts'
import { closenessByWords } from './refusal.ts'
import { requiredPhrases, withoutQuotationMarks } from './required-phrases.ts'
import type { SearchQuery } from './search-queries.ts'

/** Candidates that each method contributes. */
const candidateCount = 100

/** A passage that is one chunk, with what joining it to its neighbours needs. */
export interface FoundPassage {
  readonly passage: Passage
  /** Place of the chunk in its document, from 0. */
  readonly ordinal: number
  /** By the embedder's own tokenizer. */
  readonly tokenCount: number
  /** How close it is to the one of the queries that it fits best, 0..1; see refusal.ts. */
  readonly closeness: number
  /** Cosine similarity to the query, null: not compared; share of the query's weight in words, null: it holds none of them. */
  readonly similarity: number | null
  readonly coverage: number | null
}

export interface PassageSearch {
  /**
   * Single chunks for a question, best first, at most `limit` (1..1000). Several queries are searched side by side, each by
   * the embedders of its own language, and fused by their weights. What the first query has in quotation marks must be there,
   * word for word; where no passage holds it, `onMissingPhrases` is told, and what is nearest without it comes back. `within`
   * restricts the search itself. Where an embedder fails, its query is searched by keywords alone and `onKeywordsOnly` is told
   * why, once. Abort rejects with the signal's reason.
   */
  (
    query: string | readonly SearchQuery[],
    options: {
      readonly limit: number
      readonly within?: DocumentSet | null
      readonly signal: AbortSignal
      readonly onKeywordsOnly?: (problem: SerializedAppError) => void
      readonly onMissingPhrases?: (phrases: readonly string[]) => void
    },
  ): Promise<readonly FoundPassage[]>
}

interface SearchLimits {
  /** Of each method. */
  readonly candidates: number
  readonly within: DocumentSet | null
  readonly signal: AbortSignal
}

/** What an embedder finds; `vector`: the question's, by the index `table`; null where it failed. */
interface NearestChunks {
  readonly hits: readonly IndexHit[]
  readonly vector: Float32Array | null
  readonly table: string
}

const nothingNear: NearestChunks = { hits: [], vector: null, table: '' }

export interface PassageSearchParts {
  readonly documents: DocumentStore
  readonly chunkIndex: ChunkIndex
  readonly keywordIndex: KeywordIndex
  readonly embedder: Embedder
  readonly log: Log
  /** Whether what answers for this one's language is the embedder on board, whose similarities were measured; by default it is. */
  readonly isCalibrated?: (embedder: EmbedderId) => boolean
  /** The question's language picks the embedders. */
  readonly routeQuestion: (question: string) => readonly EmbedderId[]
}

/**
 * Vectors and keywords, side by side; each says of the other's hits how good they are; scores fused, then only what is still live in the records.
 * A document that is searchable but not yet embedded is found by its keywords alone.
 */
export function createPassageSearch(parts: PassageSearchParts): PassageSearch {
  const { documents, chunkIndex, keywordIndex, embedder, log, routeQuestion, isCalibrated = () => true } = parts

  /** The index keeps rows of removed documents until they are purged: more is asked for until `limit` live ones are there. */
  const withoutRemoved = async (
    limit: number,
    search: (asked: number) => Promise<readonly IndexHit[]>,
  ): Promise<readonly IndexHit[]> => {
    for (let asked = limit; ; asked *= 4) {
      const hits = await search(asked)
      if (documents.removedDocumentKeys(1).length === 0) return hits
      const live = new Set(documents.chunksByKey(hits.map(({ chunkKey }) => chunkKey)).map(({ chunkKey }) => chunkKey))
      const found = hits.filter(({ chunkKey }) => live.has(chunkKey)).slice(0, limit)
      if (found.length === limit || hits.length < asked || asked >= limit * 64) return found
    }
  }

  const nearest = async (
    query: string,
    embedderId: EmbedderId,
    { candidates, within, signal }: SearchLimits,
  ): Promise<NearestChunks> => {
    const table = chunkIndex.servingTable(embedderId)
    try {
      const [vector] = await embedder.embed([query], {
        embedder: embedderId,
        priority: 'interactive',
        purpose: 'question',
        signal,
      })
      if (vector === undefined)
        throw new AppError('embedding-failed', 'The question could not be embedded. Try again.', { retryable: true })
      const hits = await withoutRemoved(candidates, (asked) =>
        chunkIndex.search(embedderId, vector, { limit: asked, within, signal }),
      )
      if (chunkIndex.servingTable(embedderId) === table) return { hits, vector, table }
    } catch (error) {
      if (chunkIndex.servingTable(embedderId) === table) throw error
    }
    // Another index answers since the question was embedded: its embedder is asked.
    return nearest(query, embedderId, { candidates, within, signal })
  }

  /** How near these chunks are. Of none where another index answers by now, whose vectors are no measure of this question. */
  const similarities = async (
    embedderId: EmbedderId,
    { vector, table }: NearestChunks,
    chunkKeys: readonly number[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<number, number>> => {
    if (vector === null) return new Map()
    try {
      const found = await chunkIndex.similarities(embedderId, vector, chunkKeys, { signal })
      if (chunkIndex.servingTable(embedderId) === table) return found
    } catch (error) {
      if (chunkIndex.servingTable(embedderId) === table) throw error
    }
    return new Map()
  }

  /** `exact`: what holds the query's words, and every one of its phrases. */
  const searchOne = async (
    query: string,
    limits: SearchLimits,
    onProblem: (problem: SerializedAppError) => void,
  ): Promise<{ readonly hits: readonly FusedHit[]; readonly exact: ReadonlySet<number> }> => {
    const { candidates, within, signal } = limits
    const orElse = async <Result>(
      embedderId: EmbedderId,
      work: Promise<Result>,
      otherwise: Result,
    ): Promise<Result> => {
      try {
        return await work
      } catch (error) {
        signal.throwIfAborted()
        log.warn(`search: by keywords only, ${embedderId} failed`, error)
        onProblem(serializeError(error))
        return otherwise
      }
    }
    const embedders = routeQuestion(query)
    const [wordHits, ...nearestOf] = await Promise.all([
      keywordIndex.search(query, { limit: candidates * weighedPerHit, within, signal }),
      ...embedders.map(async (id) => ({ id, found: await orElse(id, nearest(query, id, limits), nothingNear) })),
    ])
    // Each method is asked about what the other one found.
    const found = new Set([wordHits, ...nearestOf.map((near) => near.found.hits)].flatMap(keysOf))
    const [coverage, ...vectorLists] = await Promise.all([
      keywordIndex.coverage(query, [...found], { signal }),
      ...nearestOf.map(async ({ id, found: near }): Promise<VectorList> => ({
        embedder: id,
        isCalibrated: isCalibrated(id),
        hits: near.hits,
        others: await orElse(id, similarities(id, near, keysOf(wordHits), signal), new Map()),
      })),
    ])
    const fused = fuseScores(vectorLists, { hits: bestByWords(wordHits, coverage, candidates), coverage })
    return { hits: fused, exact: new Set(coverage.keys()) }
  }

  /** What lacks one of the phrases is left out, whatever else was searched beside the reader's own words. */
  const searchAll = async (
    queries: readonly SearchQuery[],
    phrases: readonly string[],
    { onProblem, ...limits }: SearchLimits & { readonly onProblem: (problem: SerializedAppError) => void },
  ): Promise<readonly FusedHit[]> => {
    const lists = await Promise.all(
      queries.map(async ({ text, weight }) => ({
        weight,
        ...(await searchOne(text, limits, onProblem)),
      })),
    )
    limits.signal.throwIfAborted()
    const fused = fuseQueries(lists)
    return phrases.length === 0 ? fused : fused.filter(({ chunkKey }) => lists[0]?.exact.has(chunkKey))
  }

  return async (query, { limit, within = null, signal, onKeywordsOnly, onMissingPhrases }) => {
    signal.throwIfAborted()
    let isTold = false
    const onProblem = (problem: SerializedAppError): void => {
      if (!isTold) onKeywordsOnly?.(problem)
      isTold = true
    }
    const candidates = Math.max(candidateCount, limit)
    const queries = typeof query === 'string' ? [{ text: query, weight: 1 }] : query
    const phrases = requiredPhrases(queries)
    let fused = await searchAll(queries, phrases, { candidates, within, signal, onProblem })
    if (fused.length === 0 && phrases.length > 0) {
      onMissingPhrases?.(phrases)
      fused = await searchAll(withoutQuotationMarks(queries), [], { candidates, within, signal, onProblem })
    }
    const live = new Map(
      documents.chunksByKey(fused.map((hit) => hit.chunkKey)).map((chunk) => [chunk.chunkKey, chunk]),
    )
    const found: FoundPassage[] = []
    for (const hit of fused) {
      const chunk = live.get(hit.chunkKey)
      if (chunk === undefined) continue
      const { score, vectorRank, keywordRank } = hit
      found.push({
        passage: { ...wholePassage(chunk, found.length + 1), score, vectorRank, keywordRank },
        ordinal: chunk.ordinal,
        tokenCount: chunk.tokenCount,
        closeness: canCompareMeaning(chunk, hit)
          ? hit.closeness
          : Math.max(hit.closeness, closenessByWords(hit.coverage)),
        similarity: hit.similarity,
        coverage: hit.coverage,
      })
      if (found.length === limit) break
    }
    return found
  }
}

/** Languages that the embedders on board understand; of other texts a similarity says little. */
const comparedLanguages: ReadonlySet<string> = new Set(['en', 'zh'])

function canCompareMeaning({ language, isEmbedded }: StoredChunk, { similarity }: FusedHit): boolean {
  return comparedLanguages.has(language) && (similarity !== null || isEmbedded)
}

function keysOf(hits: readonly KeywordHit[]): readonly number[] {
  return hits.map(({ chunkKey }) => chunkKey)
}
