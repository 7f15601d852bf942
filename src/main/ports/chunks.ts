import type { TextSlice } from '../../shared/anchor.ts'
import type { ChunkId, DocumentId } from '../../shared/ids.ts'
import type { EmbedderId } from './embedding.ts'

/**
 * What is embedded and indexed. `text` is exactly the canonical text's `[start, end)`. `embeddingText` is what the embedder
 * and the keyword index are given (heading path and text). `keywordText` is `embeddingText` folded and segmented, terms
 * separated by spaces (see shared/keyword-terms.ts). `hash` is the SHA-256 (hex) of embedder id and embedding text.
 */
export interface Chunk {
  readonly id: ChunkId
  readonly ordinal: number
  readonly start: number
  readonly end: number
  readonly page: number | null
  readonly lastPage: number | null
  readonly headingPath: readonly string[]
  readonly text: string
  readonly embeddingText: string
  readonly keywordText: string
  /** ISO 639-1 where known, else `und`. */
  readonly language: string
  readonly embedder: EmbedderId
  readonly tokenCount: number
  readonly hash: string
}

/** What the chunker has to know of a document's earlier slices; to whoever carries it, it says nothing. */
export interface CutState {
  /** Open headings, outermost first; `start`: offset in the document. */
  readonly headings: readonly { readonly level: number; readonly start: number; readonly text: string }[]
  readonly nextOrdinal: number
  /** The embedder of the last block with enough letters to tell. */
  readonly embedder: EmbedderId | null
  readonly letters: number
  readonly unknownLetters: number
}

export interface ChunkCutter {
  /**
   * Cuts stored slices of a document into chunks again, in the parser process; in order, `state` goes from one call to the
   * next (null: the first). @throws AppError `worker-crashed` `embedding-model-missing`. Abort settles at once.
   */
  cut(
    part: { readonly documentId: DocumentId; readonly slices: readonly TextSlice[]; readonly state: CutState | null },
    options: { readonly signal: AbortSignal },
  ): Promise<{ readonly chunks: readonly Chunk[]; readonly state: CutState }>
}
