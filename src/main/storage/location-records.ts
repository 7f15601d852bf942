import type { FileFacts } from '../ports/files.ts'
import type { Database } from './database.ts'

export interface LocationRow {
  readonly key: number
  readonly path: string
  readonly size_bytes: number
  readonly modified_at: number
  readonly state: 'queued' | 'settled' | 'failed'
  readonly problem: string | null
  readonly document_key: number
  readonly next_document_key: number | null
  readonly wanted_at: number
}

const columns = 'key, path, size_bytes, modified_at, state, problem, document_key, next_document_key, wanted_at'

export function locationByPath(database: Database, path: string): LocationRow | undefined {
  return database.get<LocationRow>(`SELECT ${columns} FROM location WHERE path = ?`, [path])
}

export function locationByKey(database: Database, key: number): LocationRow | undefined {
  return database.get<LocationRow>(`SELECT ${columns} FROM location WHERE key = ?`, [key])
}

/** Locations of a document, also those whose changed file it is read from; oldest first. */
export function locationsOf(database: Database, documentKey: number): readonly LocationRow[] {
  return database.all<LocationRow>(
    `SELECT ${columns} FROM location WHERE document_key = @key OR next_document_key = @key ORDER BY key`,
    { key: documentKey },
  )
}

/** Of the newest drop, its oldest file. */
export function nextQueuedLocation(database: Database): LocationRow | undefined {
  return database.get<LocationRow>(
    `SELECT ${columns} FROM location WHERE state = 'queued' ORDER BY wanted_at DESC, queue_order LIMIT 1`,
  )
}

/** Only among those queued does the order matter, so it may begin anew whenever the queue was empty. */
const nextInQueue = "(SELECT coalesce(max(queue_order), 0) + 1 FROM location WHERE state = 'queued')"

/** A new path, queued. @returns its key. */
export function insertLocation(database: Database, file: FileFacts, documentKey: number, wantedAt: number): number {
  return database.run(
    `INSERT INTO location (path, size_bytes, modified_at, state, queue_order, document_key, wanted_at)
     VALUES (?, ?, ?, 'queued', ${nextInQueue}, ?, ?)`,
    [file.path, file.sizeBytes, file.modifiedAt, documentKey, wantedAt],
  ).key
}

/** Its turn comes before what was wanted earlier. */
export function wantLocation(database: Database, key: number, wantedAt: number): void {
  database.run('UPDATE location SET wanted_at = ? WHERE key = ? AND wanted_at < ?', [wantedAt, key, wantedAt])
}

export function updateFileFacts(database: Database, key: number, file: FileFacts): void {
  database.run('UPDATE location SET size_bytes = ?, modified_at = ? WHERE key = ?', [
    file.sizeBytes,
    file.modifiedAt,
    key,
  ])
}

/** At the end of the queue; one that is queued already keeps its place. */
export function queueLocation(database: Database, key: number): void {
  database.run(
    `UPDATE location SET state = 'queued', problem = NULL, queue_order = ${nextInQueue} WHERE key = ? AND state <> 'queued'`,
    [key],
  )
}

export function settleLocation(database: Database, key: number): void {
  database.run("UPDATE location SET state = 'settled', queue_order = NULL, problem = NULL WHERE key = ?", [key])
}

export function failLocation(database: Database, key: number, problem: string): void {
  database.run("UPDATE location SET state = 'failed', queue_order = NULL, problem = ? WHERE key = ?", [problem, key])
}

/** The path now belongs to this document and to no other. */
export function moveLocation(database: Database, key: number, documentKey: number): void {
  database.run('UPDATE location SET document_key = ?, next_document_key = NULL WHERE key = ?', [documentKey, key])
}

/** The path will belong to this document as soon as that is searchable. */
export function promiseLocation(database: Database, key: number, documentKey: number): void {
  database.run('UPDATE location SET next_document_key = ? WHERE key = ?', [documentKey, key])
}

/**
 * Removed documents take their paths with them, except those that a newer document waits to take over. Where the removed
 * one was itself waiting, the path's facts are forgotten, so that the file is read again when it is added once more.
 * @param documentKeys a JSON list.
 */
export function releaseLocations(database: Database, documentKeys: string): void {
  const among = 'IN (SELECT value FROM json_each(?))'
  database.run(`UPDATE location SET next_document_key = NULL, modified_at = -1 WHERE next_document_key ${among}`, [
    documentKeys,
  ])
  database.run(
    `UPDATE location SET document_key = next_document_key, next_document_key = NULL
     WHERE document_key ${among} AND next_document_key IS NOT NULL`,
    [documentKeys],
  )
  database.run(`DELETE FROM location WHERE document_key ${among}`, [documentKeys])
}
