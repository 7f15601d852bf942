import { AppError, serializeError } from '../../shared/errors.ts'
import { queryTerms } from '../../shared/keyword-terms.ts'
import type { DocumentId } from '../../shared/ids.ts'
import type { Clock } from '../ports/clock.ts'
import type { DocumentStore, ImportCounts } from '../ports/document-store.ts'
import type { EmbedderId } from '../ports/embedding.ts'
import type { Database } from './database.ts'
import {
  clearDocument,
  documentByKey,
  findDocument,
  isHeld,
  isLive,
  setDocumentState,
  wantDocument,
  type DocumentRow,
} from './document-records.ts'
import type { ChangeNotes, LibraryChanges } from './library-changes.ts'
import { failLocation, locationByKey, locationsOf, wantLocation } from './location-records.ts'
import { matchExpression } from './match-expression.ts'
import { hasWaitingPages } from './scan-pages.ts'
import { hasAllVectors } from './vector-marks.ts'

type ImportQueue = Pick<
  DocumentStore,
  | 'want'
  | 'stopImport'
  | 'isAwaited'
  | 'failedDocuments'
  | 'importCounts'
  | 'embeddedDocuments'
  | 'findOwnWords'
  | 'confirmReady'
  | 'holdDocument'
>

interface EmbeddedRow {
  readonly document_key: number
  readonly key: number
  readonly has_vector: number
  readonly embedder: EmbedderId
  readonly lead: string
  readonly whole: string | null
  readonly text: string
}

/** A search for more terms proves no more. */
const ownTerms = 8

const stoppedReading = new AppError(
  'import-stopped',
  'Reading this file was stopped. Read it again when you want it, or remove it here.',
  { retryable: true },
)
const stoppedEmbedding = new AppError(
  'import-stopped',
  'Embedding was stopped, so this document is found by its words only. Go on with it when you like.',
  { retryable: true, details: { reason: 'embedding' } },
)

