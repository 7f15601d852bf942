import { create } from 'zustand'
import type { CollectionId } from '../../../shared/ids.ts'

/** What is being dragged over the window, and the collection under the pointer. */
interface DragState {
  readonly dragged: { readonly what: 'files' | 'documents'; readonly count: number } | null
  readonly overId: CollectionId | null
}

export const useDrag = create<DragState>()(() => ({ dragged: null, overId: null }))

/** Where something lies that takes drops for a collection. */
export const collectionAttribute = 'data-collection-id'
