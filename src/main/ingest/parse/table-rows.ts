import type { RawBlock } from './slice-builder.ts'

/** Real tables are narrower; a sheet of a million columns is not a table that anybody reads. */
const maxColumns = 1_000

/** One row of a table as a block, its cells joined by ` | `; null for a row without text. Real gaps stay, trailing ones do not. */
export function tableRow(cells: readonly string[], isFirst: boolean): RawBlock | null {
  const shown = cells.slice(0, maxColumns).map((cell) => cell.replaceAll(/\s+/g, ' ').trim())
  while (shown.at(-1) === '') shown.pop()
  const filled = shown.filter((cell) => cell !== '')
  if (filled.length === 0) return null
  // Sheets are full of narrow empty columns set for looks.
  const kept = filled.length * 2 < shown.length ? filled : shown
  return { kind: 'table-row', level: 0, text: kept.join(' | '), tight: !isFirst }
}
