import type { CSSProperties, ReactElement } from 'react'
import type { MappedTable } from '../../../../shared/document-map.ts'
import type { MarkedBlock } from '../mark-range.ts'
import { CellPiece } from '../marked-block.tsx'
import { tableCells } from '../table-cells.ts'
import { columnLayout } from './column-layout.ts'

/** Rows of one table, in its columns, as far as they stand in this leaf. */
export function TableRows({
  rows,
  table,
  isSheet,
}: {
  readonly rows: readonly MarkedBlock[]
  readonly table: MappedTable
  readonly isSheet: boolean
}): ReactElement {
  const hasLines = isSheet && rows.some(({ line }) => line !== null)
  const { template, leastWidth } = columnLayout(table, { isSheet, hasLines })
  const style: CSSProperties = {
    gridTemplateColumns: template,
    ...(leastWidth > 0 ? { minWidth: `${leastWidth}ch` } : {}),
  }
  const mayScroll = !isSheet && leastWidth > 0
  return (
    <div
      role="table"
      className={mayScroll ? 'rows scrolling' : 'rows'}
      // A table that scrolls by itself is reached by keyboard.
      tabIndex={mayScroll ? 0 : undefined}
    >
      {rows.map((row) => {
        const isHeader = table.header !== null && row.start === table.start
        const offset = hasLines ? 2 : 1
        return (
          <div
            key={row.start}
            role="row"
            className="grid-row"
            style={style}
            data-header={isHeader ? '' : undefined}
            data-block={row.start}
          >
            {hasLines && <span aria-hidden className="row-number" data-line={row.line ?? ''} />}
            {tableCells(row.segments).map((cell, index) => (
              <div
                key={cell[0]?.segment.start ?? `empty ${index}`}
                role={isHeader && cell.length > 0 ? 'columnheader' : 'cell'}
                dir="auto"
                className="grid-cell"
                style={{ gridColumn: (row.columns?.[index] ?? index) + offset }}
              >
                {cell.map((piece) => (
                  <CellPiece key={piece.segment.start} piece={piece} />
                ))}
              </div>
            ))}
          </div>
        )
      })}
    </div>
  )
}

/** The heading row once more, at the upper edge, while rows of its table stand there. */
export function StickyHeader({
  table,
  isSheet,
}: {
  readonly table: MappedTable
  readonly isSheet: boolean
}): ReactElement | null {
  const { header } = table
  if (header === null) return null
  const hasLines = isSheet && header.line !== null
  const { template, leastWidth } = columnLayout(table, { isSheet, hasLines })
  // A table that scrolls sideways by itself would move away under it.
  if (!isSheet && leastWidth > 0) return null
  return (
    <div
      aria-hidden
      data-testid="sticky-header"
      className="grid-row sticky-header"
      style={{ gridTemplateColumns: template, ...(leastWidth > 0 ? { minWidth: `${leastWidth}ch` } : {}) }}
    >
      {hasLines && <span className="row-number" data-line={header.line ?? ''} />}
      {header.cells.map((cell, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- a cell is known by its column
        <div key={index} dir="auto" className="grid-cell" style={{ gridColumn: index + (hasLines ? 2 : 1) }}>
          {cell}
        </div>
      ))}
    </div>
  )
}
