import { create } from 'zustand'
import type { EmbeddersStatus, FolderChoices, LanguageGroup, OllamaChoices } from '../../../shared/embedder.ts'
import type { Result, SerializedAppError } from '../../../shared/errors.ts'
import { request } from '../../api.ts'
import { showFailure } from '../../components/notices.ts'

interface EmbeddersState {
  /** Null until main answered. */
  readonly status: EmbeddersStatus | null
  load(): Promise<void>
  receive(status: EmbeddersStatus): void
  /** Each resolves to why it failed, or null; shown where it was asked for. */
  addFolder(choices: FolderChoices): Promise<SerializedAppError | null>
  addOllama(choices: OllamaChoices): Promise<SerializedAppError | null>
  use(group: LanguageGroup, id: string): Promise<void>
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
    load: async () => takeOrShow(await request('embedders:status', {})),
    receive: (status) => set({ status }),
    addFolder: async (choices) => take(await request('embedders:add-folder', choices)),
    addOllama: async (choices) => take(await request('embedders:add-ollama', choices)),
    use: async (group, id) => takeOrShow(await request('embedders:use', { group, id })),
    cancel: async (group) => takeOrShow(await request('embedders:cancel', { group })),
    remove: async (id) => takeOrShow(await request('embedders:remove', { id })),
  }
})
