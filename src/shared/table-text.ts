/** Between the cells of a stored table row. */
export const cellBorder = ' | '

/** How many columns a row reaches over. `columns`: of each cell that is there, where gaps were left out. */
export function cellsInColumns(cells: readonly string[], columns: readonly number[] | undefined): readonly string[] {
  if (columns === undefined) return cells
  const placed: string[] = []
  for (const [index, cell] of cells.entries()) {
    const column = Math.min(columns[index] ?? placed.length, mostColumns - 1)
    while (placed.length < column) placed.push('')
    placed[column] = cell
  }
  return placed
}

/** No parser gives more. */
export const mostColumns = 1_000
