import { availableParallelism, totalmem } from 'node:os'
import { AppError } from '../../shared/errors.ts'
import type { Clock, Embedder, EmbedderId, Log, WorkerTransport } from '../interfaces.ts'
import { WorkerClient } from './client.ts'
import { CrashBreaker } from './crash-breaker.ts'
import type { AddedModel } from './embedder-models.ts'
import { defaultPoolSize } from './pool-size.ts'
import { backgroundPriority, normalPriority, trySetPriority } from './process-priority.ts'
import { type EmbedInput, vectorSchema } from './protocol.ts'
import { workerArguments, workerEnvironment } from './worker-arguments.ts'
import { embedderLimits, type WorkerLimits } from './worker-limits.ts'

export interface EmbedderPoolOptions {
  readonly transport: WorkerTransport
  /** Absolute. */
  readonly modelsFolder: string
  /** null: by cores and memory. */
  readonly processCount: number | null
  readonly clock: Clock
  readonly log: Log
  readonly idleMs?: number
  /** By default {@link embedderLimits}. */
  readonly limits?: WorkerLimits
  /** For tests. @returns whether the system allowed it. */
  readonly setProcessPriority?: (pid: number, priority: number) => boolean
}

export interface EmbedderPool extends Omit<Embedder, 'embed'>, AsyncDisposable {
  /** As {@link Embedder.embed}, by an embedder on board or one that was added. Prefixes are the caller's. */
  embed(
    texts: readonly string[],
    options: {
      readonly embedder: EmbedderId | AddedModel
      readonly priority: 'interactive' | 'background'
      readonly signal: AbortSignal
    },
  ): Promise<readonly Float32Array[]>
  /** Of the running processes. */
  readonly pids: readonly number[]
}

interface Task {
  readonly input: EmbedInput
  readonly signal: AbortSignal
  /** The call this text belongs to; when one text fails, the others are not begun. */
  readonly call: { isOver: boolean }
  readonly resolve: (vector: Float32Array) => void
  readonly reject: (error: unknown) => void
}

/** Two messages a process: the next text is there when one is done, and a question waits for two at most. */
const pipelinedTexts = 2

/**
 * {@link Embedder} over single-threaded processes, one text a call to the model. The first process has ordinary priority and
 * takes questions first; the others run at the weakest one always, since what is weakened cannot be restored everywhere. While an
 * answer is being written, background work goes to one weak process only and the first stays free for questions; in a
 * pool of one, that process is weakened for the time, and replaced afterwards where the system refuses to restore it.
 */
