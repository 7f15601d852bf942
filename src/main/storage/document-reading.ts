import { AppError, type SerializedAppError } from '../../shared/errors.ts'
import type { DocumentStore } from '../ports/document-store.ts'
import type { ParsedDocument } from '../ports/parsing.ts'
import { insertChunks } from './chunk-records.ts'
import type { Database } from './database.ts'
import {
  clearDocument,
  documentByKey,
  findDocument,
  isHeld,
  isLive,
  readProblem,
  releaseDocument,
  setDocumentState,
  type DocumentRow,
} from './document-records.ts'
import { queueAgain, showSuccessor, takeOverLocations } from './document-locations.ts'
import type { ChangeNotes, LibraryChanges } from './library-changes.ts'
import { locationsOf, queueLocation } from './location-records.ts'
import { dropUnfinishedRecuts } from './recut-place.ts'
import { insertScanPages } from './scan-pages.ts'
import { insertSlices } from './text-records.ts'

type DocumentReading = Pick<
  DocumentStore,
  'appendBatch' | 'finishReading' | 'failDocument' | 'retry' | 'recover' | 'showSuccessors'
>

/** The versions that made the text and the chunks; they are part of what an anchor means. */
export interface ReadingVersions {
  readonly parserVersion: number
  readonly chunkerVersion: number
}

/** A document while it is read: filled batch by batch, then shown to every search at once, or set aside with its problem. */
export function createDocumentReading(
  database: Database,
  changes: LibraryChanges,
  versions: ReadingVersions,
): DocumentReading {
  const change = <Result>(name: string, work: (note: ChangeNotes) => Result): Result =>
    changes.during((note) => database.transaction(name, () => work(note)))
  const reading = (documentKey: number): DocumentRow | undefined => {
    const document = documentByKey(database, documentKey)
    return document?.state === 'reading' ? document : undefined
  }

  return {
    appendBatch: (documentKey, batch) =>
      change('append batch', (note) => {
        const document = reading(documentKey)
        if (document === undefined)
          throw new AppError('not-found', 'This document was removed while it was being read.')
        insertSlices(database, documentKey, batch.slices)
        insertChunks(database, documentKey, batch.chunks)
        database.run('UPDATE document SET chunk_count = chunk_count + ? WHERE key = ?', [
          batch.chunks.length,
          documentKey,
        ])
        note.changed(document.id)
      }),

    finishReading: (documentKey, parsed) =>
      change('finish reading', (note) => {
        const document = reading(documentKey)
        // Removed in the meantime: it stays removed.
        if (document === undefined) return
        if (parsed.hash !== document.id) {
          // Other bytes than those it is named after: the file changed while it was read, so it is read again.
          queueAgain(database, document, note)
          return
        }
        const waiting = insertScanPages(database, documentKey, parsed.scanPages ?? [])
        const isEmpty = document.chunk_count === 0
        const awaitsVectors = !isEmpty && isStoodInFor(database, document)
        database.run(
          `UPDATE document SET state = @state, awaits_vectors = @awaitsVectors, kind = @kind, title = @title, page_count = @pageCount, notices = @notices, problem = NULL,
             parser_version = @parserVersion, chunker_version = @chunkerVersion WHERE key = @key`,
          {
            ...columnsOf(parsed),
            ...versions,
            state: isEmpty && waiting === 0 ? 'ready' : awaitsVectors ? 'reading' : 'searchable',
            awaitsVectors: awaitsVectors ? 1 : 0,
            key: documentKey,
          },
        )
        // What has chunks takes over when they have their vectors: until then those of the earlier version can be reused.
        if (isEmpty) takeOverLocations(database, document, note)
        note.changed(document.id)
      }),

    failDocument: (documentKey, problem) =>
      change('fail document', (note) => {
        const document = reading(documentKey)
        if (document === undefined) return
        setDocumentState(
          database,
          clearDocument(database, document),
          'needs-attention',
          JSON.stringify(problem satisfies SerializedAppError),
        )
        note.changed(document.id)
      }),

    retry: (id) =>
      change('retry', (note) => {
        const document = findDocument(database, id)
        if (document === undefined) throw new AppError('not-found', 'This document is no longer in the library.')
        const problem = isHeld(document) ? readProblem(document.problem) : null
        if (problem?.code === 'import-stopped') releaseDocument(database, document)
        else if (problem !== null || document.state === 'needs-attention') queueAgain(database, document, note)
        // A readable document may still have a path that failed.
        for (const location of locationsOf(database, document.key))
          if (location.state === 'failed') queueLocation(database, location.key)
        note.changed(document.id)
      }),

    recover: () =>
      change('recover', (note) => {
        dropUnfinishedRecuts(database, versions.chunkerVersion)
        const documents = database.all<{ key: number }>(
          "SELECT key FROM document WHERE state = 'reading' AND awaits_vectors = 0",
        )
        for (const { key } of documents) {
          const document = documentByKey(database, key)
          if (document !== undefined) queueAgain(database, document, note)
        }
        return documents.length
      }),

    showSuccessors: () =>
      change('show successors', (note) => {
        for (const { key } of database.all<{ key: number }>(
          "SELECT key FROM document WHERE state = 'reading' AND awaits_vectors = 1",
        )) {
          const document = documentByKey(database, key)
          if (document !== undefined) showSuccessor(database, document, note)
        }
      }),
  }
}

/** By every path it has, an earlier version of the file still answers. */
function isStoodInFor(database: Database, document: DocumentRow): boolean {
  return locationsOf(database, document.key).every(({ document_key: key, next_document_key: promisedKey }) => {
    const answering = promisedKey === document.key ? documentByKey(database, key) : undefined
    return answering !== undefined && isLive(answering)
  })
}

function columnsOf(parsed: ParsedDocument) {
  return {
    kind: parsed.kind,
    title: parsed.title,
    pageCount: parsed.pageCount,
    notices: JSON.stringify(parsed.notices),
  }
}
