import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'

/** Between two saves of an answer that is being written: what a crash may cost of it. */
const saveEveryMs = 1_000

/** Saves an answer while it is written, at most once a second; the end of it is saved by who ends it. */
export interface ProgressSaver extends Disposable {
  /** There is more of the answer. */
  changed(): void
  /** Something worth saving at once. */
  saveNow(): void
}

/** A save that fails (a full disk) is only logged: the answer goes on, and its end says what could not be kept. */
export function createProgressSaver(parts: {
  readonly save: () => void
  readonly clock: Clock
  readonly log: Log
}): ProgressSaver {
  const { save, clock, log } = parts
  let cancel: (() => void) | null = null

  const saveNow = (): void => {
    cancel?.()
    cancel = null
    try {
      save()
    } catch (error) {
      log.warn('an answer could not be saved while it is written', error)
    }
  }

  return {
    changed() {
      cancel ??= clock.after(saveEveryMs, saveNow)
    },
    saveNow,
    [Symbol.dispose]() {
      cancel?.()
      cancel = null
    },
  }
}
