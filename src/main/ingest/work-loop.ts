import { AppError, isAbortError } from '../../shared/errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'

/** After a failure the work is tried again after this long. */
const retryMs = 5_000
/** A worker that ended too often refuses work for a minute. */
const restMs = 61_000
/** Failures in a row after which the failure is told; trying goes on. */
const failuresUntilTold = 4

/** Work that is done whenever there is some, one run at a time, and tried again after a failure. */
export interface WorkLoop {
  /** There may be work: look. During a run it makes another run follow. */
  start(): void
  /** Running, or about to try again after a failure that is not told yet. */
  readonly isBusy: boolean
  /** A failure that a person should know; null as soon as a run succeeds. */
  readonly failure: AppError | null
  /** Resolves when nothing runs any more. Call after the signal was aborted. */
  ended(): Promise<void>
}

export interface WorkLoopOptions {
  /** For the log. */
  readonly name: string
  /** Does all there is to do. */
  readonly work: () => Promise<void>
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal
  /** After each run, and whenever `failure` may have changed. */
  readonly onSettled: () => void
}

export function createWorkLoop({ name, work, clock, log, signal, onSettled }: WorkLoopOptions): WorkLoop {
  let running: Promise<void> | null = null
  let mustRunAgain = false
  let cancelRetry: (() => void) | null = null
  let lastFailure: AppError | null = null
  let failures = 0

  const isTold = (failure: AppError): boolean =>
    !isResting(failure) && (!failure.retryable || failure.code === 'storage-full' || failures >= failuresUntilTold)

  const run = async (): Promise<void> => {
    do {
      mustRunAgain = false
      try {
        await work()
        lastFailure = null
        failures = 0
      } catch (error) {
        if (signal.aborted) return
        // The work was interrupted, not the loop.
        if (isAbortError(error)) continue
        lastFailure = toFailure(error)
        failures += 1
        log.warn(`import: ${name} stopped, ${lastFailure.code}`, error)
        cancelRetry = clock.after(isResting(lastFailure) ? restMs : retryMs, () => {
          cancelRetry = null
          start()
        })
        return
      }
    } while (mustRunAgain && !signal.aborted)
  }

  const start = (): void => {
    mustRunAgain = true
    if (running !== null || cancelRetry !== null || signal.aborted) return
    running = run().finally(() => {
      running = null
      onSettled()
    })
  }

  signal.addEventListener('abort', () => cancelRetry?.(), { once: true })
  return {
    start,
    get isBusy() {
      return running !== null || (lastFailure !== null && !isTold(lastFailure))
    },
    get failure() {
      return lastFailure !== null && isTold(lastFailure) ? lastFailure : null
    },
    async ended() {
      await running
    },
  }
}

function isResting(failure: AppError): boolean {
  return failure.details?.['reason'] === 'resting'
}

function toFailure(error: unknown): AppError {
  if (error instanceof AppError) return error
  return new AppError('internal', 'Import stopped. It is tried again by itself; the log has the details.', {
    retryable: true,
    cause: error,
  })
}
