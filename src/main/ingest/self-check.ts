import { setImmediate as nextTurn } from 'node:timers/promises'
import { cosineSimilarity } from '../../shared/cosine-similarity.ts'
import { AppError, serializeError } from '../../shared/errors.ts'
import type { DocumentStore, EmbeddedDocument } from '../ports/document-store.ts'
import type { Embedder, EmbedderId } from '../ports/embedding.ts'
import type { ChunkIndex } from '../ports/indexes.ts'
import type { Log } from '../ports/log.ts'

/** Documents looked for in one go. */
const batchDocuments = 32
/** A search costs about as much as embedding half a passage: each small batch is searched for whole, of a large one every eighth. */
const searchedWhole = 4
const searchedOfMany = 8
/** How many of the nearest are looked at: equal passages elsewhere may stand before this one. */
const nearest = 20
/** Vectors of one text agree to far more than this; those of two texts do not. */
const sameVector = 0.9999
/** Chunks of one document made pending in one go. */
const chunksAtOnce = 200

export interface SelfCheckParts {
  readonly documents: DocumentStore
  readonly chunkIndex: ChunkIndex
  readonly embedder: Embedder
  readonly log: Log
}

/** What the embedder made of a chunk just now. */
export interface FreshVector {
  readonly chunkKey: number
  /** A document in two languages has chunks in two indexes. */
  readonly embedder: EmbedderId
  readonly vector: Float32Array
}

/** Before a document is shown as ready, a search for its own text has to find it. */
export interface SelfCheck {
  /** Keeps what was just embedded, so that looking for it costs no second embedding. */
  note(documentKey: number, fresh: FreshVector): void
  /**
   * Looks for every document that waits for it, what is wanted most first. One that is found is `ready`; one that is not is
   * embedded once more, and if that does not help held with its reason, still found by its words.
   * @returns whether any is to be embedded again. @throws AppError of the stores or the pool; on abort the signal's reason.
   * What was confirmed until then stays.
   */
  run(options: { readonly signal: AbortSignal }): Promise<{ readonly mustEmbed: boolean }>
}

/**
 * Three searches, for each document by one of its chunks: the keyword index by the chunk's own words, the vector index by
 * the chunk's key (the stored vector must be the one the embedder made), and the nearest of the whole vector index, as a
 * question asks it. The last is the only dear one, see `searchedWhole`.
 */
export function createSelfCheck(parts: SelfCheckParts): SelfCheck {
  const { documents, chunkIndex, embedder, log } = parts
  const fresh = new Map<number, FreshVector>()
  const embeddedAgain = new Set<number>()
  let embeddedAgainNow = false

  const vectorOf = async (document: EmbeddedDocument, signal: AbortSignal): Promise<FreshVector> => {
    const known = fresh.get(document.documentKey)
    if (known !== undefined) return known
    const [vector] = await embedder.embed([document.embeddingText], {
      embedder: document.embedder,
      priority: 'background',
      signal,
    })
    if (vector === undefined)
      throw new AppError('embedding-failed', 'The embedder left a text out. It is tried again by itself.', {
        retryable: true,
      })
    return { chunkKey: document.chunkKey, embedder: document.embedder, vector }
  }

  const isNearest = async ({ chunkKey, embedder: embedderId, vector }: FreshVector, signal: AbortSignal) => {
    const hits = await chunkIndex.search(embedderId, vector, { limit: nearest, signal })
    if (hits.some((hit) => hit.chunkKey === chunkKey)) return true
    // More equal passages than were asked for: each of them is as good.
    return hits.length === nearest && hits.every(({ score }) => score >= sameVector)
  }

  /** @returns keys of the documents of this batch that were found by their vectors. */
  const findByVectors = async (
    batch: readonly EmbeddedDocument[],
    signal: AbortSignal,
  ): Promise<ReadonlySet<number>> => {
    const expected = await Promise.all(
      batch.map(async (document) => ({ document, own: await vectorOf(document, signal) })),
    )
    const found = new Set<number>()
    for (const [embedderId, ofOne] of Map.groupBy(expected, ({ own }) => own.embedder)) {
      const stored = await chunkIndex.read(
        embedderId,
        ofOne.map(({ own }) => own.chunkKey),
      )
      for (const [index, { document, own }] of ofOne.entries()) {
        const vector = stored.get(own.chunkKey)
        if (vector === undefined || cosineSimilarity(vector, own.vector) < sameVector) continue
        const isSearched = ofOne.length <= searchedWhole || index % searchedOfMany === 0
        if (isSearched && !(await isNearest(own, signal))) continue
        found.add(document.documentKey)
      }
    }
    return found
  }

  const embedAgain = async (documentKey: number, signal: AbortSignal): Promise<void> => {
    for (let first = 0; ; first += chunksAtOnce) {
      const chunks = documents.chunksByOrdinal(documentKey, first, first + chunksAtOnce - 1)
      if (chunks.length === 0) return
      documents.markPending(chunks.map(({ chunkKey }) => chunkKey))
      await nextTurn()
      signal.throwIfAborted()
    }
  }

  /** Made pending again the first time; held the second. */
  const notFound = async (document: EmbeddedDocument, by: 'words' | 'meaning', signal: AbortSignal): Promise<void> => {
    fresh.delete(document.documentKey)
    if (by === 'meaning' && !embeddedAgain.has(document.documentKey)) {
      log.warn(`import: document ${document.documentKey} was not found by its own text; it is embedded again`)
      embeddedAgain.add(document.documentKey)
      embeddedAgainNow = true
      await embedAgain(document.documentKey, signal)
      return
    }
    log.error(`import: document ${document.documentKey} is not found by its own ${by}; it is held`)
    embeddedAgain.delete(document.documentKey)
    documents.holdDocument(document.documentKey, serializeError(notFoundByItself(by)))
  }

  return {
    note: (documentKey, vector) => void fresh.set(documentKey, vector),
    async run({ signal }) {
      embeddedAgainNow = false
      for (;;) {
        signal.throwIfAborted()
        const batch = documents.embeddedDocuments(batchDocuments)
        if (batch.length === 0) break
        const byWords = batch.filter((document) => documents.findOwnWords(document))
        for (const document of batch) if (!byWords.includes(document)) await notFound(document, 'words', signal)
        // Where no chunk got a vector, words are all that a search can find.
        const found = byWords.filter(({ hasVector }) => !hasVector).map(({ documentKey }) => documentKey)
        const embedded = byWords.filter(({ hasVector }) => hasVector)
        const byMeaning = await findByVectors(embedded, signal)
        for (const document of embedded) {
          if (byMeaning.has(document.documentKey)) found.push(document.documentKey)
          else await notFound(document, 'meaning', signal)
        }
        documents.confirmReady(found)
        for (const documentKey of found) {
          fresh.delete(documentKey)
          embeddedAgain.delete(documentKey)
        }
      }
      // What is left belongs to documents that were removed or stopped meanwhile.
      fresh.clear()
      return { mustEmbed: embeddedAgainNow }
    },
  }
}

function notFoundByItself(by: 'words' | 'meaning'): AppError {
  return new AppError(
    'self-check-failed',
    'A search for this document’s own text did not find it, so it may be missed. Read it again; if that does not help, run carrel verify.',
    { retryable: true, details: { by } },
  )
}
