import type { Token, Tokens } from 'marked'
import {
  addressBeside,
  type BlockToken,
  blockTokens,
  type InlineToken,
  inlineTokens,
  markdownBlocks,
} from './markdown-tokens.ts'

/** How a run of letters looks. */
interface Look {
  readonly bold?: boolean
  readonly italic?: boolean
  readonly struck?: boolean
  readonly code?: boolean
}

/** Where a block stands: its style, how deep its lists are, and what its first paragraph begins with. */
interface Place {
  readonly style: string
  readonly depth: number
  readonly lead: string
}

const plain: Place = { style: 'Normal', depth: 0, lead: '' }
/** Twentieths of a point, per level of a list. */
const indent = 360

/** Markdown of one turn as paragraphs and tables of WordprocessingML (ECMA-376, part 1, section 17). */
export function wordOfMarkdown(markdown: string): string {
  return markdownBlocks(markdown)
    .map((token) => block(token, plain))
    .join('')
}

/** One paragraph of plain text. */
export function wordParagraph(text: string, style: string): string {
  return paragraph(run(text, {}), { ...plain, style })
}

/** Text as XML holds it: what XML 1.0 forbids (controls, halves of pairs) is left out. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

function block(token: BlockToken, place: Place): string {
  switch (token.type) {
    case 'heading':
      return paragraph(inline(token.tokens, {}), { ...place, style: `Heading${token.depth}` })
    case 'paragraph':
      return paragraph(inline(token.tokens, {}), place)
    case 'text':
      return paragraph(token.tokens === undefined ? run(token.text, {}) : inline(token.tokens, {}), place)
    case 'blockquote':
      return inside(token.tokens, { ...place, style: 'Quote' })
    case 'code':
      return token.text
        .split('\n')
        .map((line) => paragraph(run(line, { code: true }), { ...place, style: 'Code' }))
        .join('')
    case 'hr':
      return paragraph('', { ...place, style: 'Rule' })
    case 'list':
      return list(token, place)
    case 'table':
      return table(token)
  }
}

/** The lead belongs to the first paragraph alone; the others stand below its text. */
function inside(tokens: readonly Token[] | undefined, place: Place): string {
  return blockTokens(tokens)
    .map((token, index) => block(token, index === 0 ? place : { ...place, lead: '' }))
    .join('')
}

/** Marks and numbers are letters: a list that begins anew, or at 7, needs no numbering that is known before the document is written. */
function list({ ordered, start, items }: Tokens.List, place: Place): string {
  const first = Number(start === '' ? 1 : start)
  return items
    .map((item, index) =>
      inside(item.tokens, {
        style: place.style,
        depth: place.depth + 1,
        lead: ordered ? `${first + index}.` : '•',
      }),
    )
    .join('')
}

function table({ header, rows }: Tokens.Table): string {
  const cell = ({ tokens }: Tokens.TableCell, look: Look): string =>
    `<w:tc><w:tcPr><w:tcW w:w="0" w:type="auto"/></w:tcPr>${paragraph(inline(tokens, look), plain)}</w:tc>`
  const row = (cells: readonly Tokens.TableCell[], isHeader: boolean): string =>
    `<w:tr>${isHeader ? '<w:trPr><w:tblHeader/></w:trPr>' : ''}${cells.map((each) => cell(each, isHeader ? { bold: true } : {})).join('')}</w:tr>`
  const columns = '<w:gridCol/>'.repeat(header.length)
  // Word joins tables that touch; the paragraph behind keeps them apart.
  return `<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid>${columns}</w:tblGrid>${row(header, true)}${rows.map((cells) => row(cells, false)).join('')}</w:tbl>${paragraph('', plain)}`
}

function inline(tokens: readonly Token[] | undefined, look: Look): string {
  return inlineTokens(tokens)
    .map((token) => piece(token, look))
    .join('')
}

function piece(token: InlineToken, look: Look): string {
  switch (token.type) {
    case 'text':
      return token.tokens === undefined ? run(token.text, look) : inline(token.tokens, look)
    case 'escape':
      return run(token.text, look)
    case 'strong':
      return inline(token.tokens, { ...look, bold: true })
    case 'em':
      return inline(token.tokens, { ...look, italic: true })
    case 'del':
      return inline(token.tokens, { ...look, struck: true })
    case 'codespan':
      return run(token.text, { ...look, code: true })
    case 'br':
      return '<w:r><w:br/></w:r>'
    case 'link':
      return inline(token.tokens, look) + run(addressBeside(token.href, token.text), look)
  }
}

function paragraph(runs: string, { style, depth, lead }: Place): string {
  const hanging = lead === '' ? '' : ` w:hanging="${indent}"`
  const position = depth === 0 ? '' : `<w:ind w:left="${indent * depth}"${hanging}/>`
  const mark = lead === '' ? '' : `${run(lead, {})}<w:r><w:tab/></w:r>`
  return `<w:p><w:pPr><w:pStyle w:val="${style}"/>${position}</w:pPr>${mark}${runs}</w:p>`
}

/** A line break in the source is a space, as Markdown has it. */
function run(text: string, { bold, italic, struck, code }: Look): string {
  const written = escapeXml(text.replace(/[\r\n]+/g, ' '))
  if (written === '') return ''
  const look = [
    code === true ? '<w:rStyle w:val="CodeWords"/>' : '',
    bold === true ? '<w:b/>' : '',
    italic === true ? '<w:i/>' : '',
    struck === true ? '<w:strike/>' : '',
  ].join('')
  return `<w:r>${look === '' ? '' : `<w:rPr>${look}</w:rPr>`}<w:t xml:space="preserve">${written}</w:t></w:r>`
}
