/** When to tidy the vectors; see the measurements in ARCHITECTURE.md. */

/** Below this a search finds everything: it reads all parts of the index. */
export const exactSearchRows = 10_000
/** From here on even that is faster than a table without an index: 6 against 11 ms for 3,500 rows. */
export const indexedRows = 1_000
/** Share of the parts of an index that a search of a large table reads, and the fewest. See docs/decisions, quantised vectors. */
const shareOfParts = 0.5
const fewestParts = 100
/** Of a large table's index that is not quantised, where each costs more. */
const partsAsTheyAre = 60
/** Rows whose exact distance a search computes, of those that seem nearest by their quantised vectors: so many, or so many times what is asked for. */
const fewestRefined = 500
const refinedForEach = 2
/** RaBitQ packs a bit for each dimension into bytes. */
const dimensionsOfByte = 8
const quantisedName = 'vector_quantised_'
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
/** More are not joined into one file. */
const rowsPerFile = 1_000_000

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

/** What a table is, for the choice of its index. */
export interface TableSize {
  readonly rows: number
  readonly dimensions: number
}

export interface AnnIndex {
  readonly name: string
  readonly partitions: number
  /** Inverted lists of the vectors as they are, or quantised to a bit a dimension (RaBitQ, Gao and Long 2024), which searches refine. */
  readonly kind: 'flat' | 'quantised'
}

/**
 * The inverted-file index that a table should get now: as many partitions as the square root of the rows, again whenever they
 * have doubled, and of the other kind when there are too many to be searched exactly, or few again. Null: the present one (its name says
 * its kind and how many rows it was made for) still serves.
 */
export function chooseAnnIndex(size: TableSize, present: string | null): AnnIndex | null {
  if (size.rows < indexedRows) return null
  if (present === null) return annIndexFor(size)
  const isStillQuantised = isQuantised(present) && size.rows >= exactSearchRows / 2
  const isOfItsKind = isStillQuantised || isQuantised(present) === (annIndexFor(size).kind === 'quantised')
  return isOfItsKind && size.rows < rowsOfIndex(present) * 2 ? null : annIndexFor(size)
}

export function annIndexFor({ rows, dimensions }: TableSize): AnnIndex {
  const partitions = Math.round(Math.sqrt(rows))
  return rows >= exactSearchRows && dimensions % dimensionsOfByte === 0
    ? { name: `${quantisedName}${rows}`, partitions, kind: 'quantised' }
    : { name: `vector_${rows}`, partitions, kind: 'flat' }
}

/**
 * Whether the index had better be made anew because LanceDB extends it by one piece for each compaction; files that different
 * pieces know are not joined. @param files of the table after a compaction.
 */
export function isIndexInPieces(files: number, rows: number, present: string | null): boolean {
  return present !== null && files > mostPieces + rows / rowsPerFile
}

export interface SearchEffort {
  /** Of the index. */
  readonly parts: number
  /** Times the limit; null: distances are exact as they are. */
  readonly refineFactor: number | null
}

/** How far a search goes, by the name of the index: below `exactSearchRows` it finds exactly what is nearest. @param limit hits asked for. */
export function searchEffort(indexName: string | null, limit: number): SearchEffort {
  if (indexName === null) return { parts: allParts, refineFactor: null }
  const rows = rowsOfIndex(indexName)
  if (!isQuantised(indexName)) return { parts: rows >= exactSearchRows ? partsAsTheyAre : allParts, refineFactor: null }
  return {
    parts: Math.max(fewestParts, Math.round(Math.sqrt(rows) * shareOfParts)),
    refineFactor: Math.max(refinedForEach, Math.ceil(fewestRefined / limit)),
  }
}

function isQuantised(indexName: string): boolean {
  return indexName.startsWith(quantisedName)
}

/** For how many rows an index was made, by its name; 0 of one that was not made here. */
export function rowsOfIndex(name: string): number {
  return Number(/_(\d+)$/.exec(name)?.[1] ?? 0)
}
