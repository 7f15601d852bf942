import type { Database } from './database.ts'
import { isProvisional, refreshName, setDocumentState, type DocumentRow } from './document-records.ts'
import type { ChangeNotes } from './library-changes.ts'
import { locationsOf, queueLocation } from './location-records.ts'

/**
 * What a document becomes that has just lost a path: without any it is removed, a row that stood only for the file is
 * deleted. One that was being read through that path is read again through another.
 */
export function leaveDocument(database: Database, document: DocumentRow, note: ChangeNotes): void {
  if (locationsOf(database, document.key).length > 0) {
    refreshName(database, document.key)
    if (document.state === 'reading') queueAgain(database, document, note)
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
