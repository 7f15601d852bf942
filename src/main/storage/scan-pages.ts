import { isUnclear } from '../../shared/anchor.ts'
import { type DocumentScan, documentScanSchema } from '../../shared/document.ts'
import { AppError, serializeError, type SerializedAppError } from '../../shared/errors.ts'
import type { DocumentId } from '../../shared/ids.ts'
import type { DocumentStore } from '../ports/document-store.ts'
import { insertChunks } from './chunk-records.ts'
import type { Database } from './database.ts'
import { documentByKey, findDocument, isLive, setDocumentState, type DocumentRow } from './document-records.ts'
import type { LibraryChanges } from './library-changes.ts'
import { locationsOf } from './location-records.ts'
import { insertSlices } from './text-records.ts'

type ScanPages = Pick<DocumentStore, 'nextScanPage' | 'finishScanPage' | 'failScanPage' | 'stopScan' | 'startScan'>
type PageState = 'read' | 'unclear' | 'empty' | 'failed'

interface WaitingRow {
  readonly document_key: number
  readonly id: DocumentId
  readonly page: number
  readonly start: number
  readonly slice_ordinal: number
  readonly chunk_ordinal: number
}

/**
 * Pages that are read by recognition. Their text is put behind all that the document has so far: offsets that were given out
 * stay true, and so do the answers that use them.
 */
export function createScanPages(database: Database, changes: LibraryChanges): ScanPages {
  const settlePage = (document: DocumentRow, page: number, state: PageState): void => {
    database.run('UPDATE scan_page SET state = ? WHERE document_key = ? AND page = ?', [state, document.key, page])
    afterChange(database, document.key)
  }

  return {
    nextScanPage: () => {
      const row = database.get<WaitingRow>(
        `SELECT s.document_key, d.id, s.page,
           (SELECT coalesce(max(end_offset), 0) FROM text_slice WHERE document_key = d.key) AS start,
           (SELECT coalesce(max(ordinal) + 1, 0) FROM text_slice WHERE document_key = d.key) AS slice_ordinal,
           (SELECT coalesce(max(ordinal) + 1, 0) FROM chunk WHERE document_key = d.key) AS chunk_ordinal
         FROM document d CROSS JOIN scan_page s ON s.document_key = d.key AND s.state = 'waiting'
         WHERE d.state = 'searchable' ORDER BY d.key DESC, s.page LIMIT 1`,
      )
      if (row === undefined) return null
      return {
        documentKey: row.document_key,
        documentId: row.id,
        path: locationsOf(database, row.document_key)[0]?.path ?? '',
        page: row.page,
        start: row.start,
        sliceOrdinal: row.slice_ordinal,
        chunkOrdinal: row.chunk_ordinal,
      }
    },

    finishScanPage: (documentKey, page, { slice, chunks, confidence }) =>
      changes.during((note) =>
        database.transaction('finish scan page', () => {
          const document = waitingDocument(database, documentKey, page)
          if (document === undefined) return
          if (slice !== null) {
            insertSlices(database, documentKey, [slice])
            insertChunks(database, documentKey, chunks)
            database.run('UPDATE document SET chunk_count = chunk_count + ? WHERE key = ?', [
              chunks.length,
              documentKey,
            ])
          }
          settlePage(document, page, slice === null ? 'empty' : isUnclear(confidence) ? 'unclear' : 'read')
          note.changed(document.id)
        }),
      ),

    failScanPage: (documentKey, page) =>
      changes.during((note) =>
        database.transaction('fail scan page', () => {
          const document = waitingDocument(database, documentKey, page)
          if (document === undefined) return
          settlePage(document, page, 'failed')
          note.changed(document.id)
        }),
      ),

    stopScan: (id, problem) =>
      changes.during((note) =>
        database.transaction('stop scan', () => {
          const document = findDocument(database, id)
          if (document === undefined) throw new AppError('not-found', 'This document is no longer in the library.')
          const { changes: stopped } = database.run(
            "UPDATE scan_page SET state = 'stopped' WHERE document_key = ? AND state = 'waiting'",
            [document.key],
          )
          if (stopped === 0) return
          afterChange(database, document.key, problem)
          note.changed(document.id)
        }),
      ),

    startScan: (id) =>
      changes.during((note) =>
        database.transaction('start scan', () => {
          const document = findDocument(database, id)
          if (document === undefined) throw new AppError('not-found', 'This document is no longer in the library.')
          if (!isLive(document)) return
          const { changes: started } = database.run(
            "UPDATE scan_page SET state = 'waiting' WHERE document_key = ? AND state IN ('stopped', 'failed')",
            [document.key],
          )
          if (started === 0) return
          setDocumentState(database, document.key, 'searchable')
          afterChange(database, document.key)
          note.changed(document.id)
        }),
      ),
  }
}

