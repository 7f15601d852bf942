import { AppError, serializeError } from '../../shared/errors.ts'
import type { DocumentId } from '../../shared/ids.ts'
import type { DocumentStore, Log, Parser, QueuedFile } from '../interfaces.ts'
import { hashFile } from './hash-file.ts'
import { unreadableFile } from './parse/file-failures.ts'

export interface ReadQueueParts {
  readonly documents: DocumentStore
  readonly parser: Parser
  readonly log: Log
}

/** Reads queued files, one at a time. */
export interface QueueReader {
  /** The file to read now: one that could not be finished, else the oldest in the queue; null when there is none. */
  next(): QueuedFile | null
  /**
   * Reads one file to its end: hash, parse, store, `searchable`; or to a row that says what is wrong; or back to the queue,
   * once, when its reader process died or it changed while it was read.
   * @throws AppError for what is not the file's fault (a full disk, a reader that rests): the file is the next one again.
   * On abort the document stays `reading`, which the next start queues again.
   */
  read(file: QueuedFile, options: { readonly signal: AbortSignal }): Promise<void>
}

export function createQueueReader({ documents, parser, log }: ReadQueueParts): QueueReader {
  const triedBefore = new Set<DocumentId>()
  /** Not left to the records: a full disk may refuse to write that it is queued again. */
  let unfinished: QueuedFile | null = null

  /** @returns null when the bytes are already known: nothing to read. @throws AppError */
  const identify = async (
    file: QueuedFile,
    signal: AbortSignal,
  ): Promise<{ readonly documentKey: number; readonly documentId: DocumentId } | null> => {
    const hash = await hashFile(file.path, { sizeBytes: file.sizeBytes, signal })
    const identified = documents.identifyFile(file.locationKey, hash)
    return identified.action === 'known' ? null : identified
  }

  const parse = async (
    file: QueuedFile,
    documentKey: number,
    documentId: DocumentId,
    signal: AbortSignal,
  ): Promise<void> => {
    const parsed = await parser.parse(
      { path: file.path, documentId },
      {
        signal,
        onBatch: async (batch) => {
          signal.throwIfAborted()
          documents.appendBatch(documentKey, batch)
        },
      },
    )
    signal.throwIfAborted()
    if (parsed.hash !== documentId) throw changedMeanwhile()
    documents.finishReading(documentKey, parsed)
  }

  return {
    next: () => unfinished ?? documents.nextQueuedFile(),
    async read(file, { signal }) {
      unfinished = null
      let identity
      try {
        identity = await identify(file, signal)
      } catch (error) {
        signal.throwIfAborted()
        if (isStorageProblem(error)) throw error
        const failure = error instanceof AppError ? error : unreadableFile(error)
        log.info(`import: file ${file.locationKey} failed, ${failure.code}`)
        documents.failFile(file.locationKey, serializeError(failure))
        return
      }
      if (identity === null) return
      const { documentKey, documentId } = identity
      try {
        await parse(file, documentKey, documentId, signal)
        triedBefore.delete(documentId)
      } catch (error) {
        signal.throwIfAborted()
        // A person removed it while it was read: nothing is left to say about it.
        if (error instanceof AppError && error.code === 'not-found') return
        if (isStorageProblem(error) || hasReason(error, 'resting')) {
          unfinished = file
          throw error
        }
        if (isWorthAnotherTry(error) && !triedBefore.has(documentId)) {
          log.warn(`import: document ${documentId.slice(0, 16)} is queued again`, error)
          documents.failDocument(documentKey, serializeError(error))
          documents.retry(documentId)
          triedBefore.add(documentId)
          return
        }
        triedBefore.delete(documentId)
        const failure = toFailure(error)
        log.warn(`import: document ${documentId.slice(0, 16)} failed, ${failure.code}`, error)
        documents.failDocument(documentKey, serializeError(failure))
      }
    },
  }
}

function isStorageProblem(error: unknown): boolean {
  return error instanceof AppError && error.code.startsWith('storage-')
}

function hasReason(error: unknown, reason: string): boolean {
  return error instanceof AppError && error.details?.['reason'] === reason
}

function isWorthAnotherTry(error: unknown): boolean {
  return (error instanceof AppError && error.code === 'worker-crashed') || hasReason(error, 'changed')
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
  if (!(error instanceof AppError)) {
    return new AppError(
      'internal',
      'The file could not be taken into the library. Try again; the log has the details.',
      {
        retryable: true,
        cause: error,
      },
    )
  }
  if (error.code !== 'worker-crashed') return error
  return new AppError(
    'unreadable-file',
    'Reading this file ended the reader twice, so it was set aside. Save it anew, for example as PDF, and add that.',
    { retryable: true, details: { reason: 'reader-ended' }, cause: error },
  )
}
