import type { Clock } from '../ports/clock.ts'
import type { DocumentStore } from '../ports/document-store.ts'
import type { ChunkIndex } from '../ports/indexes.ts'
import type { Log } from '../ports/log.ts'

/** After this long without work, */
const idleMs = 3_000
/** and again, while that finds something, when no search reads the files of before any longer. */
export const againMs = 20_000
/** Between two steps in the records, which main takes itself: several times as long as one, so that whatever comes in is done first. */
export const betweenStepsMs = 10

export interface TidyingAtRest {
  /** To be called whenever nothing is left to do. */
  rested(): void
  /** Nothing begins any more; resolves when what runs has ended. */
  end(): Promise<void>
}

export interface TidyingParts {
  readonly documents: Pick<DocumentStore, 'tidyKeywords'>
  readonly chunkIndex: Pick<ChunkIndex, 'optimise'>
  /** Looked at when the time has come. */
  readonly isBusy: () => boolean
  readonly clock: Clock
  readonly log: Log
}

/** Clears the keyword index and compacts the vectors while the import rests. A failure is logged: the next rest tries again. */
export function createTidyingAtRest({ documents, chunkIndex, isBusy, clock, log }: TidyingParts): TidyingAtRest {
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
  const tidyKeywords = async (): Promise<void> => {
    while (!isEnded && !isBusy() && documents.tidyKeywords()) {
      await new Promise<void>((resolve) => clock.after(betweenStepsMs, resolve))
    }
  }
  const tidy = async (): Promise<void> => {
    try {
      await tidyKeywords()
      if (isEnded || isBusy()) return
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
