import { setPriority } from 'node:os'
import type { Log } from '../ports/log.ts'

/** Runs when nothing else wants the core. */
export const backgroundPriority = 19
/** Import goes on slowly on a busy computer, and gives way to questions, to the window and to the reading of files. */
export const importPriority = 15
/** What is read can be asked about; vectors come later. */
export const readingPriority = 3

/**
 * Sets a process's scheduling priority (-20 to 19, higher is weaker). Anyone may weaken a process; on Linux and macOS only
 * root may restore it, which is why this reports failure instead of throwing.
 */
export function trySetPriority(pid: number, priority: number, log: Log): boolean {
  try {
    setPriority(pid, priority)
    return true
  } catch (error) {
    log.verbose(
      `worker: priority ${priority} of process ${pid} was not allowed (${error instanceof Error ? error.message : 'no reason given'})`,
    )
    return false
  }
}
