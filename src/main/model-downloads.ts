import { AppError, serializeError } from '../shared/errors.ts'
import type { ModelPull } from '../shared/model-server.ts'
import type { Clock } from './ports/clock.ts'
import type { ModelCare, PullProgress } from './ports/generator.ts'
import type { Log } from './ports/log.ts'

const coalesceMs = 200
/** A rate over less says nothing, over more hides that the network changed. */
const rateWindowMs = 3_000

/**
 * The one download that may run, whoever looks at it: it lives here and not in a page, so that a reload changes nothing.
 * Disposing ends it.
 */
export interface ModelDownloads extends AsyncDisposable {
  /** What runs, or how the last one ended until it was dismissed. */
  readonly current: ModelPull | null
  /** @throws AppError `busy` while one runs, `invalid-request` and `model-not-local` for the name */
  start(name: string): ModelPull
  /** Ends the one that runs; what has ended is dismissed. */
  cancel(): void
  /** At most a few times a second. */
  onChange(listener: (pull: ModelPull | null) => void): () => void
}

export function createModelDownloads(parts: {
  readonly care: Pick<ModelCare, 'pull'>
  readonly clock: Clock
  readonly log: Log
  /** A model is there now. */
  readonly onDone: () => void
}): ModelDownloads {
  const { care, clock, log, onDone } = parts
  const listeners = new Set<(pull: ModelPull | null) => void>()
  let current: ModelPull | null = null
  let running: { readonly controller: AbortController; readonly ended: Promise<void> } | null = null
  let cancelTimer: (() => void) | null = null

  const tell = (): void => {
    cancelTimer?.()
    cancelTimer = null
    for (const listener of listeners) listener(current)
  }
  const tellSoon = (): void => {
    cancelTimer ??= clock.after(coalesceMs, tell)
  }

  const read = async (
    name: string,
    progress: AsyncIterable<PullProgress>,
    { signal }: AbortController,
  ): Promise<void> => {
    const rate = createRate(clock)
    const last = (): ModelPull => current ?? beginning(name)
    try {
      for await (const { phase, receivedBytes, totalBytes } of progress) {
        const bytesPerSecond = phase === 'downloading' ? rate(receivedBytes) : null
        current = { name, phase, receivedBytes, totalBytes, bytesPerSecond, error: null }
        tellSoon()
      }
      current = { ...last(), phase: 'done', bytesPerSecond: null }
      log.info(`model download: ${name} is there`)
      onDone()
    } catch (error) {
      if (signal.aborted) {
        log.info(`model download: ${name} cancelled`)
        current = { ...last(), phase: 'cancelled', bytesPerSecond: null }
      } else {
        log.warn(`model download: ${name} failed`, error)
        current = { ...last(), phase: 'failed', bytesPerSecond: null, error: serializeError(error) }
      }
    } finally {
      running = null
      tell()
    }
  }

  return {
    get current() {
      return current
    },
    start(name) {
      if (running !== null) {
        throw new AppError('busy', 'A model is being downloaded already. Wait for it, or cancel it first.', {
          retryable: true,
          details: { reason: 'download' },
        })
      }
      const controller = new AbortController()
      const progress = care.pull(name, { signal: controller.signal })
      log.info(`model download: ${name} begins`)
      current = beginning(name)
      const started = current
      running = { controller, ended: read(name, progress, controller) }
      tell()
      return started
    },
    cancel() {
      if (running !== null) return running.controller.abort()
      if (current === null) return
      current = null
      tell()
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async [Symbol.asyncDispose]() {
      running?.controller.abort()
      await running?.ended
      cancelTimer?.()
    },
  }
}

function beginning(name: string): ModelPull {
  return { name, phase: 'starting', receivedBytes: 0, totalBytes: null, bytesPerSecond: null, error: null }
}

/** Bytes per second over the last seconds; null until there is enough to say. */
function createRate(clock: Clock): (receivedBytes: number) => number | null {
  const samples: { readonly at: number; readonly receivedBytes: number }[] = []
  return (receivedBytes) => {
    const at = clock.now()
    samples.push({ at, receivedBytes })
    while (samples.length > 2 && at - (samples[1]?.at ?? at) >= rateWindowMs) samples.shift()
    const [oldest] = samples
    if (oldest === undefined || at - oldest.at < 1_000) return null
    return Math.max(0, ((receivedBytes - oldest.receivedBytes) * 1_000) / (at - oldest.at))
  }
}
