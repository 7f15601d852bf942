import type { Database } from './database.ts'

/** Membership as the rules of documents need it; all inside the caller's transaction. */

/** Puts documents that are not removed into a collection. @param documentKeys a JSON list. @returns how many were not in it. */
export function insertMembers(database: Database, collectionKey: number, documentKeys: string): number {
  return database.run(
    `INSERT OR IGNORE INTO collection_document (collection_key, document_key, added_at)
     SELECT ?, key, added_at FROM document WHERE key IN (SELECT value FROM json_each(?)) AND state <> 'removed'`,
    [collectionKey, documentKeys],
  ).changes
}

/** Keys of the collections that a document is in. */
export function collectionKeysOf(database: Database, documentKey: number): readonly number[] {
  return database
    .all<{ collection_key: number }>('SELECT collection_key FROM collection_document WHERE document_key = ?', [
      documentKey,
    ])
    .map(({ collection_key }) => collection_key)
}

/** A path goes over to another document, which joins the collections of the one it came from. */
export function inheritCollections(database: Database, fromKey: number, toKey: number): void {
  for (const key of collectionKeysOf(database, fromKey)) insertMembers(database, key, JSON.stringify([toKey]))
}
