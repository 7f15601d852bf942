import type { Clock } from '../ports/clock.ts'
import type { ModelCare } from '../ports/generator.ts'
import type { Log } from '../ports/log.ts'
import type { SettingsStore } from '../ports/settings-store.ts'
import { askedContextTokens } from './asked-context.ts'
import type { ModelWatch } from './model-watch.ts'

/** Ollama keeps a model for ten minutes; asking more often would only keep it longer than anybody wants. */
const restMs = 5 * 60_000

/**
 * Loads the chosen model when a conversation is opened, so that the first answer need not wait for it. At most once in five
 * minutes for the same model and context, never on battery (a large model costs energy for a question that may not come), never while
 * something is answered. A question that comes meanwhile waits for the same loading, which goes on; it is not delayed.
 */
export interface ModelWarmUp extends AsyncDisposable {
  /** Resolves at once; whatever goes wrong shows when a question is asked. */
  request(): void
  /** Nobody is there any more: closes the connection at once, so that the server gives up loading. */
  cancel(): void
}

export function createModelWarmUp(parts: {
  readonly care: Pick<ModelCare, 'warmUp'>
  readonly models: ModelWatch
  readonly settings: SettingsStore
  readonly isOnBattery: () => boolean
  readonly isAnswering: () => boolean
  readonly clock: Clock
  readonly log: Log
}): ModelWarmUp {
  const { care, models, settings, isOnBattery, isAnswering, clock, log } = parts
  let last: { readonly what: string; readonly at: number } | null = null
  let running: { readonly controller: AbortController; readonly ended: Promise<void> } | null = null

  const warmUp = async (controller: AbortController): Promise<void> => {
    const { signal } = controller
    try {
      const status = await models.current({ signal })
      if (status.state !== 'ready' || status.chosenModel === null || status.product !== 'ollama') return
      const model = status.chosenModel
      const contextTokens = askedContextTokens(settings.get(), status, model)
      const what = `${status.address} ${model} ${contextTokens}`
      if (last?.what === what && clock.now() - last.at < restMs) return
      last = { what, at: clock.now() }
      const startedAt = clock.now()
      await care.warmUp({ model, contextTokens }, { signal })
      log.info(`model: warmed up in ${clock.now() - startedAt} ms`)
      await models.refresh({ signal })
    } catch (error) {
      if (!signal.aborted) log.warn('the model could not be warmed up', error)
    } finally {
      if (running?.controller === controller) running = null
    }
  }

  const cancel = (): void => {
    if (running === null) return
    running.controller.abort()
    // The next window may want it at once.
    last = null
  }
  return {
    request() {
      // One that was cancelled is still closing its connection: it counts no more.
      const before = running
      if (before?.controller.signal.aborted === false || isOnBattery() || isAnswering()) return
      const controller = new AbortController()
      running = { controller, ended: Promise.all([before?.ended, warmUp(controller)]).then(() => undefined) }
    },
    cancel,
    async [Symbol.asyncDispose]() {
      const ended = running?.ended
      cancel()
      await ended
    },
  }
}
