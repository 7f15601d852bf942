import { parentPort, workerData } from 'node:worker_threads'
import { serializeError } from '../../shared/errors.ts'
import { createBorderMatches } from './border-matches.ts'
import { searchConversations } from './conversation-search.ts'
import { openDatabase, type Database } from './database.ts'
import { findMatches } from './find-matches.ts'
import { coverageOf } from './keyword-coverage.ts'
import { searchKeywords } from './keyword-search.ts'
import { createScopeReader } from './scope-documents.ts'
import type { ThreadAnswers, ThreadData, ThreadReply, ThreadRequest } from './search-thread-messages.ts'
import { searchedDocuments, unreadDocuments } from './searched-documents.ts'
import { createTermStatistics } from './term-statistics.ts'
import { verifyRecords } from './verify-records.ts'

/**
 * Entry of the search thread: a read-only connection of its own, so that ranking 100,000 chunks or checking the whole file
 * never holds up main. Started by search-thread.ts.
 */
const port = parentPort
if (port === null) throw new Error('keyword-search-thread runs only as a worker thread')

const { databasePath } = workerData as ThreadData
// Searches are expected to be long here; the log is main's.
const log = { warn: () => undefined }
const database = openDatabase(databasePath, { isReadOnly: true, log })
const statistics = createTermStatistics(database)
const readScope = createScopeReader(database)
const acrossBorders = createBorderMatches(database)
let writable: Database | null = null

port.on('message', (request: ThreadRequest) => port.postMessage(reply(request)))

function reply(request: ThreadRequest): ThreadReply {
  try {
    return { id: request.id, ok: true, value: answer(request) }
  } catch (error) {
    return { id: request.id, ok: false, error: serializeError(error) }
  }
}

function answer(request: ThreadRequest): ThreadAnswers[keyof ThreadAnswers] {
  switch (request.kind) {
    case 'search':
      return searchKeywords(database, statistics, request)
    case 'coverage':
      return coverageOf(database, statistics, request)
    case 'documents-in-scope':
      return readScope(request.scope)
    case 'search-conversations':
      return searchConversations(database, request.query)
    case 'searched-documents':
      return searchedDocuments(database, request.scope)
    case 'find-matches':
      return findMatches(database, acrossBorders, request.slice)
    case 'unread-documents':
      return unreadDocuments(database, request.scope)
    case 'verify':
      return verifyRecords(database)
    case 'checkpoint':
      writable ??= openDatabase(databasePath, { isReadOnly: false, log })
      writable.all('PRAGMA wal_checkpoint(PASSIVE)')
      return null
  }
}
