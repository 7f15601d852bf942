import type { Collection, NamedScope, SearchScope } from '../../shared/collection.ts'
import type { CollectionId, DocumentId } from '../../shared/ids.ts'

/** Live documents that a search is restricted to, by ascending key, never empty; and how many live ones the library has. */
export interface DocumentSet {
  readonly keys: Int32Array
  readonly libraryDocuments: number
}

/**
 * Named sets of documents. Membership follows a file: its changed bytes, or a copy of it, join its collections. All but
 * `resolve` are synchronous and short; of large lists the caller makes calls of 500.
 * @throws AppError `not-found` (a collection that is gone), `invalid-request` and `name-taken` (a name)
 */
export interface CollectionStore {
  /** By name, whatever its case. */
  list(): readonly Collection[]
  /** By id or name; null for one that is not there or was deleted. */
  find(idOrName: string): Collection | null
  create(name: string): Collection
  rename(id: CollectionId, name: string): void
  /** Its documents stay; it can be brought back. Nothing for an unknown one. */
  delete(id: CollectionId): void
  /** @throws AppError `name-taken` when another one has its name by now */
  restore(id: CollectionId): void
  /** @returns how many were not in it before. Ids of documents that are gone are passed over. */
  addDocuments(id: CollectionId, documentIds: readonly DocumentId[]): number
  /** @returns how many were in it. */
  removeDocuments(id: CollectionId, documentIds: readonly DocumentId[]): number
  /** What is, or will become, of the file at this path joins it. */
  addPath(id: CollectionId, path: string): void
  /** A scope with its names; null: everything. @throws AppError `not-found` */
  describe(scope: SearchScope): NamedScope | null
  /**
   * The live documents of a scope, off the main thread; null: everything.
   * @throws AppError `not-found` for a deleted collection, `nothing-to-search` when there is none
   */
  resolve(scope: NamedScope | null, options: { readonly signal: AbortSignal }): Promise<DocumentSet | null>
  /** Deletes for ever what was deleted before a moment (milliseconds since 1970). */
  expireDeleted(before: number): void
  /** One short step of that. @returns true while there is more. */
  tidy(): boolean
  /** After every change of the list or of what is in a collection; counts also change with the documents. */
  onChange(listener: () => void): () => void
}
