import type { DocumentSet } from './collection-store.ts'
import type { TablePlace } from './embedder-store.ts'
import type { EmbedderId } from './embedding.ts'

export interface IndexHit {
  readonly chunkKey: number
  readonly documentKey: number
  /** Cosine similarity, -1..1, or share of the query's weight in words that the chunk holds, 0..1. Higher is better. */
  readonly score: number
}

/** A chunk that holds words of a query. */
export type KeywordHit = Omit<IndexHit, 'score'>

export interface VectorRow {
  readonly chunkKey: number
  readonly documentKey: number
  readonly vector: Float32Array
}

/** Vectors, in LanceDB. Derived from the document store; may hold rows of removed documents until they are purged. */
export interface ChunkIndex {
  /** The name of the table that answers now. Another one after a switch: vectors made before it do not fit any more. */
  servingTable(embedder: EmbedderId): string
  /** `table`: the serving one when the vectors were begun. @throws AppError `index-outdated` when it is another one by now. */
  add(embedder: EmbedderId, rows: readonly VectorRow[], options?: { readonly table: string }): Promise<void>
  /** Makes or opens a table beside the serving one. @returns true for a chunk whose vector it may already hold. */
  openBeside(place: TablePlace): Promise<(chunkKey: number) => boolean>
  addBeside(place: TablePlace, rows: readonly VectorRow[]): Promise<void>
  /**
   * The table beside takes the place of the serving one, which is removed. `commit` writes that into the records, between
   * two operations of the index: a crash before it leaves the old one whole, a crash after it the new one.
   */
  serve(embedder: EmbedderId, place: TablePlace, commit: () => void): Promise<void>
  removeBeside(place: TablePlace): Promise<void>
  /** Nearest first. `within` restricts it inside the search: `limit` come back wherever so many exist. */
  search(
    embedder: EmbedderId,
    vector: Float32Array,
    options: { readonly limit: number; readonly within?: DocumentSet | null; readonly signal: AbortSignal },
  ): Promise<readonly IndexHit[]>
  /** Cosine similarities of these chunks to a vector, by chunk key; those that this embedder did not embed are left out. */
  similarities(
    embedder: EmbedderId,
    vector: Float32Array,
    chunkKeys: readonly number[],
    options: { readonly signal: AbortSignal },
  ): Promise<ReadonlyMap<number, number>>
  /** Vectors of these chunks, for reuse; missing ones are left out. */
  read(embedder: EmbedderId, chunkKeys: readonly number[]): Promise<ReadonlyMap<number, Float32Array>>
  removeDocuments(documentKeys: readonly number[]): Promise<void>
  /** All chunk keys stored, in order: for reconciliation and `verify`. */
  chunkKeys(embedder: EmbedderId): Promise<readonly number[]>
  removeChunks(embedder: EmbedderId, chunkKeys: readonly number[]): Promise<void>
  /**
   * Where enough has changed: compacts, drops old versions, builds or refreshes the ANN index. Called when idle.
   * @returns whether a later one, when no search reads the files of before any longer, will find more to join or to drop.
   */
  optimise(): Promise<boolean>
  close(): Promise<void>
}

/** Keywords, searched off the main thread. Written by the document store in its own transactions. */
export interface KeywordIndex {
  /**
   * Candidates, best first by a ranking that takes every word alike: {@link coverage} tells them apart. An empty or
   * stop-words-only query finds nothing. Only live documents.
   */
  search(
    query: string,
    options: { readonly limit: number; readonly within?: DocumentSet | null; readonly signal: AbortSignal },
  ): Promise<readonly KeywordHit[]>
  /**
   * The share of the query's weight that each of these chunks holds, 0..1, whether or not a search would list it. Those that hold none of
   * the query's words, or lack a phrase that must be there, are left out.
   */
  coverage(
    query: string,
    chunkKeys: readonly number[],
    options: { readonly signal: AbortSignal },
  ): Promise<ReadonlyMap<number, number>>
  close(): Promise<void>
}
