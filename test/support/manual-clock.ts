import type { Clock } from '../../src/main/ports/clock.ts'

/** Time that moves only when a test says so; callbacks run in the order they fall due. */
export interface ManualClock extends Clock {
  advance(milliseconds: number): void
  readonly waiting: number
}

export function createManualClock(startsAt = 1_700_000_000_000): ManualClock {
  let time = startsAt
  let timers: { readonly due: number; readonly callback: () => void }[] = []
  return {
    now: () => time,
    after(delayMs, callback) {
      const timer = { due: time + delayMs, callback }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
    advance(milliseconds) {
      const end = time + milliseconds
      for (;;) {
        const [next] = timers.filter(({ due }) => due <= end).toSorted((a, b) => a.due - b.due)
        if (next === undefined) break
        timers = timers.filter((other) => other !== next)
        time = next.due
        next.callback()
      }
      time = end
    },
    get waiting() {
      return timers.length
    },
  }
}
