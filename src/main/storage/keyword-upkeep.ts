import type { DocumentStore } from '../ports/document-store.ts'
import type { Database } from './database.ts'
import { indexedTotals } from './term-lengths.ts'

/** Of the keyword index, rewritten in one step: some milliseconds. */
const pagesPerStep = 16
/** So many deleted chunks are left to slow searches down. */
const fewestDeleted = 100
/** A step writes at least the whole list of one term, and the longest grow with the index: of a million chunks in 100 ms, which main must not take. */
const mostChunks = 200_000

/**
 * FTS5 keeps a mark for each deleted chunk until its segment is merged, and looks at those marks for every place of every term that
 * is searched: a few hundred of them make a search take twice as long. Its own merges leave such a segment alone until a hundredth
 * of it is deleted. So an index that is not too large is written anew here, a step at a time (https://www.sqlite.org/fts5.html#the_merge_command).
 */
export function createKeywordUpkeep(database: Database): Pick<DocumentStore, 'tidyKeywords'> {
  let isMerging = false
  return {
    tidyKeywords() {
      if (!isMerging && !isWorthwhile(database)) return false
      const before = changesOf(database)
      // Negative: every segment takes part; the steps after it go on with that.
      database.run("INSERT INTO keyword (keyword, rank) VALUES ('merge', ?)", [
        isMerging ? pagesPerStep : -pagesPerStep,
      ])
      // A step that finds nothing changes one row.
      isMerging = changesOf(database) - before > 1
      return isMerging
    },
  }
}

function isWorthwhile(database: Database): boolean {
  const pages = database.all<{ block: Uint8Array }>(
    // Where FTS5 keeps the marks: pages above those of all segments.
    'SELECT block FROM keyword_data WHERE id >= (65536 << 37)',
  )
  const deleted = pages.reduce((sum, { block }) => sum + countOfMarks(block), 0)
  return deleted >= fewestDeleted && indexedTotals(database).chunks <= mostChunks
}

/** A page begins with the size of its marks, and at the fourth byte has their number, big-endian. */
function countOfMarks(block: Uint8Array): number {
  return block.length < 8 ? 0 : new DataView(block.buffer, block.byteOffset).getUint32(4)
}

function changesOf(database: Database): number {
  return database.get<{ count: number }>('SELECT total_changes() AS count')?.count ?? 0
}
