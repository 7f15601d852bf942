import { reduceInline } from './markdown-inline.ts'
import { hardBreak } from './normalise-text.ts'
import type { RawBlock } from './slice-builder.ts'
import { linesOf } from './text.ts'

const fenceStart = /^ {0,3}(`{3,}|~{3,})/
const atxHeading = /^ {0,3}(#{1,6})(?:[ \t]+|$)/
const setext = /^ {0,3}(=+|-+)[ \t]*$/
const rule = /^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$/
const listItem = /^([ \t]*)([-*+]|\d{1,9}[.)])[ \t]+(?=\S)/
const quoteMark = /^ {0,3}>[ \t]?/
const tableRule = /^[\s|:-]+$/
const linkDefinition = /^ {0,3}\[[^[\]]{1,200}\]:[ \t]*\S/
/** Front matter is looked for in so many lines. */
const maxFrontMatterLines = 200
/** A paragraph of more lines is cut, so that nothing grows without bound. */
const maxParagraphLines = 2_000

/** A block whose lines are still being collected. */
interface OpenBlock {
  readonly kind: 'paragraph' | 'quote' | 'list-item'
  readonly level: number
  readonly lines: string[]
  readonly tight: boolean
}

/** The `title` of a document's YAML front matter, or null. */
export function frontMatterTitle(text: string): string | null {
  const end = frontMatterEnd(text)
  if (end === null) return null
  const found = /^title[ \t]*:[ \t]*(["']?)(.{1,500}?)\1[ \t]*$/m.exec(text.slice(0, end))
  return found?.[2]?.trim() || null
}

/**
 * Markdown to blocks by one pass over its lines: ATX and setext headings, fenced and indented code, lists with their depth
 * (numbers kept, bullets dropped), tables as rows with cells joined by ` | `, quotes, paragraphs; front matter as code. A small
 * scanner of our own rather than a full parser: it needs no tree, streams, and is linear on any input.
 */
export function* markdownBlocks(text: string): Generator<RawBlock> {
  const bodyStart = frontMatterEnd(text)
  if (bodyStart !== null) yield { kind: 'code', level: 0, text: text.slice(0, bodyStart) }
  let open: OpenBlock | null = null
  let code: { fence: string; lines: string[] } | null = null
  let isTable = false
  let afterList = false
  let afterBlank = true
  let isComment = false

  for (const range of linesOf(text.slice(bodyStart ?? 0))) {
    const offset = bodyStart ?? 0
    const line = text.slice(offset + range.start, offset + range.end)
    if (code !== null) {
      const isEnd =
        code.fence === ''
          ? !/^(?: {4}|\t|[ \t]*$)/.test(line)
          : line.trim().startsWith(code.fence) && /^(`+|~+)$/.test(line.trim())
      if (!isEnd) {
        code.lines.push(line)
        continue
      }
      yield { kind: 'code', level: 0, text: code.lines.join('\n') }
      const wasFenced = code.fence !== ''
      code = null
      if (wasFenced) continue
    }
    if (isComment || /^ {0,3}<!--/.test(line)) {
      isComment = !line.includes('-->')
      continue
    }
    if (line.trim() === '') {
      // A list may go on behind an empty line; its next item is then a tight one all the same.
      yield* blocksOf(open)
      open = null
      isTable = false
      afterBlank = true
      continue
    }
    const fence = fenceStart.exec(line)
    const heading = atxHeading.exec(line)
    const item = listItem.exec(line)
    if (fence !== null) {
      yield* blocksOf(open)
      open = null
      code = { fence: fence[1] ?? '```', lines: [] }
      afterList = false
    } else if (heading !== null) {
      yield* blocksOf(open)
      open = null
      yield {
        kind: 'heading',
        level: heading[1]?.length ?? 1,
        text: reduceInline(line.slice(heading[0].length).replace(/[ \t]#+[ \t]*$/, '')),
      }
      afterList = false
    } else if (open?.kind === 'paragraph' && setext.test(line) && !isTable) {
      const block: OpenBlock = open
      open = null
      yield { kind: 'heading', level: line.includes('=') ? 1 : 2, text: reduceInline(block.lines.join(' ')) }
    } else if (rule.test(line)) {
      yield* blocksOf(open)
      open = null
      afterList = false
    } else if (isTable && line.includes('|')) {
      yield { kind: 'table-row', level: 0, text: rowText(line), tight: true }
    } else if (
      line.includes('-') &&
      tableRule.test(line) &&
      open?.kind === 'paragraph' &&
      lastLine(open.lines).includes('|')
    ) {
      const block: OpenBlock = open
      const header = block.lines.pop() ?? ''
      if (block.lines.length > 0) yield* blocksOf(block)
      open = null
      yield { kind: 'table-row', level: 1, text: rowText(header) }
      isTable = true
      afterList = false
    } else if (item !== null && (afterBlank || open?.kind !== 'paragraph' || /^[-*+]|^1[.)]/.test(item[2] ?? ''))) {
      const isFollowing: boolean = isOpen(open, 'list-item') || afterList
      yield* blocksOf(open)
      open = null
      const marker = item[2] ?? '-'
      const content = line.slice(item[0].length).replace(/^\[[ xX]\][ \t]+/, '')
      const level = Math.min(10, Math.floor(columnsOf(item[1] ?? '') / 2) + 1)
      open = {
        kind: 'list-item',
        level,
        lines: [/\d/.test(marker) ? `${marker} ${content}` : content],
        tight: isFollowing,
      }
      afterList = true
    } else if (quoteMark.test(line)) {
      const { content, depth } = stripQuotes(line)
      if (open?.kind !== 'quote' || open.level !== depth - 1) {
        yield* blocksOf(open)
        open = null
        open = { kind: 'quote', level: depth - 1, lines: [], tight: false }
      }
      if (content.trim() === '') {
        yield* blocksOf(open)
        open = null
      } else {
        open.lines.push(breakAware(content))
      }
      afterList = false
    } else if (afterBlank && open === null && !afterList && /^(?: {4}|\t)/.test(line)) {
      code = { fence: '', lines: [line] }
    } else if (!linkDefinition.test(line)) {
      isTable = false
      if (open !== null && open.lines.length >= maxParagraphLines) {
        yield* blocksOf(open)
        open = null
      }
      const isInList = afterList && /^(?: {2}|\t)/.test(line)
      if (open === null)
        open = { kind: isInList ? 'list-item' : 'paragraph', level: isInList ? 1 : 0, lines: [], tight: isInList }
      if (open.kind === 'paragraph') afterList = false
      open.lines.push(breakAware(line))
    }
    afterBlank = false
  }
  if (code !== null) yield { kind: 'code', level: 0, text: code.lines.join('\n') }
  yield* blocksOf(open)
  open = null
}

