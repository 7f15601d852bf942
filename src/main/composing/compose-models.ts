import { createModelWatch } from '../answer/model-watch.ts'
import { createModelServers } from '../generators/model-servers.ts'
import { isOllamaInstalled } from '../generators/ollama-installed.ts'
import { readOllamaRunners } from '../generators/runner-processes.ts'
import { createStoppedWork } from '../generators/stopped-work.ts'
import { createModelDownloads } from '../model-downloads.ts'
import type { Foundation } from './foundation.ts'

/** The model server that is there, what is known of it, and downloads. */
export function composeModels({ options, storage, clock, log, quitting, stack }: Foundation) {
  const { environment } = options
  const { settings } = storage
  const stoppedWork = stack.use(createStoppedWork({ clock, log, readRunners: () => readOllamaRunners() }))
  const server = createModelServers({
    setting: () => settings.get().modelServer,
    ollamaHost: environment['OLLAMA_HOST'],
    isOllamaInstalled: () => isOllamaInstalled(environment),
    stoppedWork,
    clock,
    log,
  })
  const models = createModelWatch({ server, settings, clock })
  const refreshModels = (): void => {
    models.refresh({ signal: quitting }).catch((error: unknown) => {
      if (!quitting.aborted) log.warn('the model server could not be looked at', error)
    })
  }
  const downloads = stack.use(createModelDownloads({ care: server, clock, log, onDone: refreshModels }))
  return { server, models, refreshModels, downloads, stoppedWork }
}

export type ModelParts = ReturnType<typeof composeModels>
