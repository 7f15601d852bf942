import { AppError, serializeError } from '../../shared/errors.ts'
import type { DocumentId } from '../../shared/ids.ts'
import type { DocumentStore } from '../ports/document-store.ts'
import type { Log } from '../ports/log.ts'
import type { PageRecogniser, ScanPage } from '../ports/parsing.ts'
import type { Passwords } from './passwords.ts'

export interface ScanQueueParts {
  readonly documents: DocumentStore
  readonly recogniser: PageRecogniser
  readonly passwords: Passwords
  readonly log: Log
}

/** Reads pages without text, one at a time. */
export interface ScanReader {
  /** The next page to read; null when none waits. */
  next(): ScanPage | null
  /**
   * Reads one page to its end: its text is searchable, or it is counted among those that could not be read. A page whose reader
   * process died is the next one once more, and then given up. What is wrong with the file stops all its pages.
   * @throws AppError for what is not the page's fault (a full disk, a reader that rests, no language data). On abort the page waits.
   */
  read(page: ScanPage, options: { readonly signal: AbortSignal }): Promise<void>
  /** Gives up the pages of a document that wait, the one under way too. @throws AppError `not-found` */
  stop(id: DocumentId): void
}

/** What is wrong with a file as a whole: the next page would fail in the same way. */
const fileReasons = new Set<unknown>(['vanished', 'permission', 'disk', 'changed', 'not-a-file', 'folder'])

export function createScanReader({ documents, recogniser, passwords, log }: ScanQueueParts): ScanReader {
  let underWay: { readonly documentId: DocumentId; readonly stopping: AbortController } | null = null
  let triedBefore = ''

  return {
    next: () => documents.nextScanPage(),
    async read(page, { signal }) {
      const { documentKey, documentId } = page
      const stopping = new AbortController()
      underWay = { documentId, stopping }
      const key = `${documentKey} ${page.page}`
      try {
        const { documentKey: _key, ...place } = page
        const recognised = await recogniser.recognise(
          { ...place, passwords: passwords.candidates(documentId) },
          { signal: AbortSignal.any([signal, stopping.signal]) },
        )
        documents.finishScanPage(documentKey, page.page, recognised)
      } catch (error) {
        signal.throwIfAborted()
        if (stopping.signal.aborted) return
        if (isNotThePagesFault(error)) throw error
        if (error instanceof AppError && error.code === 'worker-crashed' && triedBefore !== key) {
          triedBefore = key
          return
        }
        log.warn(`import: page ${page.page} of document ${documentId.slice(0, 16)} could not be read as a scan`, error)
        if (error instanceof AppError && isTheFilesFault(error)) documents.stopScan(documentId, serializeError(error))
        else documents.failScanPage(documentKey, page.page)
      } finally {
        underWay = null
      }
    },
    stop(id) {
      documents.stopScan(id, null)
      if (underWay?.documentId === id) underWay.stopping.abort()
    },
  }
}

function isNotThePagesFault(error: unknown): boolean {
  if (!(error instanceof AppError)) return false
  return (
    error.code.startsWith('storage-') ||
    error.code === 'embedding-model-missing' ||
    error.details?.['reason'] === 'resting'
  )
}

function isTheFilesFault(error: AppError): boolean {
  return (
    error.code === 'encrypted-file' || error.code === 'file-too-large' || fileReasons.has(error.details?.['reason'])
  )
}
