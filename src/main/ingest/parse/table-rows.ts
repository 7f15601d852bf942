import type { RawBlock } from './slice-builder.ts'

/** Real tables are narrower; a sheet of a million columns is not a table that anybody reads. */
const maxColumns = 1_000

/**
 * One row of a table as a block, its cells joined by ` | `; null for a row without text. Real gaps stay, trailing ones do not.
 * `line`: its number in a sheet, from 1.
 */
export function tableRow(
  cells: readonly string[],
  isFirst: boolean,
  details: { readonly isHeader?: boolean; readonly line?: number } = {},
): RawBlock | null {
  const shown = cells.slice(0, maxColumns).map((cell) => cell.replaceAll(/\s+/g, ' ').trim())
  while (shown.at(-1) === '') shown.pop()
  if (shown.length === 0) return null
  const { cells: kept, columns } = withoutGaps(shown)
  return {
    kind: 'table-row',
    level: details.isHeader === true ? 1 : 0,
    text: kept.join(' | '),
    tight: !isFirst,
    ...(columns === null ? {} : { columns }),
    ...(details.line === undefined ? {} : { line: details.line }),
  }
}

/** Sheets and pages are full of narrow empty columns set for looks: where most cells are empty, those are left out. */
export function withoutGaps(cells: readonly string[]): {
  readonly cells: readonly string[]
  /** Of each cell that stays, from 0; null: all stay. */
  readonly columns: readonly number[] | null
} {
  const columns = cells.flatMap((cell, column) => (cell === '' ? [] : [column]))
  if (columns.length * 2 >= cells.length) return { cells, columns: null }
  return { cells: cells.filter((cell) => cell !== ''), columns }
}
