import { AppError } from '../../shared/errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { PageRecogniser } from '../ports/parsing.ts'
import type { WorkerTransport } from '../ports/workers.ts'
import { WorkerClient } from './client.ts'
import { CrashBreaker } from './crash-breaker.ts'
import { backgroundPriority, trySetPriority } from './process-priority.ts'
import { type RecogniseInput, recognisedSchema } from './protocol.ts'
import { workerArguments, workerEnvironment } from './worker-arguments.ts'
import { recogniserLimits, type WorkerLimits } from './worker-limits.ts'

export interface RecogniserClientOptions {
  readonly transport: WorkerTransport
  /** Absolute: the language data stand there too. */
  readonly modelsFolder: string
  readonly clock: Clock
  readonly log: Log
  /** By default {@link recogniserLimits}. */
  readonly limits?: WorkerLimits
}

/** The pid of the process, for tests. */
export interface RecogniserClient extends PageRecogniser, AsyncDisposable {
  readonly pid: number | undefined
}

/** The language data take 150 MB: not for longer than needed. */
const idleMs = 60_000

/** {@link PageRecogniser} in a process of its own, at the lowest priority: reading and embedding other documents goes first. */
export function createRecogniserClient(options: RecogniserClientOptions): RecogniserClient {
  const { transport, modelsFolder, clock, log, limits = recogniserLimits } = options
  const client = new WorkerClient({
    transport,
    entry: 'recogniser',
    environment: workerEnvironment,
    workerArguments: workerArguments(modelsFolder),
    clock,
    log,
    breaker: new CrashBreaker({ clock }),
    idleMs,
    limits,
    onReady: (pid) => void trySetPriority(pid, backgroundPriority, log),
  })
  return {
    get pid() {
      return client.pid
    },
    async recognise(page, { signal }) {
      const { passwords, ...rest } = page
      const value = await client.request({
        method: 'recognise',
        input: { ...rest, passwords: [...passwords] } satisfies RecogniseInput,
        subject: `${page.documentId} ${page.page}`,
        signal,
      })
      const parsed = recognisedSchema.safeParse(value)
      if (parsed.success) return parsed.data
      throw new AppError(
        'internal',
        'The reader of scans sent something unexpected. Try again; the log has the details.',
        {
          retryable: true,
          cause: parsed.error,
        },
      )
    },
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  }
}
