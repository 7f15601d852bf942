/** When to tidy the vectors; see the measurements in ARCHITECTURE.md. */

/** Below this a search finds everything: it reads all parts of the index. */
export const exactSearchRows = 10_000
/** From here on even that is faster than a table without an index: 6 against 11 ms for 3,500 rows. */
export const indexedRows = 1_000
/** Parts of the index, of the square root of the rows, that a search of a large table reads: recall@10 0.98 at 117,497 rows of mixed vectors (20 parts: 0.84). */
const partsOfMany = 60
/** More than any table below `exactSearchRows` has. */
const allParts = 1_000

/** Each is a small file that every search reads. */
const fewestChangesBetweenCompactions = 128
const fewestRowsBetweenCompactions = 2_000
/** Compaction rewrites the table: in a large one it waits until it is worth that. */
const rowsPerChangeBetweenCompactions = 1024
const shareBetweenCompactions = 1 / 32

/** What happened to a table since its last compaction: additions and deletions, and the rows added, which no index knows yet. */
export interface SinceCompaction {
  readonly changes: number
  readonly addedRows: number
}

/** @param rows rows of the table. */
export function isCompactionDue({ changes, addedRows }: SinceCompaction, rows: number): boolean {
  return (
    changes >= Math.max(fewestChangesBetweenCompactions, rows / rowsPerChangeBetweenCompactions) ||
    addedRows >= Math.max(fewestRowsBetweenCompactions, rows * shareBetweenCompactions)
  )
}

/**
 * The inverted-file index that a table of `rows` should get now: as many partitions as the square root of the rows, again
 * whenever they have doubled, and when there are too many to be searched exactly. Null: the present one (its name says how many rows it
 * was made for) still serves.
 */
export function chooseAnnIndex(
  rows: number,
  present: string | null,
): { readonly name: string; readonly partitions: number } | null {
  if (rows < indexedRows) return null
  const trainedRows = present === null ? 0 : rowsOfIndex(present)
  const isOutgrown = trainedRows < exactSearchRows && rows >= exactSearchRows
  if (rows < trainedRows * 2 && !isOutgrown) return null
  return { name: `vector_${rows}`, partitions: Math.round(Math.sqrt(rows)) }
}

/** How many parts of an index, by its name, a search reads. */
export function partsToSearch(indexName: string | null): number {
  return indexName !== null && rowsOfIndex(indexName) >= exactSearchRows ? partsOfMany : allParts
}

function rowsOfIndex(name: string): number {
  return Number(/_(\d+)$/.exec(name)?.[1] ?? 0)
}
