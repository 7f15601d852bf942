import type { Clock } from '../ports/clock.ts'
import type { ChunkIndex } from '../ports/indexes.ts'
import type { Log } from '../ports/log.ts'

/** After this long without work, */
const idleMs = 3_000
/** and again, while that finds something, when no search reads the files of before any longer. */
export const againMs = 20_000

export interface TidyingAtRest {
  /** To be called whenever nothing is left to do. */
  rested(): void
  /** Nothing begins any more; resolves when what runs has ended. */
  end(): Promise<void>
}

export interface TidyingParts {
  readonly chunkIndex: Pick<ChunkIndex, 'optimise'>
  /** Looked at when the time has come. */
  readonly isBusy: () => boolean
  readonly clock: Clock
  readonly log: Log
}

/** Compacts the vectors while the import rests. A failure is logged: the next rest tries again. */
export function createTidyingAtRest({ chunkIndex, isBusy, clock, log }: TidyingParts): TidyingAtRest {
  let cancel: (() => void) | null = null
  let tidying: Promise<void> = Promise.resolve()
  let isEnded = false

  const tidyAfter = (delayMs: number): void => {
    cancel?.()
    if (isEnded) return
    cancel = clock.after(delayMs, () => {
      if (!isBusy()) tidying = tidy()
    })
  }
  const tidy = async (): Promise<void> => {
    try {
      if (await chunkIndex.optimise()) tidyAfter(againMs)
    } catch (error) {
      log.warn('import: the index could not be compacted', error)
    }
  }

  return {
    rested: () => tidyAfter(idleMs),
    end: () => {
      isEnded = true
      cancel?.()
      return tidying
    },
  }
}
