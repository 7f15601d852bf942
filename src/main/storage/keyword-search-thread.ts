import { parentPort, workerData } from 'node:worker_threads'
import { serializeError } from '../../shared/errors.ts'
import { openDatabase } from './database.ts'
import { searchKeywords } from './keyword-search.ts'
import type { ThreadData, ThreadReply, ThreadRequest } from './search-thread-messages.ts'
import { verifyRecords } from './verify-records.ts'

/**
 * Entry of the search thread: a read-only connection of its own, so that ranking 100,000 chunks or checking the whole file
 * never holds up main. Started by search-thread.ts.
 */
const port = parentPort
if (port === null) throw new Error('keyword-search-thread runs only as a worker thread')

const { databasePath } = workerData as ThreadData
// Searches are expected to be long here; the log is main's.
const database = openDatabase(databasePath, { isReadOnly: true, log: { warn: () => undefined } })

port.on('message', (request: ThreadRequest) => port.postMessage(answer(request)))
port.on('close', () => database[Symbol.dispose]())

function answer(request: ThreadRequest): ThreadReply {
  try {
    const value = request.kind === 'search' ? searchKeywords(database, request.query, request.limit) : verifyRecords(database)
    return { id: request.id, ok: true, value }
  } catch (error) {
    return { id: request.id, ok: false, error: serializeError(error) }
  }
}
