import { AppError } from '../../shared/errors.ts'
import type { DocumentId } from '../../shared/ids.ts'
import type { Recuts } from '../ports/document-store.ts'
import { insertChunks } from './chunk-records.ts'
import type { Database } from './database.ts'
import { documentByKey, isLive, liveStates, type DocumentRow } from './document-records.ts'
import type { LibraryChanges } from './library-changes.ts'
import { dropRecutRow, takePlace } from './recut-place.ts'
import { copySlices, slicesByOrdinal } from './text-records.ts'
import { hasAllVectors } from './vector-marks.ts'

/**
 * Held documents wait for a person, and are cut anew after that. Of one with parts left out, a part ended the process that cuts:
 * it stays as it is.
 */
const canBeCut = 'problem IS NULL AND instr(notices, \'"parts-left-out"\') = 0'

/** Documents that an earlier version of the chunker cut, cut anew from their stored text, each in a row beside it. */
export function createRecuts(
  database: Database,
  changes: LibraryChanges,
  { chunkerVersion }: { readonly chunkerVersion: number },
): Recuts {
  const recutRow = (key: number): DocumentRow & { readonly recut_of: number } => {
    const row = documentByKey(database, key)
    const source = row?.recut_of == null ? undefined : documentByKey(database, row.recut_of)
    if (row?.recut_of == null || source === undefined || !isLive(source)) throw goneMeanwhile()
    return { ...row, recut_of: row.recut_of }
  }

  return {
    outdatedDocuments: () =>
      database.get<{ count: number }>(
        `SELECT count(*) AS count FROM document INDEXED BY document_by_chunker WHERE state IN ${liveStates} AND chunker_version < ? AND ${canBeCut}`,
        [chunkerVersion],
      )?.count ?? 0,

    nextOutdated: (afterKey) => {
      const row = database.get<{ key: number; id: DocumentId; slices: number }>(
        `SELECT key, id, (SELECT coalesce(max(ordinal) + 1, 0) FROM text_slice WHERE document_key = d.key) AS slices
         FROM document d WHERE state IN ${liveStates} AND chunker_version < @chunkerVersion AND key > @afterKey AND ${canBeCut}
           AND embedded_chunk_count = chunk_count
           AND NOT EXISTS (SELECT 1 FROM document r WHERE r.recut_of = d.key)
           AND NOT EXISTS (SELECT 1 FROM scan_page s WHERE s.document_key = d.key AND s.state = 'waiting')
         ORDER BY key LIMIT 1`,
        { chunkerVersion, afterKey },
      )
      return row === undefined ? null : { documentKey: row.key, documentId: row.id, sliceCount: row.slices }
    },

    beginRecut: (documentKey) =>
      database.transaction('begin recut', () => {
        const document = documentByKey(database, documentKey)
        if (document === undefined || !isLive(document)) throw goneMeanwhile()
        // `removed` hides it from the list, the totals and every search.
        return database.run(
          `INSERT INTO document (id, state, name, folded_name, size_bytes, added_at, wanted_at, chunker_version, recut_of)
           SELECT id, 'removed', name, folded_name, size_bytes, added_at, 0, ?, key FROM document WHERE key = ?`,
          [chunkerVersion, documentKey],
        ).key
      }),

    slicesToCut: (documentKey, first, last) =>
      slicesByOrdinal(database, documentKey, first, last).map((slice) => ({ ...slice, runs: [] })),

    appendRecut: (recutKey, { slices, chunks }) =>
      database.transaction('append recut', () => {
        const recut = recutRow(recutKey)
        if (slices !== null) copySlices(database, { from: recut.recut_of, to: recutKey, ...slices })
        insertChunks(database, recutKey, chunks)
        database.run('UPDATE document SET chunk_count = chunk_count + ? WHERE key = ?', [chunks.length, recutKey])
      }),

    finishRecut: (recutKey) =>
      changes.during((note) =>
        database.transaction('finish recut', () => {
          const recut = recutRow(recutKey)
          database.run('UPDATE document SET awaits_vectors = 1 WHERE key = ?', [recutKey])
          if (hasAllVectors(database, recutKey)) takePlace(database, recut, note)
        }),
      ),

    dropRecut: (recutKey) => database.transaction('drop recut', () => dropRecutRow(database, recutKey)),

    recutsWaiting: () =>
      database.get<{ count: number }>('SELECT count(*) AS count FROM document WHERE recut_of IS NOT NULL')?.count ?? 0,
  }
}

function goneMeanwhile(): AppError {
  return new AppError('not-found', 'This document was removed or read again while it was being cut.')
}
