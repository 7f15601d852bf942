import { inheritCollections } from './collection-records.ts'
import type { Database } from './database.ts'
import {
  documentByKey,
  isProvisional,
  isSuccessor,
  refreshName,
  setDocumentState,
  type DocumentRow,
} from './document-records.ts'
import type { ChangeNotes } from './library-changes.ts'
import { locationsOf, moveLocation, queueLocation } from './location-records.ts'

/**
 * What a document becomes that has just lost a path: without any it is removed, a row that stood only for the file is
 * deleted. One that was being read through that path is read again through another.
 */
export function leaveDocument(database: Database, document: DocumentRow, note: ChangeNotes): void {
  if (locationsOf(database, document.key).length > 0) {
    refreshName(database, document.key)
    if (document.state === 'reading' && !isSuccessor(document)) queueAgain(database, document, note)
    note.changed(document.id)
    return
  }
  if (isProvisional(document)) database.run('DELETE FROM document WHERE key = ?', [document.key])
  else setDocumentState(database, document.key, 'removed')
  note.removed(document.id)
}

/** Back to the queue by every path it has; what was read of it is cleared when it is read again. */
export function queueAgain(database: Database, document: DocumentRow, note: ChangeNotes): void {
  setDocumentState(database, document.key, 'queued')
  for (const location of locationsOf(database, document.key)) queueLocation(database, location.key)
  note.changed(document.id)
}

/** The changed files' paths come over to their new version; what they leave without a path is removed. */
export function takeOverLocations(database: Database, document: DocumentRow, note: ChangeNotes): void {
  for (const location of locationsOf(database, document.key)) {
    if (location.next_document_key !== document.key) continue
    moveLocation(database, location.key, document.key)
    inheritCollections(database, location.document_key, document.key)
    const previous = documentByKey(database, location.document_key)
    if (previous !== undefined) leaveDocument(database, previous, note)
  }
}

/** A new version that nothing stands in for any more, or that cannot be completed, is shown as far as it is. */
export function showSuccessor(database: Database, document: DocumentRow, note: ChangeNotes): void {
  setDocumentState(database, document.key, 'searchable')
  takeOverLocations(database, document, note)
  note.changed(document.id)
}
