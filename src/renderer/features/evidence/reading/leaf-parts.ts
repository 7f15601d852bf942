import type { TextSlice } from '../../../../shared/anchor.ts'
import type { Leaf, MappedTable } from '../../../../shared/document-map.ts'
import { type MarkedBlock, markRange, type TextRange } from '../mark-range.ts'

/** What a leaf is drawn from: blocks, and rows that stand under each other. */
export type LeafPart =
  | { readonly type: 'block'; readonly block: MarkedBlock }
  | {
      readonly type: 'rows'
      readonly rows: readonly MarkedBlock[]
      /** Null: of a table that the map does not know. */
      readonly table: MappedTable | null
    }

/** The slice that holds a leaf, or undefined where it was not read yet. */
export function sliceOf(slices: Iterable<TextSlice>, leaf: Pick<Leaf, 'start' | 'end'>): TextSlice | undefined {
  for (const slice of slices) if (slice.start <= leaf.start && leaf.end <= slice.end) return slice
  return undefined
}

/** A leaf's blocks with their marks, rows of one table together. */
export function leafParts(
  leaf: Pick<Leaf, 'start' | 'end'>,
  slice: TextSlice,
  marks: { readonly range: TextRange; readonly strong: readonly TextRange[] },
  tables: readonly MappedTable[],
): readonly LeafPart[] {
  const blocks = markRange(
    {
      start: leaf.start,
      end: leaf.end,
      text: slice.text.slice(leaf.start - slice.start, leaf.end - slice.start),
      blocks: slice.blocks.filter(({ start, end }) => start < leaf.end && end > leaf.start),
    },
    marks.range,
    marks.strong,
  )
  const parts: LeafPart[] = []
  for (const block of blocks) {
    if (block.kind !== 'table-row') {
      parts.push({ type: 'block', block })
      continue
    }
    const table = tableAt(tables, block.start)
    const last = parts.at(-1)
    if (last?.type === 'rows' && last.table === table && table !== null)
      parts[parts.length - 1] = { ...last, rows: [...last.rows, block] }
    else parts.push({ type: 'rows', rows: [block], table })
  }
  return parts
}

/** The table that holds `offset`, or null. `tables` in order. */
export function tableAt(tables: readonly MappedTable[], offset: number): MappedTable | null {
  const table = tables[lastAtOrBefore(tables, offset)]
  return table !== undefined && offset < table.end ? table : null
}

/** The place of the last that starts at or before `offset`, -1 where there is none. `places` in order. */
export function lastAtOrBefore(places: readonly { readonly start: number }[], offset: number): number {
  let low = 0
  let high = places.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((places[middle]?.start ?? 0) <= offset) low = middle + 1
    else high = middle
  }
  return low - 1
}
