import { z } from 'zod'
import { documentNoticeSchema, type DocumentNotice } from '../../shared/document.ts'
import { collectionKeysOf, insertMembers } from './collection-records.ts'
import type { Database } from './database.ts'
import { documentByKey, isLive, setDocumentState, type DocumentRow } from './document-records.ts'
import type { ChangeNotes } from './library-changes.ts'
import { countSlices } from './text-records.ts'

/** The notice that counts passages without a vector: of the chunks, not of the text. */
export const setAsideNotice = 'passages-not-embedded'

/** What belongs to a row itself; all other columns, also those of later migrations, are the document's and go with its place. */
const ownColumns: ReadonlySet<string> = new Set([
  'key',
  'id',
  'state',
  'notices',
  'chunker_version',
  'chunk_count',
  'embedded_chunk_count',
  'awaits_vectors',
  'recut_of',
])

/**
 * A row that was cut anew takes its document's place, inside the caller's transaction: id, paths, collections and what is known
 * of its scans come over, the old row becomes a tombstone. Nothing when the document is no longer there or its text is another
 * one by now; then what was cut is left to the purge.
 * @returns whether it did
 */
export function takePlace(database: Database, recut: DocumentRow, note: ChangeNotes): boolean {
  const source = recut.recut_of === null ? undefined : documentByKey(database, recut.recut_of)
  if (
    source === undefined ||
    !isLive(source) ||
    countSlices(database, source.key) !== countSlices(database, recut.key)
  ) {
    dropRecutRow(database, recut.key)
    return false
  }
  const keys = { source: source.key, recut: recut.key }
  const collectionKeys = collectionKeysOf(database, source.key)
  const columns = database
    .all<{ name: string }>("SELECT name FROM pragma_table_info('document')")
    .map(({ name }) => name)
    .filter((name) => !ownColumns.has(name))
    .join(', ')
  const notices = [
    ...noticesOf(database, source.key).filter(({ code }) => code !== setAsideNotice),
    ...noticesOf(database, recut.key),
  ]
  database.run(
    `UPDATE document SET (${columns}) = (SELECT ${columns} FROM document WHERE key = @source) WHERE key = @recut`,
    keys,
  )
  setDocumentState(database, source.key, 'removed')
  database.run('UPDATE document SET state = ?, recut_of = NULL, awaits_vectors = 0, notices = ? WHERE key = ?', [
    // Whether a search finds it is looked at before it is ready; without a chunk there is nothing to find.
    recut.chunk_count === 0 ? 'ready' : 'searchable',
    JSON.stringify(notices),
    recut.key,
  ])
  for (const key of collectionKeys) insertMembers(database, key, JSON.stringify([recut.key]))
  database.run('UPDATE location SET document_key = @recut WHERE document_key = @source', keys)
  database.run('UPDATE location SET next_document_key = @recut WHERE next_document_key = @source', keys)
  database.run('UPDATE scan_page SET document_key = @recut WHERE document_key = @source', keys)
  note.changed(source.id)
  return true
}

/** The row becomes an ordinary tombstone, which is purged. */
export function dropRecutRow(database: Database, key: number): void {
  database.run('UPDATE document SET recut_of = NULL, awaits_vectors = 0 WHERE key = ? AND recut_of IS NOT NULL', [key])
}

/** At start: what was not cut to its end, was cut by another version, or whose document is gone. */
export function dropUnfinishedRecuts(database: Database, chunkerVersion: number): void {
  const rows = database.all<{ key: number }>(
    `SELECT key FROM document r WHERE recut_of IS NOT NULL AND (awaits_vectors = 0 OR chunker_version <> ? OR NOT EXISTS (
       SELECT 1 FROM document d WHERE d.key = r.recut_of AND d.state IN ('searchable', 'ready')))`,
    [chunkerVersion],
  )
  for (const { key } of rows) dropRecutRow(database, key)
}

function noticesOf(database: Database, key: number): readonly DocumentNotice[] {
  const row = database.get<{ notices: string }>('SELECT notices FROM document WHERE key = ?', [key])
  return z.array(documentNoticeSchema).parse(JSON.parse(row?.notices ?? '[]'))
}