function isOpen(open: OpenBlock | null, kind: OpenBlock['kind']): boolean {
  return open?.kind === kind
}

function blocksOf(open: OpenBlock | null): readonly RawBlock[] {
  return open === null
    ? []
    : [{ kind: open.kind, level: open.level, text: reduceInline(open.lines.join('\n')), tight: open.tight }]
}

/** Two spaces or a backslash at the end of a line break it on purpose. */
function breakAware(line: string): string {
  return line.endsWith('  ') || line.endsWith('\\')
    ? `${line.slice(0, line.endsWith('\\') ? -1 : line.length).trimEnd()}${hardBreak}`
    : line
}

function rowText(line: string): string {
  const cells = line
    .trim()
    .replace(/^\|/, '')
    .replace(/\|$/, '')
    .split(/(?<!\\)\|/)
  return cells.map((cell) => reduceInline(cell.trim()).trim()).join(' | ')
}

function stripQuotes(line: string): { readonly content: string; readonly depth: number } {
  let content = line
  let depth = 0
  for (; depth < 20 && quoteMark.test(content); depth += 1) content = content.replace(quoteMark, '')
  return { content, depth }
}

function lastLine(lines: readonly string[]): string {
  return lines[lines.length - 1] ?? ''
}

function columnsOf(indent: string): number {
  return indent.replaceAll('\t', '    ').length
}

function frontMatterEnd(text: string): number | null {
  if (!/^---[ \t]*\r?\n/.test(text)) return null
  let count = 0
  for (const range of linesOf(text.slice(0, 64 * 1024))) {
    count += 1
    if (count > maxFrontMatterLines) return null
    const line = text.slice(range.start, range.end).trimEnd()
    if (count > 1 && (line === '---' || line === '...')) return range.end
    if (count === 2 && !/^[\w"'-]+[ \t]*:/.test(line)) return null
  }
  return null
}
