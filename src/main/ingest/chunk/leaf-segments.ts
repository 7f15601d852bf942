import type { Block, TextSlice } from '../../../shared/anchor.ts'

/** A stretch of text to be cut: a block without blocks inside, or text that no block covers. Offsets of the document. */
export interface Segment {
  readonly kind: Block['kind']
  readonly level: number
  readonly start: number
  readonly end: number
  /** The first row of the table this row belongs to, if it is another one. */
  readonly tableHeader: string
}

/** A longer first row is no header worth repeating. */
const maxTableHeaderUnits = 300

/**
 * The slice's blocks in order, without overlap and without a gap: of nested blocks only the innermost, tables as rows,
 * text outside all blocks as paragraphs. Blocks are not trusted: a wrong range is cut to what is left.
 */
export function leafSegments(slice: TextSlice): readonly Segment[] {
  const blocks = slice.blocks
    .map((block) => ({ ...block, start: Math.max(block.start, slice.start), end: Math.min(block.end, slice.end) }))
    .filter(({ start, end }) => start < end)
    .sort((one, other) => one.start - other.start || other.end - one.end)
  const segments: Segment[] = []
  let position = slice.start
  let tableHeader: string | null = null
  let tableEnd = 0

  const push = (kind: Block['kind'], level: number, start: number, end: number): void => {
    if (slice.text.slice(start - slice.start, end - slice.start).trim() === '') return
    if (kind !== 'table-row') {
      tableHeader = null
      segments.push({ kind, level, start, end, tableHeader: '' })
      return
    }
    segments.push({ kind, level, start, end, tableHeader: tableHeader ?? '' })
    tableHeader ??= headerOf(slice.text.slice(start - slice.start, end - slice.start))
  }
  const pushRows = (start: number, end: number): void => {
    let rowStart = start
    while (rowStart < end) {
      const lineEnd = slice.text.indexOf('\n', rowStart - slice.start)
      const rowEnd = lineEnd === -1 ? end : Math.min(end, lineEnd + slice.start + 1)
      push('table-row', 0, rowStart, rowEnd)
      rowStart = rowEnd
    }
  }
  const pushGap = (start: number, end: number): void => {
    if (start >= end) return
    if (start < tableEnd) pushRows(start, end)
    else push('paragraph', 0, start, end)
  }

  blocks.forEach((block, index) => {
    const next = blocks[index + 1]
    const holdsNext = next !== undefined && next.start < block.end
    if (block.kind === 'table') {
      tableHeader = null
      if (holdsNext) {
        pushGap(position, block.start)
        position = Math.max(position, block.start)
        tableEnd = block.end
      }
    }
    if (holdsNext) return
    const start = Math.max(block.start, position)
    if (start >= block.end) return
    pushGap(position, start)
    if (block.kind === 'table') pushRows(start, block.end)
    else push(block.kind, block.level, start, block.end)
    position = block.end
  })
  pushGap(position, slice.end)
  return segments
}

function headerOf(row: string): string {
  const text = row.trim()
  return text.length <= maxTableHeaderUnits ? text : ''
}
