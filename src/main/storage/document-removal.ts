import type { DocumentStore } from '../interfaces.ts'
import { deleteChunks } from './chunk-records.ts'
import type { Database } from './database.ts'
import { findDocument, isProvisional, setDocumentState } from './document-records.ts'
import type { LibraryChanges } from './library-changes.ts'
import { releaseLocations } from './location-records.ts'

type DocumentRemoval = Pick<DocumentStore, 'remove' | 'removedDocumentKeys' | 'purgeRemoved'>

/** Rows deleted in one call: a few milliseconds, keyword terms included. */
const chunksPerCall = 100
const slicesPerCall = 20

/** A tombstone hides a document from the list and from every search; its rows follow in slices. */
export function createDocumentRemoval(database: Database, changes: LibraryChanges): DocumentRemoval {
  return {
    remove: (ids) =>
      changes.during((note) =>
        database.transaction('remove', () => {
          let count = 0
          for (const id of ids) {
            const document = findDocument(database, id)
            if (document === undefined) continue
            releaseLocations(database, document.key)
            if (isProvisional(document)) database.run('DELETE FROM document WHERE key = ?', [document.key])
            else setDocumentState(database, document.key, 'removed')
            note.removed(document.id)
            count += 1
          }
          return count
        }),
      ),

    removedDocumentKeys: (limit) =>
      database.all<{ key: number }>("SELECT key FROM document WHERE state = 'removed' ORDER BY key LIMIT ?", [limit]).map(({ key }) => key),

    purgeRemoved: (documentKeys) =>
      database.transaction('purge', () => {
        for (const key of documentKeys) {
          const isRemoved = database.get("SELECT 1 FROM document WHERE key = ? AND state = 'removed'", [key]) !== undefined
          if (!isRemoved) continue
          if (deleteChunks(database, key, chunksPerCall) > 0) return false
          const { changes: slices } = database.run(
            'DELETE FROM text_slice WHERE key IN (SELECT key FROM text_slice WHERE document_key = ? LIMIT ?)',
            [key, slicesPerCall],
          )
          if (slices > 0) return false
          database.run('DELETE FROM document WHERE key = ?', [key])
        }
        return true
      }),
  }
}
