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

/** How often a file whose reader process died, or that changed while it was read, is tried before it needs attention. */
const attempts = 2

/**
 * Reads one queued file to its end: hash, parse, store, `searchable`; or to a row that says what is wrong.
 * Never throws for a bad file. On abort it leaves the document `reading`, which the next start queues again.
 */
export async function readQueuedFile(file: QueuedFile, parts: ReadQueueParts, { signal }: { readonly signal: AbortSignal }): Promise<void> {
  const { documents, log } = parts
  let identity: Identity | null
  try {
    identity = await identify(file, parts, signal)
  } catch (error) {
    signal.throwIfAborted()
    const failure = error instanceof AppError ? error : unreadableFile(error)
    log.info(`import: file ${file.locationKey} failed, ${failure.code}`)
    documents.failFile(file.locationKey, serializeError(failure))
    return
  }
  if (identity === null) return
  for (let attempt = 1; ; attempt += 1) {
    try {
      await parse(file, identity, parts, signal)
      return
    } catch (error) {
      signal.throwIfAborted()
      const isWorthAnother = error instanceof AppError && (error.code === 'worker-crashed' || error.details?.['reason'] === 'changed')
      if (isWorthAnother && attempt < attempts) {
        log.warn(`import: document ${identity.documentId.slice(0, 16)} is read again`, error)
        const again = await identify(file, parts, signal).catch((cause: unknown) => {
          signal.throwIfAborted()
          documents.failDocument(identity?.documentKey ?? 0, serializeError(cause))
          return null
        })
        if (again === null) return
        identity = again
        continue
      }
      const failure = toFailure(error)
      log.warn(`import: document ${identity.documentId.slice(0, 16)} failed, ${failure.code}`, error)
      documents.failDocument(identity.documentKey, serializeError(failure))
      return
    }
  }
}

interface Identity {
  readonly documentKey: number
  readonly documentId: DocumentId
}

/** @returns null when the bytes are already known: nothing to read. */
async function identify(file: QueuedFile, { documents }: ReadQueueParts, signal: AbortSignal): Promise<Identity | null> {
  const hash = await hashFile(file.path, { sizeBytes: file.sizeBytes, signal })
  const identified = documents.identifyFile(file.locationKey, hash)
  return identified.action === 'known' ? null : identified
}

async function parse(file: QueuedFile, identity: Identity, { documents, parser }: ReadQueueParts, signal: AbortSignal): Promise<void> {
  const parsed = await parser.parse(
    { path: file.path, documentId: identity.documentId },
    {
      signal,
      onBatch: async (batch) => {
        signal.throwIfAborted()
        documents.appendBatch(identity.documentKey, batch)
      },
    },
  )
  signal.throwIfAborted()
  if (parsed.hash !== identity.documentId) {
    throw new AppError('unreadable-file', 'The file changed while it was being read. Try again when nothing writes to it.', {
      retryable: true,
      details: { reason: 'changed' },
    })
  }
  documents.finishReading(identity.documentKey, parsed)
}

function toFailure(error: unknown): AppError {
  if (!(error instanceof AppError)) {
    return new AppError('internal', 'The file could not be taken into the library. Try again; the log has the details.', { retryable: true, cause: error })
  }
  if (error.code !== 'worker-crashed') return error
  return new AppError('unreadable-file', 'Reading this file ended the reader twice, so it was set aside. Save it anew, for example as PDF, and add that.', {
    retryable: true,
    details: { reason: 'reader-ended' },
    cause: error,
  })
}
