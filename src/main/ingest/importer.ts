import { AppError } from '../../shared/errors.ts'
import type { DocumentId } from '../../shared/ids.ts'
import type { ImportProgress } from '../../shared/import-progress.ts'
import type { Clock } from '../ports/clock.ts'
import type { DocumentStore } from '../ports/document-store.ts'
import type { Embedder } from '../ports/embedding.ts'
import type { ChunkIndex } from '../ports/indexes.ts'
import type { Log } from '../ports/log.ts'
import type { PageRecogniser, Parser } from '../ports/parsing.ts'
import { embedPending } from './embed-queue.ts'
import { createImportGate } from './import-gate.ts'
import { createImportPace } from './import-pace.ts'
import type { Passwords } from './passwords.ts'
import { createQueueReader } from './read-queue.ts'
import { createScanReader } from './scan-queue.ts'
import { scanPaths } from './scan-paths.ts'
import { createSelfCheck } from './self-check.ts'
import { createTidyingAtRest } from './tidy-at-rest.ts'
import { createWorkLoop } from './work-loop.ts'

/** Removed documents purged in one slice. */
const purgeDocuments = 20
const retriedAtOnce = 20

/**
 * Files flow through here into storage: scan, read, embed, look whether a search finds them; and what removal leaves is
 * cleared. All run side by side; each sleeps while nothing waits. One owner, so that quitting is one call.
 */
export interface Importer extends AsyncDisposable {
  /** Queues the files under these paths. A path that cannot be listed is queued too, and its row will say why. @returns how many. */
  add(
    paths: readonly string[],
    options: {
      readonly signal: AbortSignal
      /** Told of each file found, queued or known already, as soon as it has a row in the library. */
      readonly onFile?: (path: string) => void
    },
  ): Promise<number>
  /** Something was queued, removed or retried by others: look again. */
  wake(): void
  /** Pages of a document that wait for recognition are not read, the one under way is given up. @throws AppError `not-found` */
  stopScan(id: DocumentId): void
  /**
   * Resolves when nothing is queued, being read, being recognised, waiting for a vector or to be found; while import is
   * paused, as soon as what removal left is cleared. @throws AppError: {@link Importer.problem}
   */
  idle(options: { readonly signal: AbortSignal }): Promise<void>
  readonly isPaused: boolean
  /** A file is being read. */
  readonly isReading: boolean
  /** Paused, nothing is read or embedded; a file that is being read waits where it is. Searches and removals go on. */
  setPaused(isPaused: boolean): void
  /** Stops these documents, also the one that is being read or embedded, at once. @returns how many there was something to stop of. */
  stop(ids: readonly DocumentId[]): number
  /** Takes up again whatever failed for a reason that may have passed. @returns how many. */
  retryFailed(options: { readonly signal: AbortSignal }): Promise<number>
  readonly progress: ImportProgress
  /** Called whenever `progress` may have changed, often. */
  onProgress(listener: () => void): void
  /** What keeps import from going on: a full disk, a missing embedder. It is tried again by itself. */
  readonly problem: AppError | null
  /** Called whenever `problem` changes. */
  onProblem(listener: (problem: AppError | null) => void): void
}

export interface ImporterParts {
  readonly documents: DocumentStore
  readonly chunkIndex: ChunkIndex
  readonly embedder: Embedder
  readonly parser: Parser
  readonly passwords: Passwords
  readonly recogniser: PageRecogniser
  readonly clock: Clock
  readonly log: Log
  /** Resolves when both stores agree; nothing is read or embedded before. */
  readonly ready: Promise<void>
  /** Whether what an earlier run left is taken up without being asked. */
  readonly resumes: boolean
  /** Until `setPaused` says otherwise; by default false. */
  readonly isPaused?: boolean
  /** Documents that are being cut anew; for `progress`. By default none. */
  readonly documentsToCut?: () => number
}

