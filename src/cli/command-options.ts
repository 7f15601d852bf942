import type { Readable } from 'node:stream'
import type { Output } from './output.ts'

/** 0 done, 1 failed, 2 wrong usage, 3 some files failed (each was named). */
export const exitCodes = { done: 0, failed: 1, wrongUsage: 2, someFilesFailed: 3 } as const
export type ExitCode = number

export interface CommandOptions {
  readonly output: Output
  /** Standard input. */
  readonly input: Readable
  readonly isJson: boolean
  /** Ctrl-C, a closed terminal, a reader that has gone. */
  readonly signal: AbortSignal
}
