import { create } from 'zustand'
import type { AppStatus, LibraryTotals } from '../../../shared/ipc.ts'
import { request } from '../../api.ts'

interface AppStatusState {
  /** Null until main answered. */
  readonly status: AppStatus | null
  refresh(): Promise<void>
  receiveTotals(totals: LibraryTotals): void
  receiveImportProblem(problem: AppStatus['importProblem']): void
  receiveImportProgress(progress: AppStatus['importProgress']): void
  receiveNetwork(counts: { readonly connectionsOutside: number; readonly connectionsBlocked: number }): void
}

/** The facts of the status bar: totals, embedder processes, connection counters. */
export const useAppStatus = create<AppStatusState>()((set, get) => ({
  status: null,
  refresh: async () => {
    const result = await request('app:status', {})
    // A failure here shows nowhere of its own: every visible request of the same moment says it.
    if (result.ok) set({ status: result.value })
  },
  receiveTotals: (totals) => {
    const { status } = get()
    if (status !== null) set({ status: { ...status, totals } })
  },
  receiveImportProblem: (importProblem) => {
    const { status } = get()
    if (status !== null) set({ status: { ...status, importProblem } })
  },
  receiveImportProgress: (importProgress) => {
    const { status } = get()
    if (status !== null) set({ status: { ...status, importProgress } })
  },
  receiveNetwork: ({ connectionsOutside, connectionsBlocked }) => {
    const { status } = get()
    if (status !== null) set({ status: { ...status, connectionsOutside, connectionsBlocked } })
  },
}))
