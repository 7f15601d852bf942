import { documentIdSchema } from '../../shared/ids.ts'
import type { Clock } from '../ports/clock.ts'
import type { DocumentStore } from '../ports/document-store.ts'
import { inheritCollections } from './collection-records.ts'
import type { Database } from './database.ts'
import {
  clearDocument,
  documentByKey,
  findDocument,
  insertDocument,
  isHeld,
  isLive,
  isProvisional,
  isSuccessor,
  readProblem,
  refreshName,
  releaseDocument,
  setDocumentState,
  wantDocument,
  type DocumentRow,
} from './document-records.ts'
import { leaveDocument } from './document-locations.ts'
import type { ChangeNotes, LibraryChanges } from './library-changes.ts'
import {
  failLocation,
  insertLocation,
  locationByKey,
  locationByPath,
  locationsOf,
  moveLocation,
  nextQueuedLocation,
  promiseLocation,
  queueLocation,
  settleLocation,
  updateFileFacts,
  wantLocation,
  type LocationRow,
} from './location-records.ts'

type FileQueue = Pick<DocumentStore, 'queueFile' | 'nextQueuedFile' | 'identifyFile' | 'failFile'>

/** Files on their way to becoming documents: queued by path, then known by their bytes. */
export function createFileQueue(database: Database, changes: LibraryChanges, clock: Clock): FileQueue {
  const change = <Result>(name: string, work: (note: ChangeNotes) => Result): Result =>
    changes.during((note) => database.transaction(name, () => work(note)))

  return {
    queueFile: (file, { wantedAt = null } = {}) =>
      change('queue file', (note) => {
        const location = locationByPath(database, file.path)
        if (location === undefined) {
          // The document's id is the location's key, which is known only afterwards.
          const placeholder = `file-new-${file.path}`
          const documentKey = insertDocument(database, {
            ...file,
            id: placeholder,
            state: 'queued',
            addedAt: clock.now(),
          })
          const id = documentIdSchema.parse(`file-${insertLocation(database, file, documentKey, wantedAt ?? 0)}`)
          database.run('UPDATE document SET id = ? WHERE key = ?', [id, documentKey])
          note.changed(id)
          return true
        }
        const document = documentByKey(database, location.document_key)
        const isSame = location.size_bytes === file.sizeBytes && location.modified_at === file.modifiedAt
        const isWaiting = location.state === 'queued'
        if (isSame && !isWaiting && !isWorthAnotherTry(location, document, wantedAt !== null)) return false
        updateFileFacts(database, location.key, file)
        if (wantedAt !== null) wantLocation(database, location.key, wantedAt)
        if (isWaiting) return false
        if (isSame && document !== undefined && isHeld(document)) {
          releaseDocument(database, document)
          if (wantedAt !== null) wantDocument(database, document.key, wantedAt)
          note.changed(document.id)
          return true
        }
        queueLocation(database, location.key)
        if (document !== undefined && isProvisional(document)) setDocumentState(database, document.key, 'queued')
        if (document !== undefined) note.changed(document.id)
        return true
      }),

    nextQueuedFile: () => {
      const location = nextQueuedLocation(database)
      if (location === undefined) return null
      return {
        locationKey: location.key,
        path: location.path,
        sizeBytes: location.size_bytes,
        modifiedAt: location.modified_at,
      }
    },

    identifyFile: (locationKey, hash) =>
      change('identify file', (note) => {
        const location = locationByKey(database, locationKey)
        // Removed or stopped by a person while its bytes were being read: nothing is left to do for it.
        if (location === undefined || location.state === 'failed') return { action: 'known' }
        settleLocation(database, locationKey)
        const before = documentByKey(database, location.document_key)
        const known = findDocument(database, hash)
        const documentId = documentIdSchema.parse(hash)
        const mustRead =
          known === undefined || known.state === 'queued' || isRetryable(known) || isReadingBegunBy(location, known)
        const documentKey =
          known === undefined
            ? documentForNewBytes(database, location, hash, before?.added_at ?? clock.now())
            : mustRead
              ? clearDocument(database, known)
              : known.key
        if (mustRead) setDocumentState(database, documentKey, 'reading')
        wantDocument(database, documentKey, location.wanted_at)
        if (before !== undefined && isProvisional(before)) note.removed(before.id)
        attach(database, location, documentKey, note)
        note.changed(documentId)
        return mustRead ? { action: 'read', documentKey, documentId } : { action: 'known' }
      }),

    failFile: (locationKey, problem) =>
      change('fail file', (note) => {
        const location = locationByKey(database, locationKey)
        if (location === undefined) return
        failLocation(database, locationKey, JSON.stringify(problem))
        const document = documentByKey(database, location.document_key)
        if (document === undefined) return
        const isReadableElsewhere = locationsOf(database, document.key).some(({ state }) => state === 'queued')
        // What was read before stays searchable; the row then shows the file's problem beside it.
        if (document.state === 'queued' && !isReadableElsewhere) {
          setDocumentState(database, clearDocument(database, document), 'needs-attention', JSON.stringify(problem))
        }
        note.changed(document.id)
      }),
  }
}

