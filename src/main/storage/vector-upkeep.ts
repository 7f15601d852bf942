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

/** Each search goes through all pieces of an index. */
const mostPieces = 8

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

/** Tidied whenever the import rests, however little there is to tidy: a fraction of a second. */
const cheapRows = 20_000
/** A larger one is tidied earlier when the import rests than in the middle of it, but not for every note that is saved. */
const shareAtRest = 1 / 4

/** Whether to compact when nothing else is to be done. @param rows rows of the table. */
export function isCompactionDueAtRest({ changes, addedRows }: SinceCompaction, rows: number): boolean {
  if (rows < cheapRows) return changes > 0
  return isCompactionDue({ changes: changes / shareAtRest, addedRows: addedRows / shareAtRest }, rows)
}

/**
 * The inverted-file index that a table of `rows` should get now: as many partitions as the square root of the rows, again
 * whenever they have doubled, and when there are too many to be searched exactly. Null: the present one (its name says how many rows it
 * was made for) still serves.
 */
export function chooseAnnIndex(rows: number, present: string | null): AnnIndex | null {
  if (rows < indexedRows) return null
  const trainedRows = present === null ? 0 : rowsOfIndex(present)
  const isOutgrown = trainedRows < exactSearchRows && rows >= exactSearchRows
  return rows < trainedRows * 2 && !isOutgrown ? null : annIndexFor(rows)
}

export interface AnnIndex {
  readonly name: string
  readonly partitions: number
}

export function annIndexFor(rows: number): AnnIndex {
  return { name: `vector_${rows}`, partitions: Math.round(Math.sqrt(rows)) }
}

/**
 * Whether the index had better be made anew because LanceDB extends it by one piece for each compaction; files that different
 * pieces know are not joined. @param files of the table after a compaction.
 */
export function isIndexInPieces(files: number, present: string | null): boolean {
  return present !== null && files > mostPieces
}

/** How many parts of an index, by its name, a search reads. */
export function partsToSearch(indexName: string | null): number {
  return indexName !== null && rowsOfIndex(indexName) >= exactSearchRows ? partsOfMany : allParts
}

function rowsOfIndex(name: string): number {
  return Number(/_(\d+)$/.exec(name)?.[1] ?? 0)
}
