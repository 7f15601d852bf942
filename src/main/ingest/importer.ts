import { AppError, isAbortError } from '../../shared/errors.ts'
import type { ChunkIndex, Clock, DocumentStore, Embedder, Log, Parser } from '../interfaces.ts'
import { embedPending } from './embed-queue.ts'
import { createQueueReader } from './read-queue.ts'
import { scanPaths } from './scan-paths.ts'

/** Removed documents purged in one slice. */
const purgeDocuments = 20
/** After a failure of the embedders: wait this long, then try again. */
const embedRetryMs = 5_000
/** A reader that ended too often refuses work for a minute. */
const readerRestMs = 61_000
/** Failures in a row after which who waits is told; trying goes on. */
const failuresUntilTold = 4
/** The index is compacted after this long without work. */
const idleMs = 3_000

/**
 * Files flow through here into storage: scan, read, embed, and what removal leaves is cleared. Two loops run side by side,
 * reading and embedding; each sleeps while nothing waits. One owner, so that pausing and quitting are one call.
 */
export interface Importer extends AsyncDisposable {
  /** Queues the files under these paths. A path that cannot be listed is queued too, and its row will say why. @returns how many. */
  add(paths: readonly string[], options: { readonly signal: AbortSignal }): Promise<number>
  /** Something was queued, removed or retried by others: look again. */
  wake(): void
  /** Resolves when nothing is queued, being read, or waiting for a vector. @throws what the embedders failed with. */
  idle(options: { readonly signal: AbortSignal }): Promise<void>
}

export interface ImporterParts {
  readonly documents: DocumentStore
  readonly chunkIndex: ChunkIndex
  readonly embedder: Embedder
  readonly parser: Parser
  readonly clock: Clock
  readonly log: Log
  /** Resolves when both stores agree; nothing is read or embedded before. */
  readonly ready: Promise<void>
  /** Whether what an earlier run left is taken up without being asked. */
  readonly resumes: boolean
}

export function createImporter(parts: ImporterParts): Importer {
  const { documents, chunkIndex, clock, log } = parts
  const controller = new AbortController()
  const { signal } = controller
  let isReady = false
  let isWanted = parts.resumes
  let startFailure: { readonly error: unknown } | null = null
  let isReading = false
  let isEmbedding = false
  let scans = 0
  let embedFailure: AppError | null = null
  let embedFailures = 0
  let cancelRetry: (() => void) | null = null
  let cancelRest: (() => void) | null = null
  let cancelOptimise: (() => void) | null = null
  const idleWaiters: { readonly resolve: () => void; readonly reject: (error: unknown) => void }[] = []
  const running = new Set<Promise<void>>()
  const reader = createQueueReader(parts)

  const track = (work: Promise<void>): void => {
    const tracked: Promise<void> = work
      .catch((error: unknown) => {
        if (!isAbortError(error)) log.error('import: a loop failed', error)
      })
      .finally(() => running.delete(tracked))
    running.add(tracked)
  }

  const settleIdle = (): void => {
    if (signal.aborted || !isReady || isReading || isEmbedding || scans > 0 || cancelRest !== null) return
    const isTold = embedFailure !== null && (!embedFailure.retryable || embedFailures >= failuresUntilTold)
    if (embedFailure !== null && !isTold) return
    for (const waiter of idleWaiters.splice(0)) {
      if (embedFailure === null) waiter.resolve()
      else waiter.reject(embedFailure)
    }
    cancelOptimise?.()
    cancelOptimise = clock.after(idleMs, () => track(chunkIndex.optimise()))
  }

  const readLoop = async (): Promise<void> => {
    if (isReading || cancelRest !== null) return
    isReading = true
    cancelOptimise?.()
    try {
      for (let file = documents.nextQueuedFile(); file !== null; file = documents.nextQueuedFile()) {
        const outcome = await reader.read(file, { signal })
        track(embedLoop())
        if (outcome !== 'resting') continue
        cancelRest = clock.after(readerRestMs, () => {
          cancelRest = null
          track(readLoop())
        })
        break
      }
    } finally {
      isReading = false
      if (!signal.aborted) track(embedLoop())
      settleIdle()
    }
  }

  const embedLoop = async (): Promise<void> => {
    if (isEmbedding || cancelRetry !== null) return
    isEmbedding = true
    cancelOptimise?.()
    try {
      // A document that became searchable while the last vectors were stored is taken in the next round.
      do {
        await purgeRemoved()
        await embedPending(parts, { signal })
      } while (documents.pendingChunks(1).length > 0)
      embedFailure = null
      embedFailures = 0
    } catch (error) {
      signal.throwIfAborted()
      embedFailure =
        error instanceof AppError
          ? error
          : new AppError('internal', 'Embedding stopped. It is tried again by itself; the log has the details.', {
              retryable: true,
              cause: error,
            })
      embedFailures += 1
      log.warn(`import: embedding stopped, ${embedFailure.code}`, error)
      cancelRetry = clock.after(embedRetryMs, () => {
        cancelRetry = null
        track(embedLoop())
      })
    } finally {
      isEmbedding = false
      settleIdle()
    }
  }

  const purgeRemoved = async (): Promise<void> => {
    for (;;) {
      const keys = documents.removedDocumentKeys(purgeDocuments)
      if (keys.length === 0) return
      await chunkIndex.removeDocuments(keys)
      while (!documents.purgeRemoved(keys)) {
        signal.throwIfAborted()
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
  }

  const wake = (): void => {
    isWanted = true
    if (signal.aborted || !isReady) return
    track(readLoop())
    track(embedLoop())
  }

  track(
    parts.ready.then(
      () => {
        isReady = true
        if (isWanted) wake()
        else settleIdle()
      },
      (error: unknown) => {
        // Nothing is read into stores that do not agree; who waits is told.
        startFailure = { error }
        for (const waiter of idleWaiters.splice(0)) waiter.reject(error)
        throw error
      },
    ),
  )

  return {
    async add(paths, options) {
      scans += 1
      try {
        let queued = 0
        for await (const found of scanPaths(paths, { signal: AbortSignal.any([signal, options.signal]) })) {
          const file = 'file' in found ? found.file : { path: found.unlisted.path, sizeBytes: 0, modifiedAt: 0 }
          if (documents.queueFile(file)) queued += 1
          if (queued === 1) wake()
        }
        return queued
      } finally {
        scans -= 1
        wake()
      }
    },
    wake,
    async idle(options) {
      options.signal.throwIfAborted()
      if (startFailure !== null) throw startFailure.error
      wake()
      await new Promise<void>((resolve, reject) => {
        const waiter = { resolve, reject }
        idleWaiters.push(waiter)
        options.signal.addEventListener('abort', () => reject(options.signal.reason), { once: true })
        settleIdle()
      })
    },
    async [Symbol.asyncDispose]() {
      controller.abort()
      cancelRetry?.()
      cancelRest?.()
      cancelOptimise?.()
      for (const waiter of idleWaiters.splice(0)) waiter.reject(signal.reason)
      while (running.size > 0) await Promise.allSettled(running)
    },
  }
}
