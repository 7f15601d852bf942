import type { DocumentStore } from '../ports/document-store.ts'
import type { Database } from './database.ts'
import { liveStates } from './document-records.ts'

/** More would be read in one call than main may wait for. */
const mostChunks = 64
/** Of each document, to know how long its chunks are. */
const sampledChunks = 8

/**
 * Places of `count` chunks spread evenly over documents of these many chunks, one after the other: the first of each document is
 * among them where that leaves room, and the order is kept. All of them where there are no more. Pure.
 *
 * @returns for each document its ordinals, ascending
 */
export function spreadOrdinals(chunkCounts: readonly number[], count: number): readonly (readonly number[])[] {
  const total = chunkCounts.reduce((sum, chunks) => sum + chunks, 0)
  if (total <= count) return chunkCounts.map((chunks) => Array.from({ length: chunks }, (_, ordinal) => ordinal))
  return chunkCounts.map((chunks) => {
    const share = Math.min(chunks, Math.max(1, Math.round((chunks / total) * count)))
    return Array.from({ length: share }, (_, index) => Math.floor((index * chunks) / share))
  })
}

/** Whole documents for a request that no passage is closer to than another. */
export function createSpreadReader(
  database: Database,
  { chunksByOrdinal }: Pick<DocumentStore, 'chunksByOrdinal'>,
): Pick<DocumentStore, 'spreadChunks'> {
  return {
    spreadChunks: (documentKeys, { mostDocuments, tokens }) => {
      if (documentKeys !== null && documentKeys.length > mostDocuments) return null
      return database.transaction('chunks of whole documents', () => {
        const rows = database.all<{ key: number; chunks: number }>(
          `SELECT key, chunk_count AS chunks FROM document WHERE state IN ${liveStates} AND chunk_count > 0
             AND (@keys IS NULL OR key IN (SELECT value FROM json_each(@keys))) ORDER BY key LIMIT @limit`,
          { keys: documentKeys === null ? null : JSON.stringify([...documentKeys]), limit: mostDocuments + 1 },
        )
        if (rows.length === 0 || rows.length > mostDocuments) return null
        const total = rows.reduce((sum, { chunks }) => sum + chunks, 0)
        const sample = rows.flatMap(({ key }) => chunksByOrdinal(key, 0, sampledChunks - 1))
        const average = sample.reduce((sum, { tokenCount }) => sum + tokenCount, 0) / Math.max(1, sample.length)
        const count = Math.min(mostChunks, Math.max(rows.length, Math.floor(tokens / Math.max(1, average))))
        const places = spreadOrdinals(
          rows.map(({ chunks }) => chunks),
          count,
        )
        const chunks = rows.flatMap(({ key }, index) =>
          (places[index] ?? []).flatMap((ordinal) => chunksByOrdinal(key, ordinal, ordinal)),
        )
        return { chunks, total }
      })
    },
  }
}
