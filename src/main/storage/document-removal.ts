import type { DocumentId } from '../../shared/ids.ts'
import type { DocumentStore } from '../ports/document-store.ts'
import { deleteChunks } from './chunk-records.ts'
import type { Database } from './database.ts'
import { showSuccessor } from './document-locations.ts'
import { documentByKey, isSuccessor } from './document-records.ts'
import type { LibraryChanges } from './library-changes.ts'
import { releaseLocations } from './location-records.ts'
import { deleteScanPages } from './scan-pages.ts'

type DocumentRemoval = Pick<DocumentStore, 'remove' | 'removedDocumentKeys' | 'purgeRemoved'>

/** Rows deleted in one call: a few milliseconds, keyword terms included. */
const chunksPerCall = 100
const slicesPerCall = 20
const scanPagesPerCall = 500
const documentsPerCall = 100

/** A tombstone hides a document from the list and from every search; its rows follow in slices. */
export function createDocumentRemoval(database: Database, changes: LibraryChanges): DocumentRemoval {
  return {
    remove: (ids) =>
      changes.during((note) =>
        database.transaction('remove', () => {
          const documents = database.all<{ key: number; id: DocumentId }>(
            "SELECT key, id FROM document WHERE id IN (SELECT value FROM json_each(?)) AND state <> 'removed'",
            [JSON.stringify(ids)],
          )
          // As sets: a person may select the whole library.
          const keys = JSON.stringify(documents.map(({ key }) => key))
          const successors = successorsOf(database, keys)
          leaveOutOfFolders(database, keys)
          releaseLocations(database, keys)
          database.run("DELETE FROM document WHERE key IN (SELECT value FROM json_each(?)) AND id LIKE 'file-%'", [
            keys,
          ])
          database.run(
            "UPDATE document SET state = 'removed', problem = NULL WHERE key IN (SELECT value FROM json_each(?))",
            [keys],
          )
          for (const { id } of documents) note.removed(id)
          for (const key of successors) {
            const successor = documentByKey(database, key)
            if (successor !== undefined && isSuccessor(successor)) showSuccessor(database, successor, note)
          }
          return documents.length
        }),
      ),

    removedDocumentKeys: (limit) =>
      database
        .all<{ key: number }>(
          "SELECT key FROM document WHERE state = 'removed' AND recut_of IS NULL ORDER BY key LIMIT ?",
          [limit],
        )
        .map(({ key }) => key),

    purgeRemoved: (documentKeys) =>
      database.transaction('purge', () => {
        const removed = database.all<{ key: number }>(
          "SELECT key FROM document WHERE key IN (SELECT value FROM json_each(?)) AND state = 'removed' AND recut_of IS NULL ORDER BY key",
          [JSON.stringify(documentKeys)],
        )
        for (const { key } of removed.slice(0, documentsPerCall)) {
          if (deleteChunks(database, key, chunksPerCall) > 0) return false
          const { changes: slices } = database.run(
            'DELETE FROM text_slice WHERE key IN (SELECT key FROM text_slice WHERE document_key = ? LIMIT ?)',
            [key, slicesPerCall],
          )
          if (slices > 0) return false
          if (deleteScanPages(database, key, scanPagesPerCall) > 0) return false
          database.run('DELETE FROM document WHERE key = ?', [key])
        }
        return removed.length <= documentsPerCall
      }),
  }
}

/** What a person removes does not come back with the next look at its watched folder. @param keys a JSON list. */
function leaveOutOfFolders(database: Database, keys: string): void {
  database.run(
    `INSERT OR IGNORE INTO left_out_file (folder_key, path)
     SELECT watched_folder_key, path FROM location
     WHERE document_key IN (SELECT value FROM json_each(?)) AND watched_folder_key IS NOT NULL`,
    [keys],
  )
}

/** New versions that wait behind these documents: nothing answers in their place when those are gone. @param keys a JSON list. */
function successorsOf(database: Database, keys: string): readonly number[] {
  return database
    .all<{ key: number }>(
      `SELECT DISTINCT next_document_key AS key FROM location
       WHERE document_key IN (SELECT value FROM json_each(?)) AND next_document_key IS NOT NULL`,
      [keys],
    )
    .map(({ key }) => key)
}
