import { availableParallelism, totalmem } from 'node:os'
import { AppError } from '../../shared/errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { Embedder, EmbedderId } from '../ports/embedding.ts'
import type { Log } from '../ports/log.ts'
import type { WorkerTransport } from '../ports/workers.ts'
import { WorkerClient } from './client.ts'
import { CrashBreaker } from './crash-breaker.ts'
import type { AddedModel } from './embedder-models.ts'
import { defaultPoolSize } from './pool-size.ts'
import { backgroundPriority, importPriority, trySetPriority } from './process-priority.ts'
import { type EmbedInput, vectorSchema } from './protocol.ts'
import { workerArguments, workerEnvironment } from './worker-arguments.ts'
import { embedderLimits, type WorkerLimits } from './worker-limits.ts'

export interface EmbedderPoolOptions {
  readonly transport: WorkerTransport
  /** Absolute. */
  readonly modelsFolder: string
  /** Of the processes that embed documents; questions have one more. null: by cores and memory. */
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

/** Two messages a process: the next text is there when one is done. */
const pipelinedTexts = 2
/** Interactive texts waiting at once that are worth starting another process. */
const burstTexts = 4

/**
 * {@link Embedder} over single-threaded processes, one text a call to the model. Questions have a process of their own, at
 * ordinary priority, so that none waits behind a passage that is being embedded; it is started by the first of them. Several at
 * once also go to processes that have nothing to do. Documents are embedded by `processCount` others, which are weak for
 * good, since what is weakened cannot be restored everywhere. While an answer is being written only the weakest works.
 */
export function createEmbedderPool(options: EmbedderPoolOptions): EmbedderPool {
  const { transport, modelsFolder, clock, log, idleMs } = options
  const setProcessPriority = options.setProcessPriority ?? ((pid, priority) => trySetPriority(pid, priority, log))
  const processCount =
    options.processCount ?? defaultPoolSize({ cores: availableParallelism(), memoryBytes: totalmem() })
  const interactive: Task[] = []
  const background: Task[] = []
  let isYielding = false
  let isDisposed = false

  const createClient = (breaker: CrashBreaker, priority: number | null): WorkerClient =>
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
        if (priority !== null) setProcessPriority(pid, priority)
      },
      ...(idleMs === undefined ? {} : { idleMs }),
    })
  // Texts of documents that end their processes must not keep questions from being embedded.
  const forQuestions = createClient(new CrashBreaker({ clock }), null)
  const documentsBreaker = new CrashBreaker({ clock })
  const forDocuments = Array.from({ length: processCount }, (_, index) =>
    createClient(documentsBreaker, index === 0 ? importPriority : backgroundPriority),
  )
  const clients = [forQuestions, ...forDocuments]

  /** Those that may take work of this kind now. A question waits for no process to start, unless many texts wait with it. */
  const allowedClients = (kind: 'interactive' | 'background'): readonly WorkerClient[] => {
    if (kind === 'background') return isYielding ? forDocuments.slice(-1) : forDocuments
    const others = isYielding ? forDocuments.slice(0, -1) : forDocuments
    return [forQuestions, ...others.filter(({ pid }) => pid !== undefined || interactive.length > burstTexts)]
  }
  /** The one with the least to do; undefined when each has enough. */
  const freeClient = (kind: 'interactive' | 'background'): WorkerClient | undefined => {
    // Stable: the first process wins a tie, so that a question takes its own.
    const [least] = allowedClients(kind).toSorted((one, other) => one.pendingCount - other.pendingCount)
    return least !== undefined && least.pendingCount < pipelinedTexts ? least : undefined
  }

  const dispatch = (): void => {
    for (const [queue, kind] of [
      [interactive, 'interactive'],
      [background, 'background'],
    ] as const) {
      for (let client = freeClient(kind); client !== undefined && queue.length > 0; client = freeClient(kind)) {
        const task = queue.shift()
        if (task !== undefined && !task.call.isOver) void run(client, task, queue)
      }
    }
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
