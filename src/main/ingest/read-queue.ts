import { AppError, serializeError } from '../../shared/errors.ts'
import type { DocumentId } from '../../shared/ids.ts'
import type { DocumentStore } from '../ports/document-store.ts'
import type { QueuedFile } from '../ports/files.ts'
import type { Log } from '../ports/log.ts'
import type { ParsedBatch, ParsedDocument, Parser, PartsToRead } from '../ports/parsing.ts'
import { hashFile } from './hash-file.ts'
import type { ImportGate } from './import-gate.ts'
import { unreadableFile } from './parse/file-failures.ts'
import { readApart } from './read-apart.ts'
import type { Passwords } from './passwords.ts'

export interface ReadQueueParts {
  readonly documents: DocumentStore
  readonly parser: Parser
  readonly passwords: Passwords
  readonly log: Log
  readonly gate: ImportGate
  /** Something of `current` changed. */
  readonly onProgress: () => void
}

/** The file that is being read. Counts are of what is stored already. */
export interface CurrentFile {
  readonly locationKey: number
  readonly path: string
  readonly sizeBytes: number
  /** Null while its bytes are hashed. */
  documentKey: number | null
  documentId: DocumentId | null
  pagesRead: number | null
  pageCount: number | null
  passagesRead: number
}

/** Reads queued files, one at a time. */
export interface QueueReader {
  /** The file to read now: one that could not be finished, else the oldest in the queue; null when there is none. */
  next(): QueuedFile | null
  /**
   * Reads one file to its end: hash, parse, store, `searchable`; or to a row that says what is wrong; or back to the queue,
   * once, when it changed while it was read. Parts of it that end the reader process are left out (see read-apart.ts).
   * @throws AppError for what is not the file's fault (a full disk, a reader that rests): the file is the next one again.
   * On abort the document stays `reading`, which the next start queues again.
   * @returns how far it got.
   */
  read(file: QueuedFile, options: { readonly signal: AbortSignal }): Promise<CurrentFile>
  readonly current: CurrentFile | null
  /** Files may have been removed or stopped: if this is one of them, it is given up at once. */
  giveUpUnwanted(): void
}

