/** Only the last minute of work says how fast it goes now. */
const windowMs = 60_000
/** Before this much work was seen, nothing is said. */
const leastMs = 3_000

/** How many things a second get done, over the last minute in which there was work. */
export interface RateMeter {
  /** Work goes on from now; the time before did not count. */
  begin(): void
  /** Nothing to do, or paused: time stops counting. */
  end(): void
  add(count: number): void
  /** Null until enough was seen to say. */
  readonly perSecond: number | null
}

/** @param now milliseconds */
export function createRateMeter(now: () => number): RateMeter {
  /** `at`: milliseconds of work until then. */
  const samples: { readonly at: number; readonly count: number }[] = []
  let workedMs = 0
  let since: number | null = null

  const worked = (): number => workedMs + (since === null ? 0 : Math.max(0, now() - since))
  return {
    begin() {
      since ??= now()
    },
    end() {
      workedMs = worked()
      since = null
    },
    add(count) {
      samples.push({ at: worked(), count })
      const from = worked() - windowMs
      while ((samples[0]?.at ?? Infinity) < from) samples.shift()
    },
    get perSecond() {
      const until = worked()
      const from = Math.max(0, until - windowMs)
      const count = samples.reduce((sum, sample) => (sample.at >= from ? sum + sample.count : sum), 0)
      const spanMs = until - from
      return count === 0 || spanMs < leastMs ? null : (count * 1_000) / spanMs
    },
  }
}
