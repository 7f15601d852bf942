import type { Clock } from '../ports/clock.ts'
import { stalled } from './server-errors.ts'

/** How long a server may be silent, and how much it may send at once. */
export interface AnswerLimits {
  readonly clock: Clock
  /** Longest wait for the first line: loading a large model and reading a long prompt take minutes. */
  readonly firstLineTimeoutMs: number
  /** Longest wait between two lines. */
  readonly lineTimeoutMs: number
  readonly maxLineBytes: number
}

/** Longest wait for the first line, half an hour; between two lines, two minutes; longest line, 1 MiB. */
export const usualAnswerLimits = {
  firstLineTimeoutMs: 30 * 60_000,
  lineTimeoutMs: 120_000,
  maxLineBytes: 1024 * 1024,
} as const

/**
 * Waits for the server, but not for ever: too long a silence aborts `ending` with an AppError `generation-stalled`. The timer
 * runs only during this wait, so a consumer may take its time. `hasBegun`: a piece of the answer has come.
 */
export async function waitForServer<T>(
  promise: Promise<T>,
  ending: AbortController,
  limits: AnswerLimits,
  { hasBegun, server }: { readonly hasBegun: boolean; readonly server: string },
): Promise<T> {
  const silentMs = hasBegun ? limits.lineTimeoutMs : limits.firstLineTimeoutMs
  const cancelTimer = limits.clock.after(silentMs, () => ending.abort(stalled(silentMs, hasBegun, server)))
  try {
    return await promise
  } finally {
    cancelTimer()
  }
}