export function createQueueReader(parts: ReadQueueParts): QueueReader {
  const { documents, parser, passwords, log, gate, onProgress } = parts
  /** Keys of locations: a file that is written all the time has other bytes, and so another document, at each try. */
  const changedBefore = new Set<number>()
  /** Not left to the records: a full disk may refuse to write that it is queued again. */
  let unfinished: QueuedFile | null = null
  let current: CurrentFile | null = null
  let giveUp = new AbortController()

  const stored = (file: CurrentFile, batch: ParsedBatch): void => {
    file.pagesRead = batch.slices.at(-1)?.page?.number ?? file.pagesRead
    file.pageCount = batch.pageCount ?? file.pageCount
    file.passagesRead += batch.chunks.length
    onProgress()
  }

  /** @returns null when the bytes are already known: nothing to read. @throws AppError */
  const identify = async (
    file: QueuedFile,
    signal: AbortSignal,
  ): Promise<{ readonly documentKey: number; readonly documentId: DocumentId } | null> => {
    const hash = await hashFile(file.path, { sizeBytes: file.sizeBytes, signal })
    const identified = documents.identifyFile(file.locationKey, hash)
    return identified.action === 'known' ? null : identified
  }

  const parse = async (file: QueuedFile, progress: Identified, signal: AbortSignal): Promise<void> => {
    const { documentId } = progress
    const candidates = passwords.candidates(documentId)
    let isFirst = true
    let latest = 0
    let password: string | undefined
    const read = async (parts: PartsToRead): Promise<{ readonly parsed: ParsedDocument; readonly chunks: number }> => {
      if (!isFirst) {
        // What the reading that was cut off has stored is cleared.
        const again = documents.identifyFile(file.locationKey, documentId)
        if (again.action === 'known') throw changedMeanwhile()
        progress.documentKey = again.documentKey
        progress.passagesRead = 0
      }
      isFirst = false
      const own = (latest += 1)
      let chunks = 0
      const parsed = await parser.parse(
        { path: file.path, documentId, passwords: candidates },
        {
          parts,
          signal,
          onBatch: async (batch) => {
            // While import is paused the reader process waits here, in the middle of the file.
            await gate.pass(signal)
            signal.throwIfAborted()
            // The process ended meanwhile, and the file is read anew: what it had sent is not stored beside that.
            if (own !== latest) return
            documents.appendBatch(progress.documentKey, batch)
            chunks += batch.chunks.length
            stored(progress, batch)
          },
        },
      )
      password = candidates[parsed.passwordUsed ?? -1]
      return { parsed, chunks }
    }
    const probe = async (part: number): Promise<void> => {
      try {
        await parser.parse(
          { path: file.path, documentId, passwords: candidates },
          { parts: { only: part }, signal, onBatch: async () => signal.throwIfAborted() },
        )
      } catch (error) {
        // One part alone may well be no document; that it did not end the process is all that matters.
        if (!(error instanceof AppError) || error.code === 'worker-crashed') throw error
      }
    }
    const parsed = await readApart({
      read,
      probe,
      onLeftOut: (part, { reason }) =>
        log.warn(`import: document ${documentId.slice(0, 16)}, part ${part + 1} is left out, ${reason}`),
    })
    signal.throwIfAborted()
    if (parsed.hash !== documentId) throw changedMeanwhile()
    if (password !== undefined) passwords.remember(documentId, password)
    documents.finishReading(progress.documentKey, parsed)
  }

  const attempt = async (file: QueuedFile, progress: CurrentFile, signal: AbortSignal): Promise<void> => {
    let identity
    try {
      identity = await identify(file, signal)
    } catch (error) {
      signal.throwIfAborted()
      if (isStorageProblem(error)) {
        // It may be half read from the last time, and then it is in no queue.
        unfinished = file
        throw error
      }
      const failure = error instanceof AppError ? error : unreadableFile(error)
      log.info(`import: file ${file.locationKey} failed, ${failure.code}`)
      documents.failFile(file.locationKey, serializeError(failure))
      return
    }
    if (identity === null) return
    const { documentId } = identity
    const identified: Identified = Object.assign(progress, identity)
    onProgress()
    try {
      await parse(file, identified, signal)
      changedBefore.delete(file.locationKey)
    } catch (error) {
      signal.throwIfAborted()
      // A person removed it while it was read: nothing is left to say about it.
      if (error instanceof AppError && error.code === 'not-found') return
      if (isStorageProblem(error) || hasReason(error, 'resting')) {
        unfinished = file
        throw error
      }
      if (hasReason(error, 'changed') && !changedBefore.has(file.locationKey)) {
        log.warn(`import: document ${documentId.slice(0, 16)} is queued again`, error)
        documents.failDocument(identified.documentKey, serializeError(error))
        documents.retry(documentId)
        changedBefore.add(file.locationKey)
        return
      }
      changedBefore.delete(file.locationKey)
      const failure = toFailure(error)
      log.warn(`import: document ${documentId.slice(0, 16)} failed, ${failure.code}`, error)
      documents.failDocument(identified.documentKey, serializeError(failure))
    }
  }

  return {
    next: () => unfinished ?? documents.nextQueuedFile(),
    async read(file, { signal }) {
      unfinished = null
      giveUp = new AbortController()
      const progress: CurrentFile = {
        locationKey: file.locationKey,
        path: file.path,
        sizeBytes: file.sizeBytes,
        documentKey: null,
        documentId: null,
        pagesRead: null,
        pageCount: null,
        passagesRead: 0,
      }
      current = progress
      try {
        await attempt(file, progress, AbortSignal.any([signal, giveUp.signal]))
      } catch (error) {
        signal.throwIfAborted()
        if (!giveUp.signal.aborted) throw error
      } finally {
        current = null
        onProgress()
      }
      return progress
    },
    get current() {
      return current
    },
    giveUpUnwanted() {
      if (current !== null && !documents.isAwaited(current)) giveUp.abort()
    },
  }
}

interface Identified extends CurrentFile {
  documentKey: number
  documentId: DocumentId
}

function isStorageProblem(error: unknown): boolean {
  return error instanceof AppError && error.code.startsWith('storage-')
}

function hasReason(error: unknown, reason: string): boolean {
  return error instanceof AppError && error.details?.['reason'] === reason
}

function changedMeanwhile(): AppError {
  return new AppError(
    'unreadable-file',
    'The file changed while it was being read. Try again when nothing writes to it.',
    {
      retryable: true,
      details: { reason: 'changed' },
    },
  )
}

function toFailure(error: unknown): AppError {
  if (error instanceof AppError) return error
  return new AppError('internal', 'The file could not be taken into the library. Try again; the log has the details.', {
    retryable: true,
    cause: error,
  })
}
