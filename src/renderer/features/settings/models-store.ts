import { create } from 'zustand'
import type { SerializedAppError } from '../../../shared/errors.ts'
import type { ModelPull, ModelServerStatus, ModelWork } from '../../../shared/model-server.ts'
import { request } from '../../api.ts'
import { showFailure } from '../../components/notices.ts'

interface ModelsState {
  /** Null until the model server was looked for once. */
  readonly status: ModelServerStatus | null
  readonly isChecking: boolean
  /** Answers are quotations although a model is there; for this window, until a model is chosen. */
  readonly isQuotesOnly: boolean
  /** The download that runs, or how the last one ended. */
  readonly pull: ModelPull | null
  /** What the server may still do for a stopped question. */
  readonly work: ModelWork | null
  /** Of this computer; null until main answered. */
  readonly memoryBytes: number | null
  /** `isQuiet`: by itself, so nothing moves and nothing is said. */
  check(options?: { readonly isQuiet: boolean }): Promise<void>
  choose(name: string): Promise<void>
  chooseQuotes(): void
  /** Asks what each model can do. */
  loadDetails(): Promise<void>
  loadActivity(): Promise<void>
  /** The next question may come soon: the chosen model may be loaded for it. */
  warmUp(): Promise<void>
  /** @returns why main refused it, or null */
  startPull(name: string): Promise<SerializedAppError | null>
  /** Ends a download that runs, dismisses one that ended. */
  cancelPull(): Promise<void>
  /** @returns why main refused it, or null */
  setServer(address: string): Promise<SerializedAppError | null>
  receive(status: ModelServerStatus): void
  receivePull(pull: ModelPull | null): void
  receiveWork(work: ModelWork | null): void
}

/** The model server and how the next question is answered. */
export const useModels = create<ModelsState>()((set, get) => ({
  status: null,
  isChecking: false,
  isQuotesOnly: false,
  pull: null,
  work: null,
  memoryBytes: null,
  check: async ({ isQuiet } = { isQuiet: false }) => {
    if (!isQuiet) set({ isChecking: true })
    const result = await request('models:status', {})
    set({ ...(isQuiet ? {} : { isChecking: false }), ...(result.ok ? { status: result.value } : {}) })
    if (!result.ok && !isQuiet) showFailure(result.error)
  },
  choose: async (name) => {
    const result = await request('models:choose', { name })
    if (result.ok) set({ status: result.value, isQuotesOnly: false })
    else showFailure(result.error)
  },
  chooseQuotes: () => set({ isQuotesOnly: true }),
  loadDetails: async () => {
    const result = await request('models:details', {})
    if (result.ok) set({ status: result.value })
    else showFailure(result.error)
  },
  loadActivity: async () => {
    const result = await request('models:activity', {})
    // A failure here shows nowhere of its own: every visible request of the same moment says it.
    if (result.ok) set(result.value)
  },
  warmUp: async () => {
    const { isQuotesOnly, status } = get()
    // A failure shows when a question is asked, not before.
    if (!isQuotesOnly && status?.state === 'ready') await request('models:warm-up', {})
  },
  startPull: async (name) => {
    const result = await request('models:pull', { name })
    if (result.ok) set({ pull: result.value })
    return result.ok ? null : result.error
  },
  cancelPull: async () => {
    const result = await request('models:cancel-pull', {})
    if (!result.ok) showFailure(result.error)
  },
  setServer: async (address) => {
    const result = await request('models:use-server', { address })
    if (result.ok) set({ status: result.value })
    return result.ok ? null : result.error
  },
  receive: (status) => set({ status }),
  receivePull: (pull) => set({ pull }),
  receiveWork: (work) => set({ work }),
}))
