import type { Database } from './database.ts'

/** FTS5's row of its table of segments that holds the number of rows and of their terms. */
const averagesRow = 1

/**
 * How long chunks are in terms, each beside the mean of the library: 1 is a chunk of usual length. Read from what FTS5 keeps for its own
 * ranking (https://www.sqlite.org/fts5.html#fts5_data_structures): variable-length integers. Chunks that are not indexed are left out.
 */
export function relativeLengths(database: Database, chunkKeys: readonly number[]): ReadonlyMap<number, number> {
  const { chunks, terms } = indexedTotals(database)
  if (chunks === 0 || terms === 0) return new Map()
  const sizes = database.all<{ id: number; sz: Uint8Array }>(
    'SELECT id, sz FROM keyword_docsize WHERE id IN (SELECT value FROM json_each(?))',
    [JSON.stringify(chunkKeys)],
  )
  return new Map(sizes.map(({ id, sz }) => [id, ((readIntegers(sz)[0] ?? 0) * chunks) / terms]))
}

/** Of the whole keyword index, without looking at its rows. */
export function indexedTotals(database: Database): { readonly chunks: number; readonly terms: number } {
  const averages = database.get<{ block: Uint8Array }>('SELECT block FROM keyword_data WHERE id = ?', [averagesRow])
  const [chunks = 0, terms = 0] = averages === undefined ? [] : readIntegers(averages.block)
  return { chunks, terms }
}

/** SQLite's: seven bits a byte, the highest first; the eighth says that more follow. */
function readIntegers(bytes: Uint8Array): readonly number[] {
  const integers: number[] = []
  let value = 0
  for (const byte of bytes) {
    value = value * 128 + (byte & 0x7f)
    if (byte >= 0x80) continue
    integers.push(value)
    value = 0
  }
  return integers
}
