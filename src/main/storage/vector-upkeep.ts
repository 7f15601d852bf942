/** When to tidy the vectors; see the measurements in ARCHITECTURE.md. */

/** Below this an exact search takes tens of milliseconds and finds everything. */
export const exactSearchRows = 10_000

export const fewestChangesBetweenCompactions = 128
/** Compaction rewrites the table: in a large one it waits until it is worth that. */
const rowsPerChangeBetweenCompactions = 1024

/** @param changes additions and deletions since the last compaction. @param rows rows of the table. */
export function isCompactionDue(changes: number, rows: number): boolean {
  return changes >= Math.max(fewestChangesBetweenCompactions, rows / rowsPerChangeBetweenCompactions)
}

/**
 * The inverted-file index that a table of `rows` should get now: as many partitions as the square root of the rows, again
 * whenever they have doubled. Null: the present one (its name says how many rows it was made for) still serves.
 */
export function chooseAnnIndex(
  rows: number,
  present: string | null,
): { readonly name: string; readonly partitions: number } | null {
  if (rows < exactSearchRows) return null
  const trainedRows = present === null ? 0 : Number(/_(\d+)$/.exec(present)?.[1] ?? 0)
  if (rows < trainedRows * 2) return null
  return { name: `vector_${rows}`, partitions: Math.round(Math.sqrt(rows)) }
}
