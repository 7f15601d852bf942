import { setImmediate as nextTurn } from 'node:timers/promises'
import { AppError, isAbortError, serializeError } from '../../../shared/errors.ts'
import type { WatchedFolder, WatchedFolderId, WatchedFolderState } from '../../../shared/watched-folder.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { WatchedFolderRecord } from '../../ports/watched-folder-store.ts'
import { createChangeCollector } from './change-collector.ts'
import type { FolderEvents } from './folder-events.ts'
import { lookFailed, noEvents, partsUnreadable } from './folder-failures.ts'
import { isFolderThere, lookAtFolder, type Look, type LookParts } from './look-at-folder.ts'

/** A missing file counts as removed after this long: some programs save by removing a file and writing it anew. */
const graceMs = 1_500
/** Whether a folder is there (again), and for folders without events, what is in them. */
const checkMs = 5_000
const checksWithoutEvents = 24
const checksAfterFailure = 6
/** Records dropped in one go: a few milliseconds. */
const droppedAtOnce = 20

export interface FollowedFolderParts extends LookParts {
  readonly events: FolderEvents
  readonly clock: Clock
  readonly log: Log
  /** Files were queued, or the library has fewer. */
  readonly onWork: () => void
  /** What {@link FollowedFolder.describe} says may have changed. */
  readonly onChange: () => void
}

/** One watched folder: notices, waits until it is quiet, looks, and says whether folder and library agree. */
export interface FollowedFolder extends AsyncDisposable {
  readonly id: WatchedFolderId
  /** Looks at everything. Resolves when the library knows of all that is there and of nothing that is not (or the folder is gone). */
  look(): Promise<void>
  /** The same, in the background: what goes wrong is part of what {@link FollowedFolder.describe} says. */
  requestLook(): void
  /** From now on changes are noticed. */
  follow(): void
  /** The library read something: perhaps both agree now. */
  recheck(): void
  describe(): WatchedFolder
}

