import { AppError } from '../../shared/errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { PasswordCheck } from '../ports/parsing.ts'
import type { WorkerTransport } from '../ports/workers.ts'
import { WorkerClient } from './client.ts'
import { CrashBreaker } from './crash-breaker.ts'
import { type UnlockInput, unlockedSchema } from './protocol.ts'
import { workerArguments, workerEnvironment } from './worker-arguments.ts'
import { parserLimits } from './worker-limits.ts'

export interface PasswordCheckOptions {
  readonly transport: WorkerTransport
  readonly modelsFolder: string
  readonly clock: Clock
  readonly log: Log
}

/** The process is needed for the moment in which somebody types. */
const idleMs = 30_000
/** Ten million rounds of hashing take half of this. */
const checkMs = 60_000

/** {@link PasswordCheck} in a parser process of its own: who typed a password does not wait for a book that is being read. */
export function createPasswordCheck(options: PasswordCheckOptions): PasswordCheck & AsyncDisposable {
  const { transport, modelsFolder, clock, log } = options
  const client = new WorkerClient({
    transport,
    entry: 'parser',
    environment: workerEnvironment,
    workerArguments: workerArguments(modelsFolder),
    clock,
    log,
    breaker: new CrashBreaker({ clock }),
    idleMs,
    limits: { ...parserLimits, openMs: checkMs, totalMs: checkMs },
  })
  return {
    async opens(file, { signal }) {
      const input: UnlockInput = { path: file.path, password: file.password }
      const value = await client.request({ method: 'unlock', input, subject: file.path, signal })
      const parsed = unlockedSchema.safeParse(value)
      if (parsed.success) return parsed.data.opens
      throw new AppError(
        'internal',
        'The reader of files sent something unexpected. Try again; the log has the details.',
        {
          retryable: true,
          cause: parsed.error,
        },
      )
    },
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  }
}
