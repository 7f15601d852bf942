import type { CSSProperties, ReactElement, ReactNode } from 'react'
import type { MarkedBlock } from './mark-range.ts'
import { tableCells, type TablePiece } from './table-cells.ts'

/** A piece of a cell: text of one segment, and the bar after the cell where it falls into this segment. */
function CellPiece({ piece }: { readonly piece: TablePiece }): ReactNode {
  const { segment, text, bar } = piece
  const content = (
    <>
      {text}
      {bar !== '' && <span className="bar">{bar}</span>}
    </>
  )
  return segment.isMarked ? (
    <mark
      data-testid="evidence-mark"
      data-start={segment.start}
      data-end={segment.end}
      data-strong={segment.isStrong ? '' : undefined}
    >
      {content}
    </mark>
  ) : (
    <span>{content}</span>
  )
}

/** Rows that follow each other stand in columns: neighbours that are drawn as rows share one table. */
function TableRow({ block }: { readonly block: MarkedBlock }): ReactElement {
  return (
    <div className="row">
      {tableCells(block.segments).map((cell) => (
        <span className="cell" key={cell[0]?.segment.start ?? 'empty'}>
          {cell.map((piece) => (
            <CellPiece key={piece.segment.start} piece={piece} />
          ))}
        </span>
      ))}
    </div>
  )
}

function Segments({ block }: { readonly block: MarkedBlock }): ReactNode {
  return block.segments.map((segment) =>
    segment.isMarked ? (
      <mark
        key={segment.start}
        data-testid="evidence-mark"
        data-start={segment.start}
        data-end={segment.end}
        data-strong={segment.isStrong ? '' : undefined}
      >
        {segment.text}
      </mark>
    ) : (
      <span key={segment.start}>{segment.text}</span>
    ),
  )
}

/** `1.`, `9.2`, `（三）`, `四、`, `a)`: the document numbered the item itself, so it needs no bullet. */
const ownNumber = /^\s*(?:\d+(?:\.\d+)*[.)、．]?\s|[（(]?(?:\d+|[一二三四五六七八九十]+|[a-z])[)）、.．])/i

function hasOwnNumber(block: MarkedBlock): boolean {
  return ownNumber.test(
    block.segments
      .map(({ text }) => text)
      .join('')
      .slice(0, 24),
  )
}

/** One block of stored text. Whatever the file was, only text comes out: no element, link or picture of its own. */
export function MarkedBlockView({ block }: { readonly block: MarkedBlock }): ReactElement {
  const content = <Segments block={block} />
  switch (block.kind) {
    case 'heading':
      // The pane's own heading is h2; a document's headings keep three steps of size.
      return block.level <= 1 ? (
        <h3 className="text-[16px]">{content}</h3>
      ) : block.level === 2 ? (
        <h3>{content}</h3>
      ) : (
        <h4>{content}</h4>
      )
    case 'list-item':
      return (
        <div
          className={hasOwnNumber(block) ? 'item numbered' : 'item'}
          style={{ '--depth': Math.max(1, block.level) } as CSSProperties}
        >
          {content}
        </div>
      )
    case 'code':
      return <pre tabIndex={0}>{content}</pre>
    case 'quote':
      return <blockquote>{content}</blockquote>
    case 'table':
      return <pre tabIndex={0}>{content}</pre>
    case 'table-row':
      return <TableRow block={block} />
    case 'paragraph':
      return <p>{content}</p>
  }
}
