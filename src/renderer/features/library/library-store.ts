import { create } from 'zustand'
import type { DocumentSummary } from '../../../shared/document.ts'
import type { Result, SerializedAppError } from '../../../shared/errors.ts'
import type { CollectionId, DocumentId } from '../../../shared/ids.ts'
import { addDroppedFiles, request } from '../../api.ts'
import { type LibraryRows, missingPages, noRows, pagesOf, rowsPerPage, withChanges, withPage } from './library-rows.ts'

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
  /** Lists what needs attention alone, or not. */
  showAttention(onlyAttention: boolean): Promise<void>
  /** Loads what `[first, last]` shows and is not here yet. */
  loadRange(first: number, last: number): Promise<void>
  receive(push: {
    readonly changed: readonly DocumentSummary[]
    readonly removed: readonly DocumentId[]
    readonly isTooMuch: boolean
  }): void
  /** `collectionId`: they also join this collection. */
  addFiles(files: readonly File[], collectionId: CollectionId | null): Promise<Result<{ queued: number }>>
  choose(what: 'files' | 'folder', collectionId: CollectionId | null): Promise<Result<{ queued: number }>>
  addSamples(): Promise<Result<{ queued: number }>>
  remove(id: DocumentId): Promise<Result<{ removed: number }>>
  retry(id: DocumentId): Promise<Result<object>>
  /** Reads pages without text by recognition, or leaves them. */
  scan(id: DocumentId, what: 'start' | 'stop'): Promise<Result<object>>
}

/** Which list it is; everything else of it is what came. */
type ListChoice = Pick<LibraryRows, 'filter' | 'collectionId' | 'onlyAttention'>

const choiceOf = ({ filter, collectionId, onlyAttention }: LibraryRows): ListChoice => ({
  filter,
  collectionId,
  onlyAttention,
})

function isShown(rows: LibraryRows, asked: ListChoice): boolean {
  return (
    rows.filter === asked.filter &&
    rows.collectionId === asked.collectionId &&
    rows.onlyAttention === asked.onlyAttention
  )
}

const pagesOnTheWay = new Set<string>()
/** The rows in sight. */
let sight = { first: 0, last: 0 }
let isLookingAgain = false
let mustLookAgain = false

/** The library's list and all that can be done with it. */
export const useLibrary = create<LibraryState>()((set, get) => {
  const askFor = (choice: ListChoice, offset: number) =>
    request('library:list', { offset, limit: rowsPerPage, ...choice })

  /** The rows in sight as they are now, and how many there are; all others are unknown again. */
  const lookAgain = async (): Promise<void> => {
    mustLookAgain = true
    if (isLookingAgain) return
    isLookingAgain = true
    while (mustLookAgain) {
      mustLookAgain = false
      const choice = choiceOf(get().rows)
      const pages = pagesOf(sight.first, sight.last)
      const results = await Promise.all(pages.map((offset) => askFor(choice, offset)))
      if (!isShown(get().rows, choice)) continue
      let rows: LibraryRows = { ...noRows, ...choice }
      for (const [index, result] of results.entries()) {
        if (result.ok) rows = withPage(rows, { offset: pages[index] ?? 0, ...result.value })
        else set({ error: result.error })
      }
      if (results.every(({ ok }) => ok)) set({ rows, error: null })
    }
    isLookingAgain = false
  }

  return {
    rows: noRows,
    state: 'loading',
    error: null,
    sampleQuestions: [],
    load: async (filter) => {
      const choice = { ...choiceOf(get().rows), filter }
      if (get().rows.filter !== filter) set({ rows: { ...get().rows, filter } })
      const result = await askFor(choice, 0)
      // Another list was asked for meanwhile: its own answer counts.
      if (!isShown(get().rows, choice)) return
      if (result.ok) {
        const rows = withPage({ ...noRows, ...choice }, { offset: 0, ...result.value })
        set({ rows, state: 'ready', error: null })
      } else set({ state: 'failed', error: result.error })
    },
    showCollection: async (collectionId) => {
      const choice = choiceOf(get().rows)
      if (choice.collectionId === collectionId && !choice.onlyAttention) return
      set({
        rows: { ...noRows, ...choice, collectionId, onlyAttention: false },
        state: 'loading',
        error: null,
      })
      await get().load(choice.filter)
    },
    showAttention: async (onlyAttention) => {
      const choice = choiceOf(get().rows)
      if (choice.onlyAttention === onlyAttention) return
      set({ rows: { ...noRows, ...choice, onlyAttention }, state: 'loading', error: null })
      await get().load(choice.filter)
    },
    loadRange: async (first, last) => {
      sight = { first, last }
      const choice = choiceOf(get().rows)
      await Promise.all(
        missingPages(get().rows, first, last).map(async (offset) => {
          const key = JSON.stringify([offset, choice])
          if (pagesOnTheWay.has(key)) return
          pagesOnTheWay.add(key)
          const result = await askFor(choice, offset)
          pagesOnTheWay.delete(key)
          if (!isShown(get().rows, choice)) return
          if (result.ok) set((state) => ({ rows: withPage(state.rows, { offset, ...result.value }) }))
          else set({ error: result.error })
        }),
      )
    },
    receive: (push) => {
      if (push.isTooMuch) void lookAgain()
      else set((state) => ({ rows: withChanges(state.rows, push) }))
    },
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
  }
})
