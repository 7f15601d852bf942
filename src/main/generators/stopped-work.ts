import type { ModelWork } from '../../shared/model-server.ts'
import type { Clock } from '../ports/clock.ts'
import type { GeneratorEvent } from '../ports/generator.ts'
import type { Log } from '../ports/log.ts'
import type { FoundServer } from './find-server.ts'
import { llamaCppSlotsSchema } from './openai-replies.ts'
import type { ProcessorTimes } from './runner-processes.ts'
import { probeJson } from './server-probe.ts'

/** One question at the server. */
export interface OpenWork {
  saw(event: GeneratorEvent): void
  /** It is over. `isStopped`: by us, before its end. */
  end(how: { readonly isStopped: boolean }): void
}

/** Knows, as far as it can be known, whether the server goes on with a question after its connection was closed. */
export interface StoppedWork extends Disposable {
  begin(server: FoundServer, model: string): OpenWork
  /** Null when nothing is known to go on. */
  readonly current: ModelWork | null
  onChange(listener: (work: ModelWork | null) => void): () => void
}

const sampleMs = 500
/** Share of one processor core below which a process counts as resting. */
const busyShare = 0.2
/** A server that shows nothing is believed to be done by then. */
const longestUnknownMs = 2 * 60_000
/** Nobody waits longer than a model reads the longest prompt. */
const longestMs = 30 * 60_000

/**
 * Ollama's runner notices a closed connection only when it sends its first token: during the reading of a prompt it goes on.
 * Neither `/api/ps` nor anything else in Ollama's API tells. So Carrel looks at what does: the processor time of the runner's
 * process where the system shows it (Linux), llama.cpp's `/slots`; where nothing shows, it says only that no word had come.
 * The next question's first token ends it in any case. It asks nothing that would make the model work.
 */
export function createStoppedWork(parts: {
  readonly clock: Clock
  readonly log: Log
  /** Null where processes cannot be seen. */
  readonly readRunners: () => Promise<ProcessorTimes | null>
}): StoppedWork {
  const { clock, log, readRunners } = parts
  const listeners = new Set<(work: ModelWork | null) => void>()
  let current: ModelWork | null = null
  let watching: AbortController | null = null

  const show = (work: ModelWork | null): void => {
    if (work === current || (work !== null && current?.since === work.since && current.basis === work.basis)) return
    current = work
    for (const listener of listeners) listener(work)
  }
  const finish = (): void => {
    watching?.abort()
    watching = null
    show(null)
  }

  /** @returns null when it does not show. */
  const createSampler = ({ address, product }: FoundServer, signal: AbortSignal) => {
    if (product === 'llama-cpp') {
      const limits = { clock, timeoutMs: 2_000, signal }
      return async (): Promise<boolean | null> => {
        try {
          return await probeJson(`${address}/slots`, llamaCppSlotsSchema, limits)
        } catch (error) {
          signal.throwIfAborted()
          log.verbose(`llama.cpp does not show its slots: ${error instanceof Error ? error.message : String(error)}`)
          return null
        }
      }
    }
    if (product !== 'ollama') return async () => null
    let before: { readonly times: ProcessorTimes; readonly at: number } | null = null
    return async (): Promise<boolean | null> => {
      const times = await readRunners()
      const at = clock.now()
      const last = before
      before = times === null ? null : { times, at }
      if (times === null || times.size === 0) return times === null ? null : false
      // The first look has nothing to compare with.
      if (last === null) return true
      const longest = Math.max(...[...times].map(([pid, usedMs]) => usedMs - (last.times.get(pid) ?? usedMs)))
      return longest > busyShare * (at - last.at)
    }
  }

  const watch = async (server: FoundServer, model: string, hadWords: boolean): Promise<void> => {
    finish()
    const controller = new AbortController()
    watching = controller
    const { signal } = controller
    const since = clock.now()
    const sample = createSampler(server, signal)
    let resting = 0
    for (let round = 0; !signal.aborted && clock.now() - since < longestMs; round += 1) {
      const isBusy = await sample()
      if (signal.aborted) return
      if (isBusy === null) {
        // Once it wrote, Ollama's runner sees the closed connection at the next token; others see it at once.
        if (hadWords || server.product !== 'ollama' || clock.now() - since > longestUnknownMs) break
        show({ model, since, basis: 'none' })
      } else {
        resting = isBusy ? 0 : resting + 1
        // Two looks in a row: between two batches a process may rest for a moment.
        if (resting >= 2) break
        if (isBusy && round > 0) show({ model, since, basis: server.product === 'ollama' ? 'process' : 'server' })
      }
      await new Promise<void>((resolve) => {
        const cancel = clock.after(sampleMs, resolve)
        signal.addEventListener('abort', () => (cancel(), resolve()), { once: true })
      })
    }
    if (watching === controller) finish()
  }

  return {
    begin(server, model) {
      let hadWords = false
      let isComplete = false
      return {
        saw({ type }) {
          // The server writes again, so it is done with what went before.
          if (!hadWords && type !== 'accepted') finish()
          hadWords ||= type !== 'accepted'
          isComplete ||= type === 'end'
        },
        end({ isStopped }) {
          if (!isStopped || isComplete) return
          watch(server, model, hadWords).catch((error: unknown) => {
            log.warn('The work of the model server could not be watched.', error)
            finish()
          })
        },
      }
    },
    get current() {
      return current
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    [Symbol.dispose]: finish,
  }
}