/** Notes which pages wait for recognition, inside the transaction that ends the reading. @returns how many. */
export function insertScanPages(database: Database, documentKey: number, pages: readonly number[]): number {
  database.run("INSERT INTO scan_page (document_key, page, state) SELECT ?, value, 'waiting' FROM json_each(?)", [
    documentKey,
    JSON.stringify(pages),
  ])
  if (pages.length > 0) noteScan(database, documentKey, null)
  return pages.length
}

/** Deletes up to `limit` of a removed document's pages. @returns how many. */
export function deleteScanPages(database: Database, documentKey: number, limit: number): number {
  return database.run(
    `DELETE FROM scan_page WHERE document_key = @documentKey
       AND page IN (SELECT page FROM scan_page WHERE document_key = @documentKey LIMIT @limit)`,
    { documentKey, limit },
  ).changes
}

/** The document, while this page of it still waits: somebody may have removed it or stopped the reading meanwhile. */
function waitingDocument(database: Database, documentKey: number, page: number): DocumentRow | undefined {
  const document = documentByKey(database, documentKey)
  const isWaiting =
    database.get("SELECT 1 FROM scan_page WHERE document_key = ? AND page = ? AND state = 'waiting'", [
      documentKey,
      page,
    ]) !== undefined
  return document !== undefined && isLive(document) && isWaiting ? document : undefined
}

function noteScan(database: Database, documentKey: number, problem: SerializedAppError | null): DocumentScan {
  const rows = database.all<{ state: string; count: number }>(
    'SELECT state, count(*) AS count FROM scan_page WHERE document_key = ? GROUP BY state',
    [documentKey],
  )
  const counts = Object.fromEntries(rows.map(({ state, count }) => [state, count]))
  const of = (state: string): number => counts[state] ?? 0
  const scan: DocumentScan = {
    pages: rows.reduce((sum, { count }) => sum + count, 0),
    waiting: of('waiting'),
    read: of('read'),
    unclear: of('unclear'),
    empty: of('empty'),
    failed: of('failed'),
    stopped: of('stopped'),
    problem,
  }
  database.run('UPDATE document SET scan = ? WHERE key = ?', [JSON.stringify(scan), documentKey])
  return scan
}

/** Counts anew; with the last page the document waits to be found before it is ready, or says why it has no text. */
function afterChange(database: Database, documentKey: number, problem: SerializedAppError | null = null): void {
  const scan = noteScan(database, documentKey, problem)
  const document = documentByKey(database, documentKey)
  if (scan.waiting > 0 || document?.state !== 'searchable') return
  if (document.chunk_count === 0)
    setDocumentState(database, documentKey, 'needs-attention', JSON.stringify(problem ?? withoutText(scan)))
}

function withoutText({ stopped, failed }: DocumentScan): SerializedAppError {
  if (stopped > 0)
    return serializeError(
      new AppError(
        'unreadable-file',
        'Its pages have no text, and reading them as scans was stopped. Read it again when you want to.',
        {
          retryable: true,
          details: { reason: 'scan-stopped' },
        },
      ),
    )
  if (failed > 0)
    return serializeError(
      new AppError(
        'unreadable-file',
        'Its pages have no text, and could not be read as scans. Try again, or add a better copy.',
        {
          retryable: true,
          details: { reason: 'scan-failed' },
        },
      ),
    )
  return serializeError(
    new AppError(
      'empty-file',
      'No text was found on its pages, not even by text recognition (OCR). Add a clearer scan.',
      {
        details: { reason: 'nothing-recognised' },
      },
    ),
  )
}

/** True while pages of a document wait for recognition. */
export function hasWaitingPages(database: Database, documentKey: number): boolean {
  return (
    database.get("SELECT 1 FROM scan_page WHERE document_key = ? AND state = 'waiting' LIMIT 1", [documentKey]) !==
    undefined
  )
}

/** As the records keep it; null where every page had text. */
export function parseScan(scan: string | null): DocumentScan | null {
  return scan === null ? null : documentScanSchema.parse(JSON.parse(scan))
}
