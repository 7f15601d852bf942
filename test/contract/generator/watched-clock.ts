import { createManualClock, type ManualClock } from '../../support/manual-clock.ts'

/** A manual clock that also says when a timer is set, so that a test moves time only when it matters. */
export interface WatchedClock extends ManualClock {
  /** Resolves when a timer of exactly `delayMs` waits. */
  waitForTimer(delayMs: number): Promise<void>
}

/** A clock for tests of time-outs. */
export function createWatchedClock(): WatchedClock {
  const clock = createManualClock()
  const set: number[] = []
  let waiters: { readonly delayMs: number; readonly resolve: () => void }[] = []
  return {
    now: () => clock.now(),
    advance: (milliseconds) => clock.advance(milliseconds),
    get waiting() {
      return clock.waiting
    },
    after(delayMs, callback) {
      const cancel = clock.after(delayMs, callback)
      set.push(delayMs)
      for (const waiter of waiters) if (waiter.delayMs === delayMs) waiter.resolve()
      waiters = waiters.filter((waiter) => waiter.delayMs !== delayMs)
      return () => {
        const at = set.indexOf(delayMs)
        if (at !== -1) set.splice(at, 1)
        cancel()
      }
    },
    waitForTimer: (delayMs) =>
      set.includes(delayMs) ? Promise.resolve() : new Promise((resolve) => waiters.push({ delayMs, resolve })),
  }
}
