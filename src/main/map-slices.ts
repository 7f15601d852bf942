import type { Block, TextSlice } from '../shared/anchor.ts'
import type { DocumentKind } from '../shared/document.ts'
import type { DocumentMap, Leaf, MappedHeading, MappedTable } from '../shared/document-map.ts'
import { cellBorder, cellsInColumns } from '../shared/table-text.ts'

/** A leaf is closed at the first block border behind so many units or blocks. */
const leafUnits = 1_500
const leafBlocks = 40
const longestTitle = 200
/** Wider cells are wrapped. */
const widestCell = 40
/** Nobody looks through longer lists; behind them, tables are drawn without a header that stays. */
const mostHeadings = 5_000
const mostTables = 20_000

type MappedSlice = Pick<TextSlice, 'start' | 'end' | 'text' | 'blocks'>

interface OpenTable {
  readonly start: number
  end: number
  rows: number
  header: MappedTable['header']
  readonly widths: number[]
}

/**
 * Maps a document from its slices, given in order: where it may be cut for drawing, its headings, its tables with the widths of
 * their columns. A row goes on with the table before it where only a line break parts the two, also across slices. Pure but for
 * what it collects; linear in text and blocks.
 */
export function createDocumentMapper(kind: DocumentKind | null): {
  add(slice: MappedSlice): void
  finish(): DocumentMap
} {
  const leaves: Leaf[] = []
  const headings: MappedHeading[] = []
  const tables: OpenTable[] = []
  /** The last block was a row of this table, by its place. */
  let running: number | null = null
  /** Between the last block and the end of its slice. */
  let trailing = ''

  const tableOf = (block: Block, cells: readonly string[], gap: string): number | null => {
    if (running !== null && /^[^\S\n]*\n[^\S\n]*$/.test(gap)) return running
    if (tables.length >= mostTables) return null
    const isHeader = block.level === 1 || (kind === 'sheet' && looksLikeHeader(cells))
    const header = isHeader ? { end: block.end, cells: [...cells], line: block.line ?? null } : null
    tables.push({ start: block.start, end: block.end, rows: 0, header, widths: [] })
    return tables.length - 1
  }
  const addRow = (slice: MappedSlice, block: Block, gap: string): void => {
    const cells = cellsInColumns(textOf(slice, block).split(cellBorder), block.columns)
    running = tableOf(block, cells, gap)
    const table = running === null ? undefined : tables[running]
    if (table === undefined) return
    table.end = block.end
    table.rows += 1
    for (const [column, cell] of cells.entries())
      table.widths[column] = Math.max(table.widths[column] ?? 1, Math.min(widestCell, widthOf(cell)))
  }
  const addHeading = (slice: MappedSlice, block: Block): void => {
    if (headings.length >= mostHeadings) return
    const title = textOf(slice, block).replaceAll(/\s+/g, ' ').trim().slice(0, longestTitle)
    headings.push({ start: block.start, level: block.level, title })
  }

  return {
    add(slice) {
      let start = slice.start
      let blocks = 0
      let covered = slice.start
      const close = (end: number): void => {
        if (end > start) leaves.push({ start, end, blocks })
        start = end
        blocks = 0
      }
      for (const block of slice.blocks) {
        const isOuter = block.start >= covered
        const gap =
          block.start === slice.start
            ? trailing
            : slice.text.slice(covered - slice.start, Math.max(covered, block.start) - slice.start)
        if (block.kind === 'table-row') addRow(slice, block, gap)
        else running = null
        if (block.kind === 'heading') addHeading(slice, block)
        if (isOuter && blocks > 0 && isFull({ units: block.start - start, blocks }, block, kind)) close(block.start)
        blocks += 1
        covered = Math.max(covered, block.end)
      }
      close(slice.end)
      trailing = slice.text.slice(covered - slice.start)
    },
    finish: () => ({ leaves, headings, tables: tables.map((table) => ({ ...table, widths: [...table.widths] })) }),
  }
}

function textOf(slice: MappedSlice, { start, end }: { readonly start: number; readonly end: number }): string {
  return slice.text.slice(start - slice.start, end - slice.start)
}

function isFull(
  leaf: { readonly units: number; readonly blocks: number },
  next: Block,
  kind: DocumentKind | null,
): boolean {
  if (kind === 'slides' && next.kind === 'heading' && next.level === 1) return true
  return leaf.units >= leafUnits || leaf.blocks >= leafBlocks
}

/** A sheet says nothing of headers: a first row of several words and no number is one. */
function looksLikeHeader(cells: readonly string[]): boolean {
  const filled = cells.filter((cell) => cell !== '')
  return filled.length > 1 && filled.every((cell) => !/^[-+(]?[\p{Sc}\s]*\p{N}/u.test(cell))
}

/** In letters: a Chinese character is as wide as two. */
function widthOf(cell: string): number {
  let width = 0
  for (let at = 0; at < cell.length && width < widestCell; at += 1) width += cell.charCodeAt(at) >= 0x2e80 ? 2 : 1
  return width
}
