import type { Clock } from '../ports/clock.ts'

/**
 * Which versions of one table may still be read. LanceDB removes the files of old versions by age and knows nothing of its
 * readers: a search that began before a compaction would miss its files in the middle of it.
 */
export interface VersionsInUse {
  /**
   * Runs a read. Until it has ended, the version that it found at its beginning and all later ones are kept. Where it fails
   * beside a change it is run again after that, since nobody can say to LanceDB exactly what to keep.
   */
  read<Result>(work: () => Promise<Result>): Promise<Result>
  /** Runs a change, which makes a newer version; one at a time. */
  change<Result>(work: () => Promise<Result>): Promise<Result>
  /** Whether any read is running. */
  readonly isRead: boolean
  /** Versions stamped before this moment may go, in milliseconds since 1970. */
  oldestNeededMs(): number
}

const mostAttempts = 3

/** @param clock must be the one that stamps the versions: the system's. */
export function trackVersionsInUse(clock: Clock): VersionsInUse {
  // The present version is not older than this. What an earlier process left has no known age until the first change.
  let presentSinceMs = 0
  let changing: Promise<unknown> | null = null
  let changesEnded = 0
  const readers = new Set<{ readonly sinceMs: number }>()

  return {
    read: async (work) => {
      for (let attempt = 1; ; attempt += 1) {
        const [changingBefore, endedBefore] = [changing, changesEnded]
        const reader = { sinceMs: presentSinceMs }
        readers.add(reader)
        try {
          return await work()
        } catch (error) {
          const isBesideChange = changing !== null || changingBefore !== null || changesEnded !== endedBefore
          if (!isBesideChange || attempt === mostAttempts) throw error
          await changing
        } finally {
          readers.delete(reader)
        }
      }
    },

    change: async (work) => {
      const beganMs = clock.now()
      const { promise, resolve } = Promise.withResolvers<void>()
      changing = promise
      try {
        const result = await work()
        // Only now: a read that begins meanwhile may find the version before.
        presentSinceMs = beganMs
        return result
      } finally {
        changing = null
        changesEnded += 1
        resolve()
      }
    },

    get isRead() {
      return readers.size > 0
    },

    oldestNeededMs: () => {
      let oldest = presentSinceMs
      for (const { sinceMs } of readers) oldest = Math.min(oldest, sinceMs)
      return oldest
    },
  }
}
