import { type CSSProperties, Fragment, type ReactElement, type ReactNode } from 'react'
import type { MarkedBlock } from './mark-range.ts'

/** Rows are stored with ` | ` between cells; it stays in the text and steps back in colour. */
function withQuietBars(text: string): ReactNode {
  const cells = text.split(' | ')
  return cells.map((cell, index) => (
    // oxlint-disable-next-line react/no-array-index-key -- cells have no other name
    <Fragment key={index}>
      {index > 0 && <span className="bar"> | </span>}
      {cell}
    </Fragment>
  ))
}

function Segments({ block }: { readonly block: MarkedBlock }): ReactNode {
  const isRow = block.kind === 'table-row'
  return block.segments.map((segment) =>
    segment.isMarked ? (
      <mark key={segment.start} data-testid="evidence-mark" data-start={segment.start} data-end={segment.end}>
        {isRow ? withQuietBars(segment.text) : segment.text}
      </mark>
    ) : (
      <span key={segment.start}>{isRow ? withQuietBars(segment.text) : segment.text}</span>
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
    case 'table-row':
      return <div className="row">{content}</div>
    case 'paragraph':
      return <p>{content}</p>
  }
}
