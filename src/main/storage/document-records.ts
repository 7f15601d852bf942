import { basename } from 'node:path'
import { serializedErrorSchema, type DocumentState } from '../../shared/document.ts'
import type { SerializedAppError } from '../../shared/errors.ts'
import type { DocumentId } from '../../shared/ids.ts'
import { collectionKeysOf, insertMembers } from './collection-records.ts'
import type { Database } from './database.ts'

/** The row of a document as the rules need it. `removed` is the tombstone; no other module shows it to anybody. */
export interface DocumentRow {
  readonly key: number
  readonly id: DocumentId
  readonly state: DocumentState | 'removed'
  readonly problem: string | null
  readonly chunk_count: number
  readonly added_at: number
  /** 1: read whole, and shown only with all its vectors, see {@link keptStates}. */
  readonly awaits_vectors: 0 | 1
  /** The document whose place this row will take: its text, cut anew. Its own state is `removed` until then. */
  readonly recut_of: number | null
}

const columns = 'key, id, state, problem, chunk_count, added_at, awaits_vectors, recut_of'

/** States in which a search finds a document's chunks; for SQL `IN`. */
export const liveStates = `('searchable', 'ready')`

/**
 * For SQL, with `d` for the document: those whose vectors are kept. Besides what a search finds, the new version of a changed
 * file, and a document that is cut anew: the earlier one answers until the last of its vectors is there.
 */
export const keptStates = `(d.state IN ${liveStates} OR (d.state = 'reading' AND d.awaits_vectors = 1) OR d.recut_of IS NOT NULL)`

/** True while a search finds the document's chunks. */
export function isLive(document: Pick<DocumentRow, 'state'>): boolean {
  return document.state === 'searchable' || document.state === 'ready'
}

/** True for the new version of a changed file that is read whole and waits for its vectors. */
export function isSuccessor(document: Pick<DocumentRow, 'state' | 'awaits_vectors'>): boolean {
  return document.state === 'reading' && document.awaits_vectors === 1
}

/** True for a document that a search finds by its words and that is not embedded any further until a person wants it. */
export function isHeld(document: Pick<DocumentRow, 'state' | 'problem'>): boolean {
  return document.state === 'searchable' && document.problem !== null
}

/** What is wrong with a document or a path, as it was stored. */
export function readProblem(stored: string | null): SerializedAppError | null {
  return stored === null ? null : serializedErrorSchema.parse(JSON.parse(stored))
}

/** True for a row that stands for a file whose bytes were not read yet. */
export function isProvisional(document: Pick<DocumentRow, 'id'>): boolean {
  return document.id.startsWith('file-')
}

/** What the list shows and filters by. */
export function nameOf(path: string): string {
  return basename(path)
}

/** Names are compared without case, width and composition. */
export function foldName(name: string): string {
  return name.normalize('NFKC').toLowerCase()
}

/** The document with this id that is not removed. */
export function findDocument(database: Database, id: string): DocumentRow | undefined {
  return database.get<DocumentRow>(`SELECT ${columns} FROM document WHERE id = ? AND state <> 'removed'`, [id])
}

/** The row with this key, tombstones included. */
export function documentByKey(database: Database, key: number): DocumentRow | undefined {
  return database.get<DocumentRow>(`SELECT ${columns} FROM document WHERE key = ?`, [key])
}

/** @returns the new row's key. */
export function insertDocument(
  database: Database,
  document: {
    readonly id: string
    readonly state: DocumentState
    readonly path: string
    readonly sizeBytes: number
    readonly addedAt: number
  },
): number {
  const name = nameOf(document.path)
  return database.run(
    'INSERT INTO document (id, state, name, folded_name, size_bytes, added_at) VALUES (@id, @state, @name, @foldedName, @sizeBytes, @addedAt)',
    {
      id: document.id,
      state: document.state,
      name,
      foldedName: foldName(name),
      sizeBytes: document.sizeBytes,
      addedAt: document.addedAt,
    },
  ).key
}

export function setDocumentState(
  database: Database,
  key: number,
  state: DocumentState | 'removed',
  problem: string | null = null,
): void {
  database.run('UPDATE document SET state = ?, problem = ? WHERE key = ?', [state, problem, key])
}

/** The document is called after its first path that is left; the last name stays when none is. */
export function refreshName(database: Database, key: number): void {
  const location = database.get<{ path: string }>(
    'SELECT path FROM location WHERE document_key = @key OR next_document_key = @key ORDER BY key LIMIT 1',
    { key },
  )
  if (location === undefined) return
  const name = nameOf(location.path)
  database.run('UPDATE document SET name = ?, folded_name = ? WHERE key = ? AND name <> ?', [
    name,
    foldName(name),
    key,
    name,
  ])
}

/**
 * An empty row with the same id, place in the list, collections and locations; the old one, with all its text and chunks, becomes a
 * tombstone whose content is purged in slices. So clearing a document is one short step whatever its size.
 * @returns the new key (the old one where there was nothing to clear).
 */
export function clearDocument(database: Database, document: DocumentRow): number {
  const hasContent =
    document.chunk_count > 0 ||
    database.get('SELECT 1 FROM text_slice WHERE document_key = ? LIMIT 1', [document.key]) !== undefined
  if (!hasContent) return document.key
  const collectionKeys = collectionKeysOf(database, document.key)
  database.run("UPDATE document SET state = 'removed' WHERE key = ?", [document.key])
  const { key } = database.run(
    `INSERT INTO document (id, state, name, folded_name, kind, size_bytes, added_at, wanted_at)
     SELECT id, ?, name, folded_name, kind, size_bytes, added_at, wanted_at FROM document WHERE key = ?`,
    [document.state, document.key],
  )
  for (const collectionKey of collectionKeys) insertMembers(database, collectionKey, JSON.stringify([key]))
  database.run('UPDATE location SET document_key = ? WHERE document_key = ?', [key, document.key])
  database.run('UPDATE location SET next_document_key = ? WHERE next_document_key = ?', [key, document.key])
  return key
}

/** Its turn comes before what was wanted earlier, and never later than it was. */
export function wantDocument(database: Database, key: number, wantedAt: number): void {
  database.run('UPDATE document SET wanted_at = ? WHERE key = ? AND wanted_at < ?', [wantedAt, key, wantedAt])
}

/** Embedding of a held document goes on. */
export function releaseDocument(database: Database, document: DocumentRow): void {
  database.run("UPDATE document SET problem = NULL WHERE key = ? AND state = 'searchable'", [document.key])
}
