import type { ModelServerStatus } from '../../shared/model-server.ts'
import type { Clock } from '../ports/clock.ts'
import type { ModelServer } from '../ports/generator.ts'
import type { SettingsStore } from '../ports/settings-store.ts'

/** A status younger than this is used as it is, so that asking does not wait for the server's list. */
const freshMs = 10_000

/** What is known of the model server, kept fresh for the page's card and for the next question. */
export interface ModelWatch {
  /** The last status when it is fresh and good, else asks the server. */
  current(options: { readonly signal: AbortSignal }): Promise<ModelServerStatus>
  /** Always asks the server; `isDetailed`: also what each model can do. */
  refresh(options: { readonly signal: AbortSignal; readonly isDetailed?: boolean }): Promise<ModelServerStatus>
  onChange(listener: (status: ModelServerStatus) => void): () => void
}

export function createModelWatch(parts: {
  readonly server: ModelServer
  readonly settings: SettingsStore
  readonly clock: Clock
}): ModelWatch {
  const { server, settings, clock } = parts
  const listeners = new Set<(status: ModelServerStatus) => void>()
  let last: { readonly status: ModelServerStatus; readonly at: number } | null = null

  const refresh: ModelWatch['refresh'] = async ({ signal, isDetailed = false }) => {
    const status = await server.status({ chosenModel: settings.get().model, isDetailed, signal })
    const before = last
    last = { status, at: clock.now() }
    if (JSON.stringify(before?.status) !== JSON.stringify(status)) for (const listener of listeners) listener(status)
    return status
  }

  return {
    refresh,
    async current({ signal }) {
      const isFresh = last !== null && last.status.state === 'ready' && clock.now() - last.at < freshMs
      // The choice may have changed since the server was asked.
      const chosen = settings.get().model
      if (last !== null && isFresh && (chosen === null || chosen === last.status.chosenModel)) return last.status
      return refresh({ signal })
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
