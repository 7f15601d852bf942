import { Worker } from 'node:worker_threads'
import { AppError, deserializeError } from '../../shared/errors.ts'
import type { ThreadAnswers, ThreadData, ThreadQuestion, ThreadReply, ThreadRequest } from './search-thread-messages.ts'

export interface SearchThreadOptions {
  /** The built (or, under tests, the source) keyword-search-thread. */
  readonly thread: string | URL
  readonly databasePath: string
}

export interface SearchThread extends AsyncDisposable {
  /**
   * One at a time, in order. Abort takes a waiting question out of the queue; one that runs ends unheard, because SQLite is
   * built without the hook that could stop it.
   * @throws AppError `worker-crashed` and what the work throws; the signal's reason.
   */
  ask<Kind extends ThreadQuestion['kind']>(
    question: Extract<ThreadQuestion, { kind: Kind }>,
    options: { readonly signal: AbortSignal },
  ): Promise<ThreadAnswers[Kind]>
}

interface Waiting {
  readonly request: ThreadRequest
  readonly settle: (outcome: { readonly value: unknown } | { readonly error: unknown }) => void
}

/** Starts the thread with the first question, and again after a crash. */
export function createSearchThread(options: SearchThreadOptions): SearchThread {
  const waiting: Waiting[] = []
  let asked: Waiting | null = null
  let worker: Worker | null = null
  let lastId = 0
  let isClosed = false

  const start = (): Worker => {
    const workerData: ThreadData = { databasePath: options.databasePath }
    const started = new Worker(options.thread, { workerData, execArgv: [], name: 'keyword-search' })
    started.on('message', (reply: ThreadReply) => {
      if (asked?.request.id !== reply.id) return
      settleAsked(reply.ok ? { value: reply.value } : { error: deserializeError(reply.error) })
    })
    let cause: unknown
    started.on('error', (error) => (cause = error))
    started.on('exit', () => {
      if (worker === started) worker = null
      settleAsked({
        error: new AppError('worker-crashed', 'The search stopped unexpectedly. Try again.', {
          retryable: true,
          cause,
        }),
      })
    })
    return started
  }
  const settleAsked = (outcome: Parameters<Waiting['settle']>[0]): void => {
    const settled = asked
    asked = null
    settled?.settle(outcome)
    next()
  }
  const next = (): void => {
    if (asked !== null || isClosed) return
    asked = waiting.shift() ?? null
    if (asked === null) return
    worker ??= start()
    worker.postMessage(asked.request)
  }

  return {
    ask: (question, { signal }) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted()
        if (isClosed) throw new AppError('internal', 'The library is closed.')
        const entry: Waiting = {
          request: { ...question, id: (lastId += 1) },
          settle: (outcome) => {
            signal.removeEventListener('abort', onAbort)
            if ('error' in outcome) reject(outcome.error)
            else resolve(outcome.value as ThreadAnswers[typeof question.kind])
          },
        }
        const onAbort = (): void => {
          const index = waiting.indexOf(entry)
          if (index >= 0) waiting.splice(index, 1)
          reject(signal.reason)
        }
        signal.addEventListener('abort', onAbort, { once: true })
        waiting.push(entry)
        next()
      }),
    [Symbol.asyncDispose]: async () => {
      isClosed = true
      const closed = new AppError('internal', 'The library is closed.')
      for (const entry of waiting.splice(0)) entry.settle({ error: closed })
      asked?.settle({ error: closed })
      asked = null
      await worker?.terminate()
    },
  }
}
