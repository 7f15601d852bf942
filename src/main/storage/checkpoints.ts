import type { Log } from '../ports/log.ts'
import type { Database } from './database.ts'
import type { SearchThread } from './search-thread.ts'

const commitsBetweenCheckpoints = 64
/** 64 MB: only if the thread cannot keep up, main does it itself. */
const pagesBeforeMainDoesIt = 16_384

/**
 * Has another thread move the write-ahead log into the database file. SQLite would do it inside a commit of main, which
 * then waits for the disk: 10 ms here, much more on a slow one.
 */
export function checkpointElsewhere(
  database: Database,
  thread: SearchThread,
  options: { readonly signal: AbortSignal; readonly log: Log },
): void {
  let commits = 0
  let isRunning = false
  database.script(`PRAGMA wal_autocheckpoint = ${pagesBeforeMainDoesIt}`)
  database.onCommit(() => {
    commits += 1
    if (commits < commitsBetweenCheckpoints || isRunning || options.signal.aborted) return
    commits = 0
    isRunning = true
    thread
      .ask({ kind: 'checkpoint' }, { signal: options.signal })
      .catch((error: unknown) => {
        if (!options.signal.aborted) options.log.warn('the write-ahead log could not be moved into the database', error)
      })
      .finally(() => {
        isRunning = false
      })
  })
}
