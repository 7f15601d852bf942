import type { BlockKind } from '../../../shared/anchor.ts'
import { headingLevel, isBlock, isDropped, isSurrounding } from './html-rules.ts'
import { hardBreak, normaliseFlow } from './normalise-text.ts'
import type { RawBlock } from './slice-builder.ts'
import { withoutGaps } from './table-rows.ts'

/** A block of a page; `isSurrounding`: it stands in navigation, a footer or an aside. */
export interface PageBlock extends RawBlock {
  readonly isSurrounding: boolean
}

/** A table within so many others is layout, not data. */
const maxTableDepth = 3

interface OpenRow {
  readonly cells: string[]
  /** All its cells so far are headings. */
  isHeader: boolean
}

interface OpenTable {
  readonly isData: boolean
  rowCount: number
  row: OpenRow | null
}

interface OpenList {
  /** The next number; null for an unordered list. */
  number: number | null
}

/**
 * Reads the blocks under a DOM node in document order. The walk is iterative, from node to node: 100,000 nested elements need no
 * stack. Hidden parts, scripts and controls are left out; a table becomes rows with cells joined by ` | `, unless it only lays
 * out the page; items of ordered lists get their numbers. Linear in nodes and text.
 */
export function htmlBlocks(root: Node): PageBlock[] {
  const blocks: PageBlock[] = []
  let text: string[] = []
  const tables: OpenTable[] = []
  const lists: OpenList[] = []
  let quoteDepth = 0
  let preDepth = 0
  let surroundingDepth = 0
  let heading = 0
  /** Set by `<li>`, until its first block is written. */
  let item: { readonly prefix: string } | null = null
  let isListRunning = false

  const flush = (): void => {
    const raw = text.join('')
    text = []
    if (raw === '' || raw.trim() === '') return
    const isItem = item !== null || lists.length > 0
    const kind: BlockKind =
      preDepth > 0 ? 'code' : heading > 0 ? 'heading' : isItem ? 'list-item' : quoteDepth > 0 ? 'quote' : 'paragraph'
    const level =
      kind === 'heading'
        ? heading
        : kind === 'list-item'
          ? Math.max(1, lists.length)
          : kind === 'quote'
            ? quoteDepth - 1
            : 0
    const isTight = kind === 'list-item' && isListRunning
    blocks.push({
      kind,
      level,
      text: `${kind === 'list-item' ? (item?.prefix ?? '') : ''}${raw}`,
      tight: isTight,
      isSurrounding: surroundingDepth > 0,
    })
    if (kind === 'list-item') item = null
    isListRunning = kind === 'list-item'
  }
  const flushCell = (isHeading: boolean): void => {
    const row = tables.at(-1)?.row
    if (row === null || row === undefined) return flush()
    if (!isHeading) row.isHeader = false
    row.cells.push(normaliseFlow(text.join('')).replaceAll('\n', ' '))
    text = []
  }
  const flushRow = (): void => {
    const table = tables.at(-1)
    const row = table?.row
    if (table === undefined || row === null || row === undefined) return
    table.row = null
    if (row.cells.every((cell) => cell === '')) return
    const { cells, columns } = withoutGaps(row.cells)
    blocks.push({
      kind: 'table-row',
      level: row.isHeader && table.rowCount === 0 ? 1 : 0,
      text: cells.slice(0, cells.findLastIndex((cell) => cell !== '') + 1).join(' | '),
      tight: table.rowCount > 0,
      isSurrounding: surroundingDepth > 0,
      ...(columns === null ? {} : { columns }),
    })
    table.rowCount += 1
    isListRunning = false
  }
  const isInCell = (): boolean => (tables.at(-1)?.row ?? null) !== null

  const enter = (element: Element, tag: string): void => {
    if (tag === 'br') {
      text.push(preDepth > 0 ? '\n' : isInCell() ? ' ' : hardBreak)
      return
    }
    if (tag === 'table') {
      if (isInCell()) text.push(' ')
      else flush()
      tables.push({ isData: tables.length < maxTableDepth && !isLayoutTable(element), rowCount: 0, row: null })
    } else if (tag === 'tr' && tables.at(-1)?.isData === true) {
      const table = tables.at(-1)
      flush()
      if (table !== undefined) table.row = { cells: [], isHeader: true }
    } else if (isInCell()) {
      if (isBlock(tag)) text.push(' ')
    } else if (isBlock(tag)) {
      flush()
    }
    if (isInCell()) return
    if (tag === 'ul' || tag === 'menu') lists.push({ number: null })
    else if (tag === 'ol') lists.push({ number: Number.parseInt(element.getAttribute('start') ?? '1', 10) || 1 })
    else if (tag === 'li') item = { prefix: nextPrefix(lists.at(-1)) }
    else if (tag === 'blockquote') quoteDepth += 1
    else if (tag === 'pre') preDepth += 1
    else if (headingLevel(tag) > 0) heading = headingLevel(tag)
  }
  const leave = (element: Element, tag: string): void => {
    const isCellEnd = (tag === 'td' || tag === 'th') && isInCell()
    if (isCellEnd) flushCell(tag === 'th')
    else if (tag === 'tr') flushRow()
    else if (tag === 'table') {
      flushRow()
      if (!isInCell()) flush()
      tables.pop()
    } else if (isInCell()) {
      if (isBlock(tag)) text.push(' ')
    } else if (isBlock(tag)) {
      flush()
    }
    if (isSurrounding(factsOf(element, tag))) surroundingDepth -= 1
    if (isInCell() || isCellEnd) return
    if (tag === 'ul' || tag === 'menu' || tag === 'ol') {
      lists.pop()
      if (lists.length === 0) isListRunning = false
    } else if (tag === 'li') item = null
    else if (tag === 'blockquote') quoteDepth = Math.max(0, quoteDepth - 1)
    else if (tag === 'pre') preDepth = Math.max(0, preDepth - 1)
    else if (headingLevel(tag) > 0) heading = 0
  }

  let node: Node | null = root
  while (node !== null) {
    let next: Node | null = null
    if (node.nodeType === 3) {
      text.push(node.nodeValue ?? '')
    } else if (node.nodeType === 1) {
      const element = node as Element
      const tag = element.localName
      const facts = factsOf(element, tag)
      if (node === root || !isDropped(facts)) {
        if (isSurrounding(facts)) {
          if (!isInCell()) flush()
          surroundingDepth += 1
        }
        enter(element, tag)
        next = node.firstChild
        if (next === null) leave(element, tag)
      }
    }
    while (next === null && node !== null && node !== root) {
      next = node.nextSibling
      if (next !== null) break
      node = node.parentNode
      if (node !== null && node.nodeType === 1) leave(node as Element, (node as Element).localName)
    }
    node = next
  }
  flush()
  return blocks
}

function nextPrefix(list: OpenList | undefined): string {
  if (list === undefined || list.number === null) return ''
  const prefix = `${list.number}. `
  list.number += 1
  return prefix
}

/** A table that holds tables or headings lays out a page. Bounded by `maxTableDepth`, since it looks through the whole table. */
function isLayoutTable(table: Element): boolean {
  return table.getAttribute('role') === 'presentation' || table.querySelector('table, h1, h2, h3, h4, pre') !== null
}

function factsOf(element: Element, tag: string): { readonly tag: string; getAttribute(name: string): string | null } {
  return { tag, getAttribute: (name) => element.getAttribute(name) }
}
