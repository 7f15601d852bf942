import { create } from 'zustand'
import type { DocumentSummary } from '../../../shared/document.ts'
import type { Result, SerializedAppError } from '../../../shared/errors.ts'
import type { DocumentId } from '../../../shared/ids.ts'
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
  /** Loads what `[first, last]` shows and is not here yet. */
  loadRange(first: number, last: number): Promise<void>
  receive(push: { readonly changed: readonly DocumentSummary[]; readonly removed: readonly DocumentId[] }): void
  addFiles(files: readonly File[]): Promise<Result<{ queued: number }>>
  choose(what: 'files' | 'folder'): Promise<Result<{ queued: number }>>
  addSamples(): Promise<Result<{ queued: number }>>
  remove(id: DocumentId): Promise<Result<{ removed: number }>>
  retry(id: DocumentId): Promise<Result<object>>
}

const pagesOnTheWay = new Set<string>()

/** The library's list and all that can be done with it. */
export const useLibrary = create<LibraryState>()((set, get) => ({
  rows: noRows,
  state: 'loading',
  error: null,
  sampleQuestions: [],
  load: async (filter) => {
    if (get().rows.filter !== filter) set({ rows: { ...get().rows, filter } })
    const result = await request('library:list', { offset: 0, limit: rowsPerPage, filter })
    // Another filter was typed meanwhile: its own answer counts.
    if (get().rows.filter !== filter) return
    if (result.ok) {
      set({ rows: withPage({ ...noRows, filter }, { offset: 0, ...result.value }), state: 'ready', error: null })
    } else set({ state: 'failed', error: result.error })
  },
  loadRange: async (first, last) => {
    const { filter } = get().rows
    await Promise.all(
      missingPages(get().rows, first, last).map(async (offset) => {
        const key = `${offset}/${filter}`
        if (pagesOnTheWay.has(key)) return
        pagesOnTheWay.add(key)
        const result = await request('library:list', { offset, limit: rowsPerPage, filter })
        pagesOnTheWay.delete(key)
        if (get().rows.filter !== filter) return
        if (result.ok) set((state) => ({ rows: withPage(state.rows, { offset, ...result.value }) }))
        else set({ error: result.error })
      }),
    )
  },
  receive: (push) => set((state) => ({ rows: withChanges(state.rows, push) })),
  addFiles: (files) => addDroppedFiles(files, null),
  choose: (what) => request('library:choose', { what }),
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
}))