export function createImporter(parts: ImporterParts): Importer {
  const { documents, chunkIndex, clock, log } = parts
  const controller = new AbortController()
  const { signal } = controller
  const gate = createImportGate(parts.isPaused ?? false)
  const progressListeners: (() => void)[] = []
  const tellProgress = (): void => {
    for (const listener of progressListeners) listener()
  }
  const reader = createQueueReader({ ...parts, gate, onProgress: tellProgress })
  const selfCheck = createSelfCheck(parts)
  const pace = createImportPace(clock)
  let embedRun = new AbortController()
  const scanReader = createScanReader(parts)
  const idleWaiters = new Set<{ readonly resolve: () => void; readonly reject: (error: unknown) => void }>()
  const problemListeners: ((problem: AppError | null) => void)[] = []
  let isReady = false
  let isWanted = parts.resumes
  let startProblem: AppError | null = null
  let toldProblem: AppError | null = null
  let scans = 0
  const isWorking = (): boolean => reading.isBusy || embedding.isBusy || checking.isBusy
  const isBusy = (): boolean => isWorking() || clearing.isBusy || recognising.isBusy
  const tidying = createTidyingAtRest({ documents, chunkIndex, isBusy, clock, log })

  const settle = (): void => {
    if (embedding.failure !== null) showSuccessors()
    const current = problem()
    if (current !== toldProblem) {
      toldProblem = current
      for (const listener of problemListeners) listener(current)
    }
    if (gate.isPaused || !isWorking()) pace.rest({ isDone: !gate.isPaused })
    tellProgress()
    if (current !== null) {
      for (const waiter of idleWaiters) waiter.reject(current)
      idleWaiters.clear()
    } else if (isReady && scans === 0 && !clearing.isBusy && (gate.isPaused || !isWorking())) {
      if (recognising.isBusy) return
      // What has text of its own goes first, its vectors too.
      if (!gate.isPaused && scanReader.next() !== null) return recognising.start()
      for (const waiter of idleWaiters) waiter.resolve()
      idleWaiters.clear()
      tidying.rested()
    }
  }
  const loop = { clock, log, signal, onSettled: settle }

  const reading = createWorkLoop({
    ...loop,
    name: 'reading',
    async work() {
      for (;;) {
        if (gate.isPaused) return
        const file = reader.next()
        if (file === null) return
        const { passagesRead } = await reader.read(file, { signal })
        pace.read({ bytes: file.sizeBytes, passages: passagesRead })
        embedding.start()
        // Nothing to embed, but to be found: a document whose vectors were all kept.
        checking.start()
      }
    },
  })
  const embedding = createWorkLoop({
    ...loop,
    name: 'embedding',
    async work() {
      if (gate.isPaused) return
      embedRun = new AbortController()
      await embedPending(parts, {
        signal: AbortSignal.any([signal, embedRun.signal]),
        onStored(count, completed) {
          pace.embedded(count)
          for (const { chunk, vector } of completed)
            selfCheck.note(chunk.documentKey, { chunkKey: chunk.chunkKey, embedder: chunk.embedder, vector })
          if (completed.length > 0) checking.start()
          tellProgress()
        },
      })
      // Documents whose last passages got no vector; and earlier versions of changed files went when the last vector came.
      checking.start()
      clearing.start()
    },
  })
  const checking = createWorkLoop({
    ...loop,
    name: 'checking',
    async work() {
      if (gate.isPaused) return
      const { mustEmbed } = await selfCheck.run({ signal })
      // Only then: embedding ends with a look at what there is to check.
      if (mustEmbed) embedding.start()
    },
  })
  const clearing = createWorkLoop({
    ...loop,
    name: 'clearing',
    async work() {
      await purgeRemoved()
    },
  })
  const recognising = createWorkLoop({
    ...loop,
    name: 'recognising',
    async work() {
      for (let page = scanReader.next(); page !== null; page = scanReader.next()) {
        if (gate.isPaused || isWorking()) return
        await scanReader.read(page, { signal })
        embedding.start()
      }
    },
  })
  const problem = (): AppError | null =>
    startProblem ?? reading.failure ?? embedding.failure ?? checking.failure ?? clearing.failure ?? recognising.failure

  /** What cannot be embedded is found by its words: an old version must not answer for ever. */
  const showSuccessors = (): void => {
    try {
      documents.showSuccessors()
    } catch (error) {
      log.warn('import: new versions of changed files could not be shown', error)
    }
  }

  const purgeRemoved = async (): Promise<void> => {
    for (
      let keys = documents.removedDocumentKeys(purgeDocuments);
      keys.length > 0;
      keys = documents.removedDocumentKeys(purgeDocuments)
    ) {
      await chunkIndex.removeDocuments(keys)
      while (!documents.purgeRemoved(keys)) {
        signal.throwIfAborted()
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
  }

  const wake = (): void => {
    isWanted = true
    if (!isReady) return
    clearing.start()
    if (gate.isPaused) return
    pace.work()
    reading.start()
    embedding.start()
    checking.start()
  }

  /** The batches under way are given up, so that none of a document that was stopped is embedded any more. */
  const interruptEmbedding = (): void => {
    embedRun.abort()
    embedding.start()
  }

  const stopListening = documents.onChange(({ removed }) => {
    if (removed.length > 0) reader.giveUpUnwanted()
  })

  parts.ready.then(
    () => {
      isReady = true
      if (isWanted) wake()
      else settle()
    },
    (error: unknown) => {
      if (signal.aborted) return
      log.error('import: the stores could not be made to agree', error)
      // Nothing is read into stores that do not agree; who waits is told.
      startProblem = error instanceof AppError ? error : storesDisagree(error)
      settle()
    },
  )

  return {
    async add(paths, options) {
      scans += 1
      try {
        let queued = 0
        // One time for the whole drop: its files keep their order, and go before what was dropped earlier.
        const wantedAt = clock.now()
        for await (const found of scanPaths(paths, { signal: AbortSignal.any([signal, options.signal]) })) {
          const file = 'file' in found ? found.file : { path: found.unlisted.path, sizeBytes: 0, modifiedAt: 0 }
          const isNew = documents.queueFile(file, { wantedAt })
          options.onFile?.(file.path)
          if (!isNew) continue
          queued += 1
          if (queued === 1) wake()
        }
        return queued
      } finally {
        scans -= 1
        wake()
      }
    },
    wake,
    stopScan(id) {
      scanReader.stop(id)
      wake()
    },
    async idle(options) {
      options.signal.throwIfAborted()
      signal.throwIfAborted()
      wake()
      const waiter = Promise.withResolvers<void>()
      const leave = (): void => {
        idleWaiters.delete(waiter)
        waiter.reject(options.signal.reason)
      }
      idleWaiters.add(waiter)
      options.signal.addEventListener('abort', leave, { once: true })
      settle()
      try {
        await waiter.promise
      } finally {
        options.signal.removeEventListener('abort', leave)
      }
    },
    get isPaused() {
      return gate.isPaused
    },
    get isReading() {
      return reader.current !== null
    },
    setPaused(isPaused) {
      if (isPaused === gate.isPaused) return
      gate.setPaused(isPaused)
      if (isPaused) {
        embedRun.abort()
        settle()
      } else wake()
    },
    stop(ids) {
      const stopped = documents.stopImport(ids)
      reader.giveUpUnwanted()
      if (stopped > 0) interruptEmbedding()
      return stopped
    },
    async retryFailed(options) {
      let retried = 0
      let afterKey = 0
      for (;;) {
        options.signal.throwIfAborted()
        const failed = documents.failedDocuments(afterKey, retriedAtOnce)
        if (failed.length === 0) break
        for (const { id } of failed) documents.retry(id)
        documents.want(failed.map(({ id }) => id))
        retried += failed.length
        afterKey = failed.at(-1)?.documentKey ?? afterKey
        await new Promise((resolve) => setImmediate(resolve))
      }
      wake()
      return retried
    },
    get progress() {
      return {
        ...pace.describe(documents.importCounts(), { isPaused: gate.isPaused, current: reader.current }),
        documentsToCut: parts.documentsToCut?.() ?? 0,
      }
    },
    onProgress: (listener) => void progressListeners.push(listener),
    get problem() {
      return toldProblem
    },
    onProblem: (listener) => void problemListeners.push(listener),
    async [Symbol.asyncDispose]() {
      controller.abort()
      stopListening()
      for (const waiter of idleWaiters) waiter.reject(signal.reason)
      await Promise.all([
        reading.ended(),
        embedding.ended(),
        checking.ended(),
        clearing.ended(),
        recognising.ended(),
        tidying.end(),
      ])
    },
  }
}

function storesDisagree(cause: unknown): AppError {
  return new AppError(
    'storage-corrupt',
    'The library could not be checked at start, so nothing is imported. Start Carrel again; the log has the details.',
    {
      cause,
    },
  )
}
