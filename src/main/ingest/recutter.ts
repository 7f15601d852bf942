import { AppError } from '../../shared/errors.ts'
import type { Chunk, ChunkCutter, CutState } from '../ports/chunks.ts'
import type { Clock } from '../ports/clock.ts'
import type { DocumentStore, Recuts } from '../ports/document-store.ts'
import type { Log } from '../ports/log.ts'
import { createWorkLoop } from './work-loop.ts'

/** One message to the parser process and back; half the units that a batch of an import may have. */
const unitsPerCall = 64 * 1024
const slicesPerCall = 20
/** One transaction. */
const chunksPerAppend = 64
/** Counting all that is left takes milliseconds; so often at most. */
const countMs = 500
/** Import tells of its progress more often than there is anything new for this. */
const wakeMs = 200
/** Documents that wait for their vectors at once: each of them is stored twice. */
const mostWaiting = 8

/**
 * Cuts anew what an earlier version of the chunker cut, from the stored texts (no file is read again), one document after the
 * other. Each answers with its old chunks until the new ones have their vectors (unchanged ones keep theirs), and changes to
 * them in one step; a kill costs at most the document that was being cut.
 */
export interface Recutter extends AsyncDisposable {
  /** Documents that are still to be cut or wait for their vectors. */
  readonly documentsLeft: number
  /** Begins where nothing was asked for at start. Resolves when nothing is left to cut. @throws AppError what keeps it from going on */
  idle(options: { readonly signal: AbortSignal }): Promise<void>
}

export interface RecutterParts {
  readonly documents: Recuts
  readonly cutter: ChunkCutter
  /** Import goes first: nothing is cut while it reads or is paused. */
  readonly mayWork: () => boolean
  /** Told whenever that may have changed, often. */
  readonly onImportProgress: (listener: () => void) => void
  /** There are chunks to embed, and old ones to purge. */
  readonly onCut: () => void
  readonly clock: Clock
  readonly log: Log
  /** Resolves when both stores agree. */
  readonly ready: Promise<void>
  /** Whether it begins without being asked. */
  readonly resumes: boolean
}

export function createRecutter(parts: RecutterParts): Recutter {
  const { documents, cutter, clock, log } = parts
  const closing = new AbortController()
  const { signal } = closing
  /** Could not be cut in this run. */
  const given = new Set<number>()
  const waiters = new Set<{ readonly resolve: () => void; readonly reject: (error: unknown) => void }>()
  let isReady = false
  let isWanted = parts.resumes
  let left = 0
  let countedAt = -Infinity
  let cancelWake: (() => void) | null = null

  const next = (): ReturnType<DocumentStore['nextOutdated']> => {
    let found = documents.nextOutdated(0)
    while (found !== null && given.has(found.documentKey)) found = documents.nextOutdated(found.documentKey)
    return found
  }

  const cut = async (document: NonNullable<ReturnType<typeof next>>): Promise<void> => {
    const { documentKey, documentId, sliceCount } = document
    const recutKey = documents.beginRecut(documentKey)
    try {
      let state: CutState | null = null
      for (let first = 0; first < sliceCount;) {
        signal.throwIfAborted()
        const slices = fewSlices(documents.slicesToCut(documentKey, first, first + slicesPerCall - 1))
        const last = slices.at(-1)?.ordinal ?? sliceCount
        const piece: { readonly chunks: readonly Chunk[]; readonly state: CutState } = await cutter.cut(
          { documentId, slices, state },
          { signal },
        )
        state = piece.state
        for (let from = 0; from === 0 || from < piece.chunks.length; from += chunksPerAppend) {
          documents.appendRecut(recutKey, {
            slices: from === 0 ? { first, last } : null,
            chunks: piece.chunks.slice(from, from + chunksPerAppend),
          })
          await new Promise((resolve) => setImmediate(resolve))
        }
        first = last + 1
      }
      documents.finishRecut(recutKey)
    } catch (error) {
      documents.dropRecut(recutKey)
      throw error
    }
  }

  const loop = createWorkLoop({
    name: 'cutting anew',
    async work() {
      while (parts.mayWork() && documents.recutsWaiting() < mostWaiting) {
        const document = next()
        if (document === null) return
        try {
          await cut(document)
        } catch (error) {
          if (signal.aborted || isNoFaultOfText(error)) throw error
          // Removed or read again meanwhile; or a text that cannot be cut any more. It answers as it did.
          given.add(document.documentKey)
          log.warn(`document ${document.documentId.slice(0, 16)} stays as it was cut`, error)
        }
        parts.onCut()
      }
    },
    clock,
    log,
    signal,
    onSettled: () => settle(),
  })

  const settle = (): void => {
    if (signal.aborted || !isReady) return
    const isIdle = !loop.isBusy && next() === null && documents.recutsWaiting() === 0
    if (isIdle || clock.now() - countedAt > countMs) {
      left = Math.max(0, documents.outdatedDocuments() - given.size)
      countedAt = clock.now()
    }
    for (const waiter of waiters) {
      if (loop.failure !== null) waiter.reject(loop.failure)
      else if (isIdle) waiter.resolve()
      else continue
      waiters.delete(waiter)
    }
  }
  const wake = (): void => {
    if (isReady && isWanted) loop.start()
  }
  // Documents become free to be cut, and those that were cut take their places.
  parts.onImportProgress(() => {
    if (left === 0 || signal.aborted) return
    cancelWake ??= clock.after(wakeMs, () => {
      cancelWake = null
      wake()
    })
  })

  parts.ready.then(
    () => {
      isReady = true
      left = documents.outdatedDocuments()
      if (left > 0) log.info(`${left} documents were cut by an earlier version of Carrel`)
      if (isWanted) wake()
      else settle()
    },
    // The importer says what is wrong with the stores; nothing is cut in them.
    () => undefined,
  )

  return {
    get documentsLeft() {
      return left
    },
    async idle(options) {
      options.signal.throwIfAborted()
      isWanted = true
      const waiter = Promise.withResolvers<void>()
      const leave = (): void => {
        waiters.delete(waiter)
        waiter.reject(options.signal.reason)
      }
      waiters.add(waiter)
      options.signal.addEventListener('abort', leave, { once: true })
      wake()
      try {
        await waiter.promise
      } finally {
        options.signal.removeEventListener('abort', leave)
      }
    },
    async [Symbol.asyncDispose]() {
      closing.abort()
      cancelWake?.()
      for (const waiter of waiters) waiter.reject(signal.reason)
      await loop.ended()
    },
  }
}

/** As many of them as one message takes, at least one. */
function fewSlices<Slice extends { readonly text: string }>(slices: readonly Slice[]): readonly Slice[] {
  let units = 0
  const end = slices.findIndex(({ text }, index) => {
    units += text.length
    return index > 0 && units > unitsPerCall
  })
  return end === -1 ? slices : slices.slice(0, end)
}

/** A full disk, a process that rests or a missing tokenizer: it is tried again by itself. */
function isNoFaultOfText(error: unknown): boolean {
  if (!(error instanceof AppError)) return true
  return (
    error.code.startsWith('storage-') ||
    error.code === 'embedding-model-missing' ||
    error.details?.['reason'] === 'resting'
  )
}
