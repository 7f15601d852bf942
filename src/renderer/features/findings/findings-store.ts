import { create } from 'zustand'
import type { NamedScope } from '../../../shared/collection.ts'
import type { SerializedAppError } from '../../../shared/errors.ts'
import type { Finding, FindingsSummary } from '../../../shared/findings.ts'
import type { DocumentId } from '../../../shared/ids.ts'
import { request } from '../../api.ts'
import { useConversations } from '../conversation/conversation-store.ts'
import { toSearchScope } from '../conversation/scope-parts.ts'
import { type FindingsView, plainView } from './findings-rows.ts'

/** One look for every document that mentions something. */
export interface FindingsRun {
  /** What main calls it; null until it has begun. */
  readonly id: string | null
  readonly query: string
  readonly scope: NamedScope | null
  readonly state: 'running' | 'done' | 'stopped' | 'failed'
  /** Of the documents, how much has been looked through; 0..1. */
  readonly share: number
  readonly rows: readonly Finding[]
  readonly summary: FindingsSummary | null
  readonly error: SerializedAppError | null
}

interface FindingsState {
  /** It stands in the middle pane, in the place of the conversation. */
  readonly isOpen: boolean
  /** What is looked for next, and where; null: everywhere. */
  readonly scope: NamedScope | null
  readonly run: FindingsRun | null
  readonly view: FindingsView
  readonly chosen: ReadonlySet<DocumentId>
  /** Opens the table; with a query it looks at once, unless that is what it shows already. */
  open(query: string | null, scope: NamedScope | null): void
  look(query: string): void
  setScope(scope: NamedScope | null): void
  setView(view: Partial<FindingsView>): void
  choose(documentIds: readonly DocumentId[], isChosen: boolean): void
  /** The rows that are there stay. */
  stop(): void
  /** Back to the conversation; the table is still there when it is opened again. */
  close(): void
}

/** The table of findings of this window. */
export const useFindings = create<FindingsState>()((set, get) => {
  let current = Symbol('run')

  const change = (ours: symbol, next: Partial<FindingsRun>): void => {
    if (current !== ours) return
    set(({ run }) => (run === null ? {} : { run: { ...run, ...next } }))
  }

  const follow = async (ours: symbol, query: string, scope: NamedScope | null): Promise<void> => {
    const begun = await request('findings:begin', { query, scope: toSearchScope(scope) })
    if (!begun.ok) return change(ours, { state: 'failed', error: begun.error })
    const { id } = begun.value
    change(ours, { id })
    while (current === ours) {
      const more = await request('findings:more', { id })
      if (current !== ours) break
      if (!more.ok) return change(ours, { state: 'failed', error: more.error })
      const { rows, share, summary } = more.value
      change(ours, {
        share,
        rows: [...(get().run?.rows ?? []), ...rows],
        ...(summary === null ? {} : { summary, state: 'done' }),
      })
      if (summary !== null) return
    }
    // Stopped, or another look began, while this one was being asked for.
    void request('findings:stop', { id })
  }

  return {
    isOpen: false,
    scope: null,
    run: null,
    view: plainView,
    chosen: new Set(),
    open: (query, scope) => {
      const { run } = get()
      const isShown = query === null || (run !== null && run.query === query.trim() && run.scope === scope)
      set({ isOpen: true, ...(query === null && run !== null ? {} : { scope }) })
      if (!isShown) get().look(query)
    },
    look: (query) => {
      const wanted = query.trim()
      if (wanted === '') return
      get().stop()
      const { scope } = get()
      current = Symbol('run')
      set({
        run: { id: null, query: wanted, scope, state: 'running', share: 0, rows: [], summary: null, error: null },
        view: plainView,
        chosen: new Set(),
      })
      void follow(current, wanted, scope)
    },
    setScope: (scope) => set({ scope }),
    setView: (view) => set((state) => ({ view: { ...state.view, ...view } })),
    choose: (documentIds, isChosen) =>
      set((state) => {
        const chosen = new Set(state.chosen)
        for (const id of documentIds) {
          if (isChosen) chosen.add(id)
          else chosen.delete(id)
        }
        return { chosen }
      }),
    stop: () => {
      const { run } = get()
      if (run?.state !== 'running') return
      current = Symbol('stopped')
      set({ run: { ...run, state: 'stopped' } })
      if (run.id !== null) void request('findings:stop', { id: run.id })
    },
    close: () => set({ isOpen: false }),
  }
})

// Whoever goes to a conversation wants to see it.
useConversations.subscribe((state, before) => {
  if (state.visits !== before.visits) useFindings.getState().close()
})
