import type { WorkerCrash } from '../ports/workers.ts'

/** What a worker process may take before it is ended. Times run only while it works, not while it waits for main. */
export interface WorkerLimits {
  /** Silence before the second part is begun: opening a large document is one long step. */
  readonly openMs: number
  /** Silence afterwards. */
  readonly silenceMs: number
  /** For the whole request. */
  readonly totalMs: number
  /** Memory the process holds, looked at four times a second; null: not watched. */
  readonly memoryBytes: number | null
}

export const memoryLookMs = 250

/** 1 GiB is promised; the difference is what may be taken between two looks. */
export const parserLimits: WorkerLimits = {
  openMs: 180_000,
  silenceMs: 60_000,
  totalMs: 30 * 60_000,
  memoryBytes: 896 * 1024 ** 2,
}

/** One page: drawing it, and reading it up to six times where it is hard to read. The language data take 250 MB of the memory. */
export const recogniserLimits: WorkerLimits = {
  openMs: 300_000,
  silenceMs: 300_000,
  totalMs: 300_000,
  memoryBytes: 1_792 * 1024 ** 2,
}

/** A text takes milliseconds; the weakest priority on a busy computer makes seconds of them. */
export const embedderLimits: WorkerLimits = {
  openMs: 120_000,
  silenceMs: 120_000,
  totalMs: Number.POSITIVE_INFINITY,
  memoryBytes: null,
}

/** @param work `part`: begun last, if the worker said so; `spentMs`: worked so far. @returns when to end it, and why. */
export function nextLimit(
  limits: WorkerLimits,
  work: { readonly part: number | undefined; readonly spentMs: number },
): { readonly afterMs: number; readonly reason: Exclude<WorkerCrash['reason'], 'ended' | 'memory'> } {
  const silenceMs = (work.part ?? 0) === 0 ? limits.openMs : limits.silenceMs
  const leftMs = Math.max(0, limits.totalMs - work.spentMs)
  return leftMs < silenceMs ? { afterMs: leftMs, reason: 'slow' } : { afterMs: silenceMs, reason: 'silent' }
}
