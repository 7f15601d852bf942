import { median } from './statistics.ts'

export interface StallSummary {
  /** Of one turn, in ms, idle resolution subtracted. */
  readonly longestMs: number
  /** 0..1: time in stalls over 20 ms against the whole time watched. */
  readonly lostShare: number
  readonly wallMs: number
}

const stallMs = 20

/**
 * From the gaps between turns of a timer that asks for the shortest delay. `idleGaps` were taken while nothing ran: their
 * median is what the timer costs by itself, and is no stall.
 */
export function summariseStalls(gaps: readonly number[], idleGaps: readonly number[]): StallSummary {
  const resolutionMs = median(idleGaps)
  const wallMs = gaps.reduce((sum, gap) => sum + gap, 0)
  const delays = gaps.map((gap) => Math.max(0, gap - resolutionMs))
  const lostMs = delays.filter((delay) => delay > stallMs).reduce((sum, delay) => sum + delay, 0)
  return { longestMs: delays.reduce((most, delay) => Math.max(most, delay), 0), lostShare: lostMs / wallMs, wallMs }
}

/** Gaps between turns of the event loop, by a timer that asks for the shortest delay, in ms, in this process. */
export async function gapsDuring(work: () => Promise<void>): Promise<readonly number[]> {
  const gaps: number[] = []
  let isRunning = true
  let lastMs = performance.now()
  const tick = (): void => {
    const nowMs = performance.now()
    gaps.push(nowMs - lastMs)
    lastMs = nowMs
    if (isRunning) setTimeout(tick, 1)
  }
  setTimeout(tick, 1)
  try {
    await work()
  } finally {
    isRunning = false
  }
  return gaps
}
