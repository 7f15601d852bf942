import { AppError } from '../shared/errors.ts'
import type { EmbedderChoice } from './embedder-choice.ts'
import type { Desktop, Handlers } from './handlers.ts'

type EmbedderChannel = Extract<keyof Handlers, `embedders:${string}`>

/** The embedders' channels. The page never names a folder: it was chosen in a dialog of the system. */
export function createEmbedderHandlers(parts: {
  readonly embedderChoice: EmbedderChoice
  readonly desktop: Pick<Desktop, 'chooseFolder'>
  readonly signal: AbortSignal
}): Handlers<EmbedderChannel> {
  const { embedderChoice: choice, desktop, signal } = parts
  let chosenFolder: string | null = null
  return {
    'embedders:status': () => choice.status(),
    'embedders:choose-folder': async () => {
      const [folder] = await desktop.chooseFolder()
      if (folder === undefined) return { proposal: null }
      const proposal = await choice.propose(folder)
      chosenFolder = folder
      return { proposal }
    },
    'embedders:add-folder': async (choices) => {
      if (chosenFolder === null)
        throw new AppError('invalid-request', 'No folder was chosen. Choose the folder of an embedder first.', {
          details: { reason: 'no-folder' },
        })
      await choice.addFolder(chosenFolder, choices, { signal })
      return choice.status()
    },
    'embedders:ollama-models': async () => ({
      models: (await choice.ollamaModels({ signal })).map(({ name, isMadeForIt }) => ({ name, isMadeForIt })),
    }),
    'embedders:add-ollama': async (choices) => {
      await choice.addOllama(choices, { signal })
      return choice.status()
    },
    'embedders:remove': async ({ id }) => {
      await choice.remove(id)
      return choice.status()
    },
    'embedders:use': async ({ group, id }) => {
      await choice.use(group, id)
      return choice.status()
    },
    'embedders:cancel': async ({ group }) => {
      await choice.cancel(group)
      return choice.status()
    },
  }
}
