import type { ClipboardEvent } from 'react'

/** What a copied piece may consist of; everything else is only its text. */
const kept = new Set(
  'P H3 H4 H5 H6 UL OL LI BLOCKQUOTE STRONG EM DEL CODE PRE TABLE THEAD TBODY TR TH TD HR BR SUP SUB'.split(' '),
)
const face = 'font-family:Consolas,Menlo,monospace'
/** Looks stand at each element: a word processor ignores most of a style sheet. */
const looks: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  TABLE: { border: '1', cellspacing: '0', cellpadding: '4', style: 'border-collapse:collapse' },
  PRE: { style: `${face};white-space:pre-wrap` },
  CODE: { style: face },
}
const blocks = new Set('P H3 H4 H5 H6 LI BLOCKQUOTE PRE TR HR'.split(' '))

/**
 * Copies the selected part of an answer as it was written, not as it looks here: marks as `[1]`, tables and code as such, without
 * the colours of the window, which would be unreadable on white paper.
 */
export function copySelection(event: ClipboardEvent<HTMLElement>): void {
  const selection = document.getSelection()
  if (selection === null || selection.isCollapsed || selection.rangeCount === 0) return
  const range = selection.getRangeAt(0)
  if (!event.currentTarget.contains(range.commonAncestorContainer)) return
  const piece = cleanPiece(range)
  event.clipboardData.setData('text/html', piece.innerHTML)
  event.clipboardData.setData('text/plain', plainText(piece).trim())
  event.preventDefault()
}

/** The selected nodes within what they need around them, without attributes of this page. */
function cleanPiece(range: Range): HTMLElement {
  const piece = document.createElement('div')
  const ancestor = range.commonAncestorContainer
  const element = ancestor instanceof Element ? ancestor : ancestor.parentElement
  // Rows alone, or lines of code alone, are neither a table nor code any more.
  const around = element?.closest('tr, thead, tbody, table, ul, ol, pre') ?? null
  let place: HTMLElement = piece
  for (const tag of wrappersOf(around)) {
    const wrapper = withLook(tag)
    place.append(wrapper)
    place = wrapper
  }
  copyInto(place, range.cloneContents())
  return piece
}

function wrappersOf(around: Element | null): readonly string[] {
  switch (around?.tagName) {
    case 'TR':
      return ['TABLE', 'TBODY', 'TR']
    case 'THEAD':
    case 'TBODY':
      return ['TABLE', 'TBODY']
    case undefined:
      return []
    default:
      return [around?.tagName ?? '']
  }
}

function copyInto(target: Node, source: Node): void {
  for (const child of source.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) target.appendChild(document.createTextNode(textBefore(child)))
    if (!(child instanceof HTMLElement)) continue
    const number = child.dataset['testid'] === 'citation' ? child.dataset['number'] : undefined
    if (number !== undefined) target.appendChild(document.createTextNode(`[${number}]`))
    else if (kept.has(child.tagName)) {
      const copy = withLook(child.tagName)
      target.appendChild(copy)
      copyInto(copy, child)
    } else if (child.tagName !== 'BUTTON') copyInto(target, child)
  }
}

/** Before a mark the page keeps words and mark on one line; that is not copied. */
function textBefore(node: Node): string {
  const text = node.nodeValue ?? ''
  const next = node.nextSibling
  const isBeforeMark = next instanceof HTMLElement && ['citation', 'uncited'].includes(next.dataset['testid'] ?? '')
  return isBeforeMark ? text.replace(/\u00a0$/, ' ').replace(/\u2060$/, '') : text
}

function withLook(tag: string): HTMLElement {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(looks[tag] ?? {})) element.setAttribute(name, value)
  return element
}

/** A line a block, a tab between cells. */
function plainText(node: Node): string {
  let text = ''
  for (const child of node.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) text += child.nodeValue ?? ''
    else if (child instanceof HTMLElement) {
      const isCell = child.tagName === 'TD' || child.tagName === 'TH'
      if (child.tagName === 'BR') text += '\n'
      else if (isCell) text += `${plainText(child)}${child.nextElementSibling === null ? '' : '\t'}`
      else if (blocks.has(child.tagName))
        text += `${text === '' || text.endsWith('\n') ? '' : '\n'}${plainText(child)}\n`
      else text += plainText(child)
    }
  }
  return text
}
