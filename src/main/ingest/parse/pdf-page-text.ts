import type { Block, TextRun } from '../../../shared/anchor.ts'
import { separatorBetween } from './pdf-lines.ts'
import type { Line } from './pdf-lines.ts'
import type { LineGroup } from './pdf-paragraphs.ts'
import { isUnspacedAt, isUnspacedBefore } from './unspaced-script.ts'

/** The canonical text of one page with its blocks and runs; offsets are the document's. */
export interface PageText {
  readonly text: string
  readonly blocks: Block[]
  readonly runs: TextRun[]
}

/** What parts a page's text from the next page's; it belongs to the page before. */
const pageBreak = '\n\n'
/** Neighbours of these kinds are parted by a line break only. */
const tightKinds = new Set<string>(['list-item', 'table-row'])
/** First halves that keep their hyphen at a line end: compounds, not cut words. */
const compoundStarts = new Set(
  'all anti co cross ex full half high in long low mid multi non on post pre pro right self semi short so sub two three up well year'.split(
    ' ',
  ),
)

/**
 * Puts a page's groups into text. Lines of a paragraph are joined by a space, by nothing between Chinese or Japanese
 * characters. A word cut at a line end is made whole: its hyphen is left out of the canonical text (the run's box still covers
 * it), so that the word can be found; offsets stay exact because runs are measured on the text as written here. Hyphens of
 * compounds stay: where the page has the compound in one line, or the first half is a usual prefix.
 */
export function writePage(groups: readonly LineGroup[], pageStart: number): PageText {
  const parts: string[] = []
  const blocks: Block[] = []
  const runs: TextRun[] = []
  let at = pageStart
  const append = (text: string): void => {
    parts.push(text)
    at += text.length
  }
  const compounds = compoundsOf(groups)
  let lastKind: string | undefined
  for (const group of groups) {
    if (lastKind !== undefined) append(lastKind === group.kind && tightKinds.has(group.kind) ? '\n' : '\n\n')
    lastKind = group.kind
    const start = at
    for (const [lineAt, line] of group.lines.entries()) {
      const next = group.lines[lineAt + 1]
      const join = next === undefined ? { separator: '', dropsHyphen: false } : joinOf(line, next, compounds)
      for (const [itemAt, item] of line.items.entries()) {
        const before = line.items[itemAt - 1]
        if (before !== undefined) append(separatorBetween(before, item))
        const isLast = itemAt === line.items.length - 1
        const text = isLast && join.dropsHyphen ? item.text.slice(0, -1) : item.text
        if (text === '') continue
        runs.push({ start: at, end: at + text.length, ...item.box })
        append(text)
      }
      append(join.separator)
    }
    blocks.push({ kind: group.kind, level: group.level, start, end: at })
  }
  if (parts.length > 0) append(pageBreak)
  return { text: parts.join(''), blocks, runs }
}

function joinOf(
  line: Line,
  next: Line,
  compounds: ReadonlySet<string>,
): { readonly separator: '' | ' '; readonly dropsHyphen: boolean } {
  if (line.items.at(-1)?.endsSoft === true) return { separator: '', dropsHyphen: false }
  const cut = /(\p{L}{2,})[-\u2010]$/u.exec(line.text.slice(-60))
  const rest = /^\p{Ll}{2,}/u.exec(next.text.slice(0, 60))
  if (cut !== null && rest !== null) {
    const half = (cut[1] ?? '').toLowerCase()
    const isCompound = compoundStarts.has(half) || compounds.has(`${half}-${rest[0].toLowerCase()}`)
    return { separator: '', dropsHyphen: !isCompound && (line.items.at(-1)?.text.length ?? 0) > 1 }
  }
  const isUnspaced = isUnspacedBefore(line.text, line.text.length) && isUnspacedAt(next.text, 0)
  return { separator: isUnspaced ? '' : ' ', dropsHyphen: false }
}

/** Hyphenated words that stand whole within a line of this page. */
function compoundsOf(groups: readonly LineGroup[]): ReadonlySet<string> {
  const found = new Set<string>()
  for (const group of groups) {
    for (const line of group.lines) {
      if (!line.text.includes('-')) continue
      for (const word of line.text.split(/[^\p{L}-]+/u)) {
        if (/^\p{L}+-\p{L}+$/u.test(word)) found.add(word.toLowerCase())
      }
    }
  }
  return found
}
