import { isItemStart, isNumberedHeading, isSentenceEnd } from './heading-pattern.ts'
import { hardBreak } from './normalise-text.ts'
import type { RawBlock } from './slice-builder.ts'
import { isUnspacedAt, isUnspacedBefore } from './unspaced-script.ts'

/** A hard-wrapped text has no line wider than this (in columns; a Chinese character is two). */
const maxWrapColumns = 130
/** Nor one whose widest line is narrower: those are lists, addresses, verses. */
const minWrapColumns = 50
/** A wrapped line fills at least this share of the widest line of its group. */
const wrappedShare = 0.7
/** Groups are cut here, so that a log of a million lines without an empty one streams too. */
const maxGroupLines = 200
/** Code blocks are cut at the first empty line behind this many units. */
const codeBlockUnits = 1_500

const codeExtensions = new Set(
  (
    'c cc cpp cxx h hpp cs java kt kts scala swift go rs py pyi rb php pl lua r jl js mjs cjs jsx ts mts cts tsx vue svelte css scss less ' +
    'json jsonl ndjson ipynb yaml yml toml ini cfg conf properties xml xsd xsl svg sql sh bash zsh fish ps1 bat cmd gradle cmake make mk ' +
    'dockerfile tex bib csv tsv diff patch log vtt srt proto graphql asm s f90 m mm hs ml clj ex exs erl dart zig nim vb pas'
  ).split(' '),
)

/** True for names of source code, data and logs, whose lines must stay as they are. `extension` lower-case, without the dot. */
export function isCodeExtension(extension: string): boolean {
  return codeExtensions.has(extension)
}

/** Source code, data and logs: lines kept and counted, blocks cut at empty lines. Lazy, linear. */
export function* codeBlocks(text: string): Generator<RawBlock> {
  let start = 0
  let firstLine = 1
  let lineNumber = 0
  for (const line of linesOf(text)) {
    lineNumber += 1
    const isEmpty = line.end === line.start || text.slice(line.start, line.end).trim() === ''
    if ((isEmpty && line.start - start > codeBlockUnits) || line.start - start > codeBlockUnits * 4) {
      yield { kind: 'code', level: 0, text: text.slice(start, line.start), line: firstLine }
      start = line.start
      firstLine = lineNumber
    }
  }
  yield { kind: 'code', level: 0, text: text.slice(start), line: firstLine }
}

/**
 * Plain text: paragraphs parted by empty lines. Within a group of lines, a line that fills the width was wrapped and goes on; a
 * short one ends its paragraph (after a sentence) or keeps its break (an address, a poem). Where lines are wider than any
 * wrapping, as in most Chinese text, each line is a paragraph. Lazy, linear.
 */
export function* textBlocks(text: string): Generator<RawBlock> {
  let group: string[] = []
  for (const range of linesOf(text)) {
    const line = text.slice(range.start, range.end)
    const isEmpty = line.length < 1_000 ? line.trim() === '' : !/\S/.test(line)
    if (!isEmpty) group.push(line)
    if (isEmpty || group.length >= maxGroupLines) {
      yield* paragraphsOf(group)
      group = []
    }
  }
  yield* paragraphsOf(group)
}

function* paragraphsOf(group: readonly string[]): Generator<RawBlock> {
  const only = group[0]
  if (only === undefined) return
  if (group.length === 1) {
    const isHeading = only.length < 200 && isNumberedHeading(only.trim())
    yield { kind: isHeading ? 'heading' : 'paragraph', level: isHeading ? 2 : 0, text: only }
    return
  }
  const columns = group.map(columnsOf)
  const widest = Math.max(...columns)
  const mayWrap = widest <= maxWrapColumns && widest >= minWrapColumns
  let paragraph: string[] = []
  let isAfterItem = false
  const take = (): RawBlock => {
    const isItem = isItemStart(paragraph[0]?.trimStart() ?? '')
    const block: RawBlock = {
      kind: isItem ? 'list-item' : 'paragraph',
      level: isItem ? 1 : 0,
      text: paragraph.join(''),
      tight: isItem && isAfterItem,
    }
    paragraph = []
    isAfterItem = isItem
    return block
  }
  for (const [at, line] of group.entries()) {
    const next = group[at + 1]
    if (at === 0 && next !== undefined && isNumberedHeading(line.trim()) && !isNumberedHeading(next.trim())) {
      yield { kind: 'heading', level: 2, text: line }
      continue
    }
    paragraph.push(line)
    if (next === undefined) break
    const end = line.trimEnd()
    const endsSentence = isSentenceEnd(end)
    // A wrapped Chinese line ends in mid-sentence nearly always; an English one ends at a full stop often enough.
    const isWhole = endsSentence && isUnspacedBefore(end, end.length)
    const startsNew = isItemStart(next.trimStart())
    if (mayWrap && (columns[at] ?? 0) >= widest * wrappedShare && !startsNew && !isWhole) paragraph.push('\n')
    else if (widest > maxWrapColumns || endsSentence || startsNew || /^[ \t\u3000]{2,}/.test(next)) yield take()
    else paragraph.push(hardBreak)
  }
  yield take()
}

/** Width in columns; exact only as far as wrapping is concerned. */
function columnsOf(line: string): number {
  if (line.length > maxWrapColumns * 2) return line.length
  let columns = 0
  for (let at = 0; at < line.length; at += 1) columns += isUnspacedAt(line, at) ? 2 : 1
  return columns
}

/** Ranges of lines without their ends (LF, CRLF, CR). */
export function* linesOf(text: string): Generator<{ readonly start: number; readonly end: number }> {
  const lineEnd = /\r\n?|\n|\f/g
  let start = 0
  for (let found = lineEnd.exec(text); found !== null; found = lineEnd.exec(text)) {
    yield { start, end: found.index }
    start = found.index + found[0].length
  }
  yield { start, end: text.length }
}
