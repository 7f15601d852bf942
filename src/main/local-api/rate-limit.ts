/** Requests let through at once, and then a second. */
export interface RateLimits {
  readonly burst: number
  readonly perSecond: number
}

export interface RateLimit {
  /** @returns true when this request may go on. `nowMs` never goes back. */
  take(nowMs: number): boolean
}

/** A bucket that fills steadily: a short burst is fine, a loop that has run wild is slowed down. */
export function createRateLimit({ burst, perSecond }: RateLimits): RateLimit {
  let left = burst
  let filledAtMs: number | null = null
  return {
    take(nowMs) {
      const elapsedMs = Math.max(0, nowMs - (filledAtMs ?? nowMs))
      left = Math.min(burst, left + (elapsedMs / 1_000) * perSecond)
      filledAtMs = nowMs
      if (left < 1) return false
      left -= 1
      return true
    },
  }
}