export function createEmbedderPool(options: EmbedderPoolOptions): EmbedderPool {
  const { transport, modelsFolder, clock, log, idleMs } = options
  const setProcessPriority = options.setProcessPriority ?? ((pid, priority) => trySetPriority(pid, priority, log))
  const processCount =
    options.processCount ?? defaultPoolSize({ cores: availableParallelism(), memoryBytes: totalmem() })
  const breaker = new CrashBreaker({ clock })
  const interactive: Task[] = []
  const background: Task[] = []
  let isYielding = false
  let isReplacing = false
  let isDisposed = false

  const clients = Array.from(
    { length: processCount },
    (_, index) =>
      new WorkerClient({
        transport,
        entry: 'embedder',
        environment: workerEnvironment,
        workerArguments: workerArguments(modelsFolder),
        clock,
        log,
        breaker,
        limits: options.limits ?? embedderLimits,
        onReady: (pid) => {
          if (index > 0 || (isYielding && processCount === 1)) setProcessPriority(pid, backgroundPriority)
        },
        ...(idleMs === undefined ? {} : { idleMs }),
      }),
  )

  /** The process with the least to do, among those that may take work of this kind now. */
  const freeClient = (kind: 'interactive' | 'background'): WorkerClient | undefined => {
    if (isReplacing) return undefined
    const onlyWeak = clients.slice(Math.min(1, clients.length - 1)).slice(0, 1)
    const allowed = kind === 'background' && isYielding ? onlyWeak : clients
    // Stable: the first process wins a tie, so that a question takes the one of ordinary priority.
    const [least] = [...allowed].sort((one, other) => one.pendingCount - other.pendingCount)
    return least !== undefined && least.pendingCount < pipelinedTexts ? least : undefined
  }

  const dispatch = (): void => {
    for (const [queue, kind] of [
      [interactive, 'interactive'],
      [background, 'background'],
    ] as const) {
      while (queue.length > 0) {
        const client = freeClient(kind)
        if (client === undefined) return
        const task = queue.shift()
        if (task !== undefined && !task.call.isOver) void run(client, task, queue)
      }
    }
  }

  /** Pool of one: its process is weak and must not stay so. It gets no more work until it is idle, then it is stopped. */
  const replaceWhenIdle = async (): Promise<void> => {
    const [client] = clients
    if (client === undefined || client.pendingCount > 0) return
    await client.stopIfIdle()
    isReplacing = false
    dispatch()
  }

  const run = async (client: WorkerClient, task: Task, queue: Task[]): Promise<void> => {
    try {
      const { input, signal } = task
      const vector = vectorSchema.safeParse(
        await client.request({ method: 'embed', input, subject: input.text, signal }),
      )
      if (!vector.success)
        throw new AppError('embedding-failed', 'The embedding process sent something unexpected. Try again.', {
          retryable: true,
        })
      task.resolve(vector.data)
    } catch (error) {
      // It only waited behind the text that ended the process, and can be embedded like any other.
      if (!isDisposed && !task.call.isOver && onlyWaited(error)) {
        queue.unshift(task)
        return
      }
      // Now, not when the caller hears of it: the next text to be sent is chosen right below.
      task.call.isOver = true
      task.reject(error)
    } finally {
      if (isReplacing) void replaceWhenIdle()
      dispatch()
    }
  }

  return {
    processCount,
    get pids() {
      return clients.flatMap(({ pid }) => (pid === undefined ? [] : [pid]))
    },
    async embed(texts, { embedder, priority, signal }) {
      if (isDisposed) throw closingError()
      signal.throwIfAborted()
      const call = { isOver: false }
      const queue = priority === 'interactive' ? interactive : background
      const aborted = Promise.withResolvers<never>()
      const onAbort = (): void => aborted.reject(signal.reason)
      signal.addEventListener('abort', onAbort, { once: true })
      const vectors = texts.map((text) => {
        const { promise, resolve, reject } = Promise.withResolvers<Float32Array>()
        queue.push({ input: { embedder, text }, signal, call, resolve, reject })
        return promise
      })
      dispatch()
      try {
        return await Promise.race([Promise.all(vectors), aborted.promise])
      } finally {
        signal.removeEventListener('abort', onAbort)
        // After a failure or an abort, what is still queued of this call is not begun.
        call.isOver = true
      }
    },
    yieldToAnswers(isAnswering) {
      if (isYielding === isAnswering) return
      isYielding = isAnswering
      const pid = processCount === 1 ? clients[0]?.pid : undefined
      if (pid !== undefined) {
        const isSet = setProcessPriority(pid, isAnswering ? backgroundPriority : normalPriority)
        isReplacing = !isAnswering && !isSet
        if (isReplacing) void replaceWhenIdle()
      }
      dispatch()
    },
    async [Symbol.asyncDispose]() {
      isDisposed = true
      for (const task of [...interactive.splice(0), ...background.splice(0)]) {
        task.call.isOver = true
        task.reject(closingError())
      }
      await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()))
    },
  }
}

function onlyWaited(error: unknown): boolean {
  return error instanceof AppError && error.code === 'worker-crashed' && error.details?.['blame'] === 'another'
}

function closingError(): AppError {
  return new AppError('worker-crashed', 'Carrel is closing; this was not finished. It goes on at the next start.', {
    retryable: true,
    details: { reason: 'stopped' },
  })
}
