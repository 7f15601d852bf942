import type { Clock } from '../ports/clock.ts'
import type { DocumentStore } from '../ports/document-store.ts'
import type { Log } from '../ports/log.ts'
import { createChunkReader } from './chunk-records.ts'
import type { Database } from './database.ts'
import { createDocumentReading, type ReadingVersions } from './document-reading.ts'
import { createDocumentRemoval } from './document-removal.ts'
import { createFileFollowing } from './file-following.ts'
import { createFileQueue } from './file-queue.ts'
import { createImportQueue } from './import-queue.ts'
import { createKeywordUpkeep } from './keyword-upkeep.ts'
import { createLibraryChanges, type LibraryChanges } from './library-changes.ts'
import { createLibraryList } from './library-list.ts'
import { createRecuts } from './recuts.ts'
import { createScanPages } from './scan-pages.ts'
import { createSpreadReader } from './spread-chunks.ts'
import { createTextReader } from './text-records.ts'
import { createVectorMarks } from './vector-marks.ts'

/** The library's records, put together from one file for each concern. See {@link DocumentStore}. */
export function createDocumentStore(
  database: Database,
  options: ReadingVersions & { readonly clock: Clock; readonly log: Log; readonly changes?: LibraryChanges },
): DocumentStore {
  const changes = options.changes ?? createLibraryChanges(options.log)
  const versions = { parserVersion: options.parserVersion, chunkerVersion: options.chunkerVersion }
  const chunkReader = createChunkReader(database)
  return {
    ...createFileQueue(database, changes, options.clock),
    ...createFileFollowing(database, changes),
    ...createDocumentReading(database, changes, versions),
    ...createRecuts(database, changes, versions),
    ...createScanPages(database, changes),
    ...createImportQueue(database, changes, options.clock),
    ...createVectorMarks(database, changes),
    ...chunkReader,
    ...createSpreadReader(database, chunkReader),
    ...createLibraryList(database),
    ...createTextReader(database),
    ...createDocumentRemoval(database, changes),
    ...createKeywordUpkeep(database),
    onChange: (listener) => changes.subscribe(listener),
  }
}
