import { create } from 'zustand'
import type { Collection } from '../../../shared/collection.ts'
import type { Result, SerializedAppError } from '../../../shared/errors.ts'
import type { CollectionId, DocumentId } from '../../../shared/ids.ts'
import { request } from '../../api.ts'

interface CollectionsState {
  /** By name. */
  readonly list: readonly Collection[]
  readonly state: 'loading' | 'ready' | 'failed'
  readonly error: SerializedAppError | null
  load(): Promise<void>
  receive(list: readonly Collection[]): void
  create(name: string): Promise<Result<Collection>>
  rename(id: CollectionId, name: string): Promise<Result<object>>
  remove(id: CollectionId): Promise<Result<object>>
  restore(id: CollectionId): Promise<Result<object>>
  addDocuments(id: CollectionId, documentIds: readonly DocumentId[]): Promise<Result<{ added: number }>>
  removeDocuments(id: CollectionId, documentIds: readonly DocumentId[]): Promise<Result<{ removed: number }>>
}

/** The collections as main last told them. */
export const useCollections = create<CollectionsState>()((set) => ({
  list: [],
  state: 'loading',
  error: null,
  load: async () => {
    const result = await request('collections:list', {})
    if (result.ok) set({ list: result.value.collections, state: 'ready', error: null })
    else set({ state: 'failed', error: result.error })
  },
  receive: (list) => set({ list, state: 'ready', error: null }),
  create: async (name) => {
    const result = await request('collections:create', { name })
    // Shown at once; main's own list follows.
    if (result.ok)
      set(({ list }) => ({ list: [...list.filter(({ id }) => id !== result.value.id), result.value].toSorted(byName) }))
    return result
  },
  rename: async (id, name) => {
    const result = await request('collections:rename', { id, name })
    if (result.ok)
      set(({ list }) => ({
        list: list.map((collection) => (collection.id === id ? { ...collection, name } : collection)).toSorted(byName),
      }))
    return result
  },
  remove: async (id) => {
    const result = await request('collections:delete', { id })
    if (result.ok) set(({ list }) => ({ list: list.filter((collection) => collection.id !== id) }))
    return result
  },
  restore: (id) => request('collections:restore', { id }),
  addDocuments: (id, documentIds) => request('collections:add', { id, documentIds: [...documentIds] }),
  removeDocuments: (id, documentIds) => request('collections:remove', { id, documentIds: [...documentIds] }),
}))

function byName(a: Collection, b: Collection): number {
  return a.name.localeCompare(b.name)
}
