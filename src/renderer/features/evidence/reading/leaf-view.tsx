import { memo, type ReactElement } from 'react'
import type { TextSlice } from '../../../../shared/anchor.ts'
import type { Leaf, MappedTable } from '../../../../shared/document-map.ts'
import { textLanguage } from '../../../components/text-language.ts'
import type { TextRange } from '../mark-range.ts'
import { MarkedBlockView } from '../marked-block.tsx'
import { leafParts } from './leaf-parts.ts'
import { TableRows } from './table-rows.tsx'

interface LeafViewProps {
  readonly leaf: Leaf
  readonly slice: TextSlice
  readonly range: TextRange
  readonly strong: readonly TextRange[]
  readonly tables: readonly MappedTable[]
  readonly isSheet: boolean
  /** ISO 639-1, or `und`. */
  readonly language: string
}

/** One leaf of a document, from its stored text alone. */
export const LeafView = memo(function LeafView({
  leaf,
  slice,
  range,
  strong,
  tables,
  isSheet,
  language,
}: LeafViewProps): ReactElement {
  const text = slice.text.slice(leaf.start - slice.start, leaf.end - slice.start)
  return (
    <div lang={textLanguage(text, language)}>
      {leafParts(leaf, slice, { range, strong }, tables).map((part) => {
        if (part.type === 'block') return <MarkedBlockView key={part.block.start} block={part.block} />
        const key = part.rows[0]?.start
        return part.table === null ? (
          part.rows.map((row) => <MarkedBlockView key={row.start} block={row} />)
        ) : (
          <TableRows key={key} rows={part.rows} table={part.table} isSheet={isSheet} />
        )
      })}
    </div>
  )
})
