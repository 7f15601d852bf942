import { create } from 'zustand'
import type { CollectionId, DocumentId } from '../../../shared/ids.ts'

interface CollectionEditing {
  /** The collection whose name is being written; `new`: one that is not made yet. */
  readonly editing: CollectionId | 'new' | null
  /** What joins the new one. */
  readonly documentIds: readonly DocumentId[]
  rename(id: CollectionId): void
  beginNew(documentIds: readonly DocumentId[]): void
  end(): void
}

/** At most one name is written at a time, in the list itself. */
export const useCollectionEditing = create<CollectionEditing>()((set) => ({
  editing: null,
  documentIds: [],
  rename: (id) => set({ editing: id, documentIds: [] }),
  beginNew: (documentIds) => set({ editing: 'new', documentIds }),
  end: () => set({ editing: null, documentIds: [] }),
}))
