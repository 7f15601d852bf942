import type { WatchedFolderId } from '../../shared/watched-folder.ts'
import type { DocumentStore } from '../ports/document-store.ts'
import type { KnownFile } from '../ports/files.ts'
import type { Database } from './database.ts'
import { leaveDocument, queueAgain } from './document-locations.ts'
import { documentByKey, refreshName } from './document-records.ts'
import type { ChangeNotes, LibraryChanges } from './library-changes.ts'
import { locationByPath, queueLocation, updateFileFacts } from './location-records.ts'
import { below } from './path-range.ts'

type FileFollowing = Pick<
  DocumentStore,
  'followFiles' | 'knownFiles' | 'followedFiles' | 'moveFile' | 'dropFiles' | 'isSizeQueued'
>

interface KnownRow {
  readonly path: string
  readonly size_bytes: number
  readonly modified_at: number
  readonly file_number: number | null
  readonly watched_folder_key: WatchedFolderId | null
}

const selectKnown = 'SELECT path, size_bytes, modified_at, file_number, watched_folder_key FROM location'

/** What a watched folder tells of its files besides new bytes: where they are now, and which are gone. */
export function createFileFollowing(database: Database, changes: LibraryChanges): FileFollowing {
  const change = (name: string, work: (note: ChangeNotes) => void): void =>
    changes.during((note) => database.transaction(name, () => work(note)))

  const drop = (path: string, note: ChangeNotes): void => {
    const location = locationByPath(database, path)
    if (location === undefined) return
    database.run('DELETE FROM location WHERE key = ?', [location.key])
    for (const key of [location.document_key, location.next_document_key]) {
      const document = key === null ? undefined : documentByKey(database, key)
      if (document !== undefined) leaveDocument(database, document, note)
    }
  }

  return {
    followFiles: (folderId, files) =>
      database.transaction('follow files', () => {
        for (const file of files)
          database.run(
            `UPDATE location SET watched_folder_key = @folderId, file_number = @fileNumber
             WHERE path = @path AND (watched_folder_key IS NOT @folderId OR file_number IS NOT @fileNumber)`,
            { folderId, fileNumber: file.fileNumber, path: file.path },
          )
      }),

    knownFiles: (paths) =>
      database
        .all<KnownRow>(`${selectKnown} WHERE path IN (SELECT value FROM json_each(?))`, [JSON.stringify(paths)])
        .map(toKnownFile),

    followedFiles: (folderId, { under, afterPath, limit }) => {
      const { from, to } = below(under)
      return database
        .all<KnownRow>(`${selectKnown} WHERE watched_folder_key = ? AND path > ? AND path < ? ORDER BY path LIMIT ?`, [
          folderId,
          afterPath ?? from,
          to,
          limit,
        ])
        .map(toKnownFile)
    },

    moveFile: (fromPath, file) =>
      change('move file', (note) => {
        const location = locationByPath(database, fromPath)
        if (location === undefined || fromPath === file.path) return
        drop(file.path, note)
        database.run('UPDATE location SET path = ?, file_number = ? WHERE key = ?', [
          file.path,
          file.fileNumber,
          location.key,
        ])
        updateFileFacts(database, location.key, file)
        for (const key of [location.document_key, location.next_document_key]) {
          const document = key === null ? undefined : documentByKey(database, key)
          if (document === undefined) continue
          refreshName(database, document.key)
          note.changed(document.id)
        }
        // What could not be read may be readable under its new name.
        const document = documentByKey(database, location.document_key)
        if (document?.state === 'needs-attention') queueAgain(database, document, note)
        else if (location.state === 'failed') queueLocation(database, location.key)
      }),

    dropFiles: (paths) =>
      change('drop files', (note) => {
        for (const path of paths) drop(path, note)
      }),

    isSizeQueued: (sizeBytes) =>
      database.get("SELECT 1 FROM location WHERE state = 'queued' AND size_bytes = ? LIMIT 1", [sizeBytes]) !==
      undefined,
  }
}

function toKnownFile(row: KnownRow): KnownFile {
  return {
    path: row.path,
    sizeBytes: row.size_bytes,
    modifiedAt: row.modified_at,
    fileNumber: row.file_number,
    folderId: row.watched_folder_key,
  }
}
