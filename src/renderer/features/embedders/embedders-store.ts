import { create } from 'zustand'
import type {
  EmbedderProposal,
  EmbeddersStatus,
  FolderChoices,
  LanguageGroup,
  OllamaChoices,
} from '../../../shared/embedder.ts'
import type { Result, SerializedAppError } from '../../../shared/errors.ts'
import { request } from '../../api.ts'
import { showFailure } from '../../components/notices.ts'

interface OllamaAnswer {
  /** Those made for embedding first. */
  readonly models: readonly { readonly name: string; readonly isMadeForIt: boolean }[]
  readonly error: SerializedAppError | null
}

interface EmbeddersState {
  /** Null until main answered. */
  readonly status: EmbeddersStatus | null
  /** What the person's Ollama could embed with, or why that is not known; null: it was not asked yet. */
  readonly ollama: OllamaAnswer | null
  load(): Promise<void>
  askOllama(): Promise<void>
  receive(status: EmbeddersStatus): void
  /** Each resolves to why it failed, or null; shown where it was asked for. */
  addFolder(choices: FolderChoices): Promise<SerializedAppError | null>
  addOllama(choices: OllamaChoices): Promise<SerializedAppError | null>
  /** Begins a new index by this embedder. */
  begin(group: LanguageGroup, id: string): Promise<void>
  cancel(group: LanguageGroup): Promise<void>
  remove(id: string): Promise<void>
}

/** Which embedders there are and what each language uses, as main has it. */
export const useEmbedders = create<EmbeddersState>()((set) => {
  const take = (result: Result<EmbeddersStatus>): SerializedAppError | null => {
    if (!result.ok) return result.error
    set({ status: result.value })
    return null
  }
  const takeOrShow = (result: Result<EmbeddersStatus>): void => {
    const error = take(result)
    if (error !== null) showFailure(error)
  }
  return {
    status: null,
    ollama: null,
    askOllama: async () => {
      const result = await request('embedders:ollama-models', {})
      set({ ollama: result.ok ? { models: result.value.models, error: null } : { models: [], error: result.error } })
    },
    load: async () => takeOrShow(await request('embedders:status', {})),
    receive: (status) => set({ status }),
    addFolder: async (choices) => take(await request('embedders:add-folder', choices)),
    addOllama: async (choices) => take(await request('embedders:add-ollama', choices)),
    begin: async (group, id) => takeOrShow(await request('embedders:use', { group, id })),
    cancel: async (group) => takeOrShow(await request('embedders:cancel', { group })),
    remove: async (id) => takeOrShow(await request('embedders:remove', { id })),
  }
})
/** Asks for a folder in a dialog of the system. Null: none was chosen, or it was refused with a notice. */
export async function chooseEmbedderFolder(): Promise<EmbedderProposal | null> {
  const result = await request('embedders:choose-folder', {})
  if (result.ok) return result.value.proposal
  showFailure(result.error)
  return null
}