export function createFollowedFolder(id: WatchedFolderId, parts: FollowedFolderParts): FollowedFolder {
  const { clock, log, documents, folders } = parts
  const controller = new AbortController()
  const { signal } = controller
  const changes = createChangeCollector()
  /** Paths that were not there when they were last looked at, since when. */
  const missing = new Map<string, number>()
  const waiters = new Set<PromiseWithResolvers<void>>()
  let state: WatchedFolderState = 'at-rest'
  let eventsProblem: AppError | null = null
  let lookProblem: AppError | null = null
  let unlisted = 0
  let isFollowing = false
  let stopEvents: (() => Promise<void>) | null = null
  let looking: Promise<void> | null = null
  let cancelTimer: (() => void) | null = null
  let cancelCheck: (() => void) | null = null
  let checks = 0

  const record = (): WatchedFolderRecord => {
    const found = folders.folders().find((folder) => folder.id === id)
    if (found === undefined) throw new AppError('not-found', 'This folder is no longer followed.')
    return found
  }

  const setState = (next: WatchedFolderState): void => {
    if (next === state) return
    state = next
    if (next === 'in-step') folders.update(id, { inStepAt: clock.now() })
    parts.onChange()
  }

  const isAway = (): boolean => state === 'gone' || state === 'unreadable'

  /** Nothing waits to be looked at: what was found is in the library, or about to be read. */
  const settle = (): void => {
    if (signal.aborted || looking !== null || changes.dueInMs(clock.now()) !== null) return
    // What could not be compared is in step with nothing; it is tried again.
    if (lookProblem !== null) return
    if (!isAway()) setState(folders.counts(id).waiting > 0 ? 'reading' : 'in-step')
    for (const waiter of waiters) waiter.resolve()
    waiters.clear()
  }

  const schedule = (): void => {
    cancelTimer?.()
    cancelTimer = null
    if (looking !== null || signal.aborted) return
    const dueInMs = changes.dueInMs(clock.now())
    if (dueInMs === null) settle()
    else cancelTimer = clock.after(dueInMs, startLook)
  }

  const requestLook = (): void => {
    changes.noteAll()
    schedule()
  }

  const startLook = (): void => {
    if (looking !== null || signal.aborted) return
    looking = lookNow()
      .catch((error: unknown) => {
        if (signal.aborted || isAbortError(error)) return
        log.warn('watched folder: a look failed', error)
        lookProblem = error instanceof AppError ? error : lookFailed(error)
        for (const waiter of waiters) waiter.reject(lookProblem)
        waiters.clear()
        parts.onChange()
      })
      .finally(() => {
        looking = null
        schedule()
      })
  }

  const lookNow = async (): Promise<void> => {
    const due = changes.take(clock.now())
    if (due === null) return
    if (!isAway()) setState('looking')
    if (isFollowing && (await isFolderThere(record()))) await startNoticing()
    const look = await lookAtFolder(record(), due, parts, { signal })
    if (look.what !== 'looked') {
      await stopNoticing()
      setState(look.what)
      return
    }
    unlisted = due.paths === 'all' ? look.unlisted : Math.max(unlisted, look.unlisted)
    lookProblem = null
    state = 'looking'
    await dropWhatIsMissing(due.paths, look)
    for (const path of look.unsettled) changes.note(path, clock.now())
    if (look.queued > 0 || look.moved > 0) parts.onWork()
  }

  const dropWhatIsMissing = async (
    lookedAt: readonly string[] | 'all',
    { vanished }: Extract<Look, { what: 'looked' }>,
  ): Promise<void> => {
    const now = clock.now()
    const gone = new Set(vanished.map(({ path }) => path))
    for (const path of lookedAt === 'all' ? [...missing.keys()] : lookedAt) if (!gone.has(path)) missing.delete(path)
    const dropped: string[] = []
    for (const { path, sizeBytes } of vanished) {
      const since = missing.get(path) ?? now
      // A file of its size is about to be read: if that is the same file elsewhere, its document must still be there.
      if (now - since >= graceMs && !documents.isSizeQueued(sizeBytes)) {
        missing.delete(path)
        dropped.push(path)
      } else missing.set(path, since)
    }
    for (let start = 0; start < dropped.length; start += droppedAtOnce) {
      signal.throwIfAborted()
      documents.dropFiles(dropped.slice(start, start + droppedAtOnce))
      await nextTurn()
    }
    if (dropped.length > 0) parts.onWork()
    // Again after the grace period.
    for (const path of missing.keys()) changes.note(path, now + graceMs)
  }

  const startNoticing = async (): Promise<void> => {
    if (stopEvents !== null) return
    const { path, rules } = record()
    try {
      stopEvents = await parts.events.watch(path, {
        ignoredFolders: [
          ...(rules.skipsHidden ? ['.*'] : []),
          ...rules.patterns.flatMap((pattern) => /^[\w.-]+(?=\/$)/.exec(pattern)?.[0] ?? []),
        ],
        onPaths: (paths) => {
          const now = clock.now()
          for (const changed of paths) {
            if (changed === path) changes.noteAll()
            else changes.note(changed, now)
          }
          schedule()
        },
        onLost: (cause) => {
          log.warn('watched folder: file events were lost', cause)
          void restartNoticing()
        },
      })
      eventsProblem = null
    } catch (cause) {
      if (eventsProblem === null) log.warn('watched folder: the system gives no file events', cause)
      eventsProblem = noEvents(cause)
    }
  }

  const stopNoticing = async (): Promise<void> => {
    const stop = stopEvents
    stopEvents = null
    try {
      await stop?.()
    } catch (cause) {
      // The folder is gone, and its watch with it.
      log.verbose(`watched folder: its watch could not be ended, ${String(cause)}`)
    }
  }

  const restartNoticing = async (): Promise<void> => {
    await stopNoticing()
    requestLook()
  }

  /** A folder that is gone may be back; one that gives no events is looked at from time to time. */
  const check = (): void => {
    cancelCheck = clock.after(checkMs, check)
    checks += 1
    void needsLook().then((isNeeded) => {
      if (isNeeded) requestLook()
    })
  }

  const needsLook = async (): Promise<boolean> => {
    if (looking !== null || signal.aborted) return false
    const isThere = await isFolderThere(record())
    if (isAway()) return isThere
    if (lookProblem !== null) return checks % checksAfterFailure === 0
    return !isThere || (stopEvents === null && checks % checksWithoutEvents === 0)
  }

  return {
    id,
    async look() {
      const waiter = Promise.withResolvers<void>()
      waiters.add(waiter)
      requestLook()
      await waiter.promise
    },
    requestLook,
    follow() {
      isFollowing = true
      requestLook()
      cancelCheck ??= clock.after(checkMs, check)
    },
    recheck() {
      if (state === 'reading' || state === 'in-step') schedule()
    },
    describe() {
      const { path, rules, isPaused, inStepAt } = record()
      const { files, waiting, leftOut } = folders.counts(id)
      const problem = lookProblem ?? eventsProblem ?? (unlisted > 0 ? partsUnreadable(unlisted) : null)
      return {
        id,
        path,
        state: isPaused ? 'paused' : state,
        problem: problem === null ? null : serializeError(problem),
        rules,
        fileCount: files,
        waitingCount: waiting,
        leftOutCount: leftOut,
        inStepAt,
      }
    },
    async [Symbol.asyncDispose]() {
      if (state === 'in-step') folders.update(id, { inStepAt: clock.now() })
      controller.abort()
      cancelTimer?.()
      cancelCheck?.()
      for (const waiter of waiters) waiter.reject(signal.reason)
      waiters.clear()
      await looking
      await stopNoticing()
    },
  }
}