/** What waits, what goes first, what a person stopped, and what has yet to be found before it counts as ready. */
export function createImportQueue(database: Database, changes: LibraryChanges, clock: Clock): ImportQueue {
  const change = <Result>(name: string, work: (note: ChangeNotes) => Result): Result =>
    changes.during((note) => database.transaction(name, () => work(note)))

  /** @returns whether there was anything to stop. */
  const stop = (document: DocumentRow, note: ChangeNotes): boolean => {
    const waiting = locationsOf(database, document.key).filter(({ state }) => state === 'queued')
    const isReading = document.state === 'reading'
    const isEmbedding = document.state === 'searchable' && !isHeld(document) && !hasAllVectors(database, document.key)
    if (waiting.length === 0 && !isReading && !isEmbedding) return false
    const problem = JSON.stringify(serializeError(stoppedReading))
    for (const location of waiting) failLocation(database, location.key, problem)
    if (isEmbedding)
      setDocumentState(database, document.key, 'searchable', JSON.stringify(serializeError(stoppedEmbedding)))
    else if (!isLive(document))
      setDocumentState(database, clearDocument(database, document), 'needs-attention', problem)
    note.changed(document.id)
    return true
  }

  return {
    want: (ids) =>
      database.transaction('want', () => {
        const now = clock.now()
        for (const { key } of ids.flatMap((id) => findDocument(database, id) ?? [])) {
          wantDocument(database, key, now)
          for (const location of locationsOf(database, key)) wantLocation(database, location.key, now)
        }
      }),

    stopImport: (ids) =>
      change('stop import', (note) => {
        const documents = ids.flatMap((id) => findDocument(database, id) ?? [])
        return documents.filter((document) => stop(document, note)).length
      }),

    isAwaited: ({ locationKey, documentKey }) => {
      if (documentKey !== null) return documentByKey(database, documentKey)?.state === 'reading'
      const location = locationByKey(database, locationKey)
      return location !== undefined && location.state !== 'failed'
    },

    failedDocuments: (afterKey, limit) =>
      database
        .all<{ key: number; id: DocumentId }>(
          // Each part is cut by itself: all may have failed, and only the next few are wanted.
          `SELECT * FROM (SELECT key, id FROM document WHERE state = 'needs-attention' AND key > @afterKey
             AND ${isWorthAnotherTry('problem')} ORDER BY key LIMIT @limit)
           UNION SELECT * FROM (SELECT key, id FROM document WHERE state = 'searchable' AND problem IS NOT NULL AND key > @afterKey
             AND ${isWorthAnotherTry('problem')} ORDER BY key LIMIT @limit)
           UNION SELECT * FROM (SELECT d.key, d.id FROM location l JOIN document d ON d.key = l.document_key
             WHERE l.state = 'failed' AND l.document_key > @afterKey AND ${isWorthAnotherTry('l.problem')}
             ORDER BY l.document_key LIMIT @limit)
           ORDER BY 1 LIMIT @limit`,
          { afterKey, limit },
        )
        .map(({ key, id }) => ({ documentKey: key, id })),

    importCounts: () => countWork(database),

    embeddedDocuments: (limit) =>
      database
        .all<EmbeddedRow>(
          // By itself SQLite takes the index by state, and goes through everything that waits for its vectors.
          `SELECT d.key AS document_key, c.key, c.has_vector, c.embedder, c.embedding_lead AS lead, c.embedding_text AS whole, c.text
           FROM document d INDEXED BY document_to_check CROSS JOIN chunk c ON c.key = coalesce(
             (SELECT key FROM chunk WHERE document_key = d.key AND ordinal >= d.chunk_count / 2 AND has_vector = 1 ORDER BY ordinal LIMIT 1),
             (SELECT key FROM chunk WHERE document_key = d.key ORDER BY has_vector = 1 DESC, ordinal LIMIT 1))
           WHERE d.state = 'searchable' AND d.problem IS NULL AND d.embedded_chunk_count = d.chunk_count
             AND NOT EXISTS (SELECT 1 FROM scan_page s WHERE s.document_key = d.key AND s.state = 'waiting')
           ORDER BY d.wanted_at DESC, d.key LIMIT ?`,
          [limit],
        )
        .map(({ document_key: documentKey, key: chunkKey, has_vector, embedder, lead, whole, text }) => ({
          documentKey,
          chunkKey,
          hasVector: has_vector === 1,
          embedder,
          embeddingText: whole ?? lead + text,
        })),

    findOwnWords: ({ chunkKey, embeddingText }) => {
      const { terms } = queryTerms(embeddingText)
      // Long words are rare ones: their lists are short.
      const telling = terms.toSorted((a, b) => b.length - a.length).slice(0, ownTerms)
      const match = matchExpression({ terms: telling, phrases: [], codes: [], otherForms: [] })
      // Nothing but signs: no search for words could find it.
      if (match === null) return true
      // A number arrives as a real one, and FTS5 passes over a real rowid.
      return (
        database.get('SELECT 1 FROM keyword WHERE keyword MATCH ? AND rowid = CAST(? AS INTEGER)', [
          match.expression,
          chunkKey,
        ]) !== undefined
      )
    },

    confirmReady: (documentKeys) =>
      change('confirm ready', (note) => {
        for (const key of documentKeys) {
          const document = documentByKey(database, key)
          if (document === undefined || document.state !== 'searchable' || document.problem !== null) continue
          // Pages that still wait for recognition bring more chunks.
          if (!hasAllVectors(database, key) || hasWaitingPages(database, key)) continue
          setDocumentState(database, key, 'ready')
          note.changed(document.id)
        }
      }),

    holdDocument: (documentKey, problem) =>
      change('hold document', (note) => {
        const document = documentByKey(database, documentKey)
        if (document === undefined || document.state !== 'searchable') return
        setDocumentState(database, documentKey, 'searchable', JSON.stringify(problem))
        note.changed(document.id)
      }),
  }
}

/** SQL: a failure that may have passed, and not what a person stopped. */
function isWorthAnotherTry(column: string): string {
  return `json_extract(${column}, '$.retryable') = 1 AND json_extract(${column}, '$.code') <> 'import-stopped'`
}

function countWork(database: Database): ImportCounts {
  const queue = database.get<{ files: number; bytes: number | null }>(
    "SELECT count(*) AS files, sum(size_bytes) AS bytes FROM location WHERE state = 'queued'",
  )
  const totals = database.get<{ reading: number; pending: number }>(
    `SELECT (SELECT count(*) FROM document WHERE state = 'reading' AND awaits_vectors = 0) AS reading,
       sum(chunks - embedded_chunks) AS pending
     FROM library_total WHERE state IN ('reading', 'searchable')`,
  )
  const held = database.get<{ documents: number; pending: number | null }>(
    "SELECT count(*) AS documents, sum(chunk_count - embedded_chunk_count) AS pending FROM document WHERE state = 'searchable' AND problem IS NOT NULL",
  )
  return {
    filesToRead: queue?.files ?? 0,
    bytesToRead: queue?.bytes ?? 0,
    filesBeingRead: totals?.reading ?? 0,
    passagesToEmbed: (totals?.pending ?? 0) - (held?.pending ?? 0),
    documentsHeld: held?.documents ?? 0,
  }
}