/** The provisional row takes the hash for its id and keeps its place in the list; a changed file begins a new row. */
function documentForNewBytes(database: Database, location: LocationRow, hash: string, addedAt: number): number {
  const current = documentByKey(database, location.document_key)
  if (current !== undefined && isProvisional(current)) {
    database.run('UPDATE document SET id = ?, size_bytes = ? WHERE key = ?', [hash, location.size_bytes, current.key])
    return current.key
  }
  return insertDocument(database, {
    id: hash,
    state: 'reading',
    path: location.path,
    sizeBytes: location.size_bytes,
    addedAt,
  })
}

/**
 * Makes the path one of this document's. A searchable document that the path belonged to keeps it until the new one is
 * complete too (see document-reading.ts), so that nothing vanishes from the searches meanwhile.
 */
function attach(database: Database, location: LocationRow, documentKey: number, note: ChangeNotes): void {
  // Read again: clearing a document may have given its locations a new key.
  const { document_key: currentKey, next_document_key: promisedKey } = locationByKey(database, location.key) ?? location
  const current = documentByKey(database, currentKey)
  const target = documentByKey(database, documentKey)
  if (currentKey === documentKey) {
    if (promisedKey !== null) moveLocation(database, location.key, documentKey)
  } else if (current !== undefined && target !== undefined && isLive(current) && !isLive(target)) {
    promiseLocation(database, location.key, documentKey)
  } else {
    moveLocation(database, location.key, documentKey)
    inheritCollections(database, currentKey, documentKey)
    if (current !== undefined) leaveDocument(database, current, note)
  }
  const promised =
    promisedKey === null || promisedKey === documentKey ? undefined : documentByKey(database, promisedKey)
  if (promised !== undefined) leaveDocument(database, promised, note)
  refreshName(database, documentKey)
}

/** The reader of this very file asks again, because its first attempt was cut off: what that left is cleared. */
function isReadingBegunBy(location: LocationRow, document: DocumentRow): boolean {
  const isItsOwn = location.document_key === document.key || location.next_document_key === document.key
  return document.state === 'reading' && !isSuccessor(document) && location.state === 'settled' && isItsOwn
}

/** A failure that may have passed: a file added once more is read once more. What a person stopped, only a person takes up again. */
function isWorthAnotherTry(location: LocationRow, document: DocumentRow | undefined, isAskedFor: boolean): boolean {
  const problems = [
    location.state === 'failed' ? location.problem : null,
    document !== undefined && (document.state === 'needs-attention' || isHeld(document)) ? document.problem : null,
  ]
  return problems.some((text) => {
    const problem = readProblem(text)
    return problem?.retryable === true && (isAskedFor || problem.code !== 'import-stopped')
  })
}

function isRetryable(document: DocumentRow): boolean {
  return document.state === 'needs-attention' && readProblem(document.problem)?.retryable === true
}
