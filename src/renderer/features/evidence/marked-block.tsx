import type { CSSProperties, ReactElement, ReactNode } from 'react'
import { codeLines } from './code-lines.ts'
import type { MarkedBlock, Segment } from './mark-range.ts'
import { tableCells, type TablePiece } from './table-cells.ts'

/** A piece of one segment's text; `data-offset` is its place in the canonical text. */
function Piece({ segment, children }: { readonly segment: Segment; readonly children: ReactNode }): ReactElement {
  return segment.isMarked ? (
    <mark
      data-testid="evidence-mark"
      data-start={segment.start}
      data-end={segment.end}
      data-offset={segment.start}
      data-strong={segment.isStrong ? '' : undefined}
    >
      {children}
    </mark>
  ) : (
    <span data-offset={segment.start}>{children}</span>
  )
}

/** A piece of a cell: text of one segment, and the bar after the cell where it falls into this segment. */
export function CellPiece({ piece }: { readonly piece: TablePiece }): ReactElement {
  const { segment, text, bar } = piece
  return (
    <Piece segment={segment}>
      {text}
      {bar !== '' && (
        <span className="bar" data-offset={segment.start + text.length}>
          {bar}
        </span>
      )}
    </Piece>
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

function Segments({ segments }: { readonly segments: readonly Segment[] }): ReactNode {
  return segments.map((segment) => (
    <Piece key={segment.start} segment={segment}>
      {segment.text}
    </Piece>
  ))
}

/** Code as it stands in its file: with the indentation that was taken away, and numbers of lines where they are known. */
function Code({ block }: { readonly block: MarkedBlock }): ReactElement {
  const style = { '--indent': block.level, '--first-indent': block.firstIndent } as CSSProperties
  return (
    <pre className={block.line === null ? undefined : 'numbered'} style={style} dir="ltr">
      {codeLines(block.segments).map((line, index) => (
        <span
          className="line"
          key={line[0]?.start ?? index}
          data-line={block.line === null ? undefined : block.line + index}
        >
          <Segments segments={line} />
        </span>
      ))}
    </pre>
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
  const content = <Segments segments={block.segments} />
  switch (block.kind) {
    case 'heading':
      // The pane's own heading is h2; a document's headings keep three steps of size.
      return block.level <= 1 ? (
        <h3 dir="auto" className="text-[16px]">
          {content}
        </h3>
      ) : block.level === 2 ? (
        <h3 dir="auto">{content}</h3>
      ) : (
        <h4 dir="auto">{content}</h4>
      )
    case 'list-item':
      return (
        <div
          dir="auto"
          className={hasOwnNumber(block) ? 'item numbered' : 'item'}
          style={{ '--depth': Math.max(1, block.level) } as CSSProperties}
        >
          {content}
        </div>
      )
    case 'code':
      return <Code block={block} />
    case 'quote':
      return (
        <blockquote dir="auto" style={{ '--depth': block.level } as CSSProperties}>
          {content}
        </blockquote>
      )
    case 'table':
      return <pre tabIndex={0}>{content}</pre>
    case 'table-row':
      return <TableRow block={block} />
    case 'paragraph':
      return <p dir="auto">{content}</p>
  }
}
