import { create } from 'zustand'
import type { DocumentSummary } from '../../../shared/document.ts'
import type { Result, SerializedAppError } from '../../../shared/errors.ts'
import type { CollectionId, DocumentId } from '../../../shared/ids.ts'
import { addDroppedFiles, request } from '../../api.ts'
import { type LibraryRows, missingPages, noRows, rowsPerPage, withChanges, withPage } from './library-rows.ts'

interface LibraryState {
  readonly rows: LibraryRows
  readonly state: 'loading' | 'ready' | 'failed'
  readonly error: SerializedAppError | null
  /** Questions that the samples answer, once they were added. */
  readonly sampleQuestions: readonly string[]
  /** Loads the first page of the list with this filter (in names). */
  load(filter: string): Promise<void>
  /** Lists one collection alone, or everything (null). */
  showCollection(id: CollectionId | null): Promise<void>
  /** Loads what `[first, last]` shows and is not here yet. */
  loadRange(first: number, last: number): Promise<void>
  receive(push: { readonly changed: readonly DocumentSummary[]; readonly removed: readonly DocumentId[] }): void
  /** `collectionId`: they also join this collection. */
  addFiles(files: readonly File[], collectionId: CollectionId | null): Promise<Result<{ queued: number }>>
  choose(what: 'files' | 'folder', collectionId: CollectionId | null): Promise<Result<{ queued: number }>>
  addSamples(): Promise<Result<{ queued: number }>>
  remove(id: DocumentId): Promise<Result<{ removed: number }>>
  retry(id: DocumentId): Promise<Result<object>>
  /** Reads pages without text by recognition, or leaves them. */
  scan(id: DocumentId, what: 'start' | 'stop'): Promise<Result<object>>
}

function isShown(rows: LibraryRows, asked: Pick<LibraryRows, 'filter' | 'collectionId'>): boolean {
  return rows.filter === asked.filter && rows.collectionId === asked.collectionId
}

const pagesOnTheWay = new Set<string>()

/** The library's list and all that can be done with it. */
export const useLibrary = create<LibraryState>()((set, get) => ({
  rows: noRows,
  state: 'loading',
  error: null,
  sampleQuestions: [],
  load: async (filter) => {
    const { collectionId } = get().rows
    if (get().rows.filter !== filter) set({ rows: { ...get().rows, filter } })
    const result = await request('library:list', { offset: 0, limit: rowsPerPage, filter, collectionId })
    // Another list was asked for meanwhile: its own answer counts.
    if (!isShown(get().rows, { filter, collectionId })) return
    if (result.ok) {
      const rows = withPage({ ...noRows, filter, collectionId }, { offset: 0, ...result.value })
      set({ rows, state: 'ready', error: null })
    } else set({ state: 'failed', error: result.error })
  },
  showCollection: async (collectionId) => {
    if (get().rows.collectionId === collectionId) return
    set({ rows: { ...noRows, filter: get().rows.filter, collectionId }, state: 'loading', error: null })
    await get().load(get().rows.filter)
  },
  loadRange: async (first, last) => {
    const { filter, collectionId } = get().rows
    await Promise.all(
      missingPages(get().rows, first, last).map(async (offset) => {
        const key = `${offset}/${collectionId ?? ''}/${filter}`
        if (pagesOnTheWay.has(key)) return
        pagesOnTheWay.add(key)
        const result = await request('library:list', { offset, limit: rowsPerPage, filter, collectionId })
        pagesOnTheWay.delete(key)
        if (!isShown(get().rows, { filter, collectionId })) return
        if (result.ok) set((state) => ({ rows: withPage(state.rows, { offset, ...result.value }) }))
        else set({ error: result.error })
      }),
    )
  },
  receive: (push) => set((state) => ({ rows: withChanges(state.rows, push) })),
  addFiles: (files, collectionId) => addDroppedFiles(files, collectionId),
  choose: (what, collectionId) => request('library:choose', { what, collectionId }),
  addSamples: async () => {
    const result = await request('library:add-samples', {})
    if (result.ok) set({ sampleQuestions: result.value.questions })
    return result
  },
  remove: async (id) => {
    const result = await request('library:remove', { documentIds: [id] })
    if (result.ok) set((state) => ({ rows: withChanges(state.rows, { changed: [], removed: [id] }) }))
    return result
  },
  retry: (id) => request('library:retry', { documentId: id }),
  scan: (id, what) => request(what === 'start' ? 'library:start-scan' : 'library:stop-scan', { documentId: id }),
}))
