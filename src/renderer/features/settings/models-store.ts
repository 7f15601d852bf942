import { create } from 'zustand'
import type { ModelServerStatus } from '../../../shared/model-server.ts'
import { request } from '../../api.ts'
import { showFailure } from '../../components/notices.ts'

interface ModelsState {
  /** Null until the model server was looked for once. */
  readonly status: ModelServerStatus | null
  readonly isChecking: boolean
  /** Answers are quotations although a model is there; for this window, until a model is chosen. */
  readonly isQuotesOnly: boolean
  check(): Promise<void>
  choose(name: string): Promise<void>
  chooseQuotes(): void
  receive(status: ModelServerStatus): void
}

/** The model server and how the next question is answered. */
export const useModels = create<ModelsState>()((set) => ({
  status: null,
  isChecking: false,
  isQuotesOnly: false,
  check: async () => {
    set({ isChecking: true })
    const result = await request('models:status', {})
    set({ isChecking: false, ...(result.ok ? { status: result.value } : {}) })
    if (!result.ok) showFailure(result.error)
  },
  choose: async (name) => {
    const result = await request('models:choose', { name })
    if (result.ok) set({ status: result.value, isQuotesOnly: false })
    else showFailure(result.error)
  },
  chooseQuotes: () => set({ isQuotesOnly: true }),
  receive: (status) => set({ status }),
}))
