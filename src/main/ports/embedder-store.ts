import type { EmbedderRecord } from '../../shared/embedder.ts'
import type { EmbedderId } from './embedding.ts'

/** A table of vectors. Names are never given twice, so that a name stands for one embedder with all its settings. */
export interface TablePlace {
  readonly name: string
  readonly dimensions: number
}

/** Which table of vectors answers for an embedder, and who made its vectors. */
export interface VectorIndexRecord {
  readonly embedder: EmbedderId
  readonly role: 'serving' | 'next'
  readonly table: string
  readonly record: EmbedderRecord
  readonly chunkerVersion: number
}

/** Embedders that were added, and what each index was made with. Synchronous and short. */
export interface EmbedderStore {
  /** In the order they were added. */
  added(): readonly EmbedderRecord[]
  /** One with the same id is replaced. */
  add(record: EmbedderRecord): void
  remove(id: string): void
  serving(embedder: EmbedderId): VectorIndexRecord
  next(embedder: EmbedderId): VectorIndexRecord | null
  /** Another one that was begun is forgotten. */
  begin(embedder: EmbedderId, next: { readonly table: string; readonly record: EmbedderRecord }): void
  /** The next one becomes the serving one, in one transaction. */
  finish(embedder: EmbedderId): void
  cancel(embedder: EmbedderId): void
}
