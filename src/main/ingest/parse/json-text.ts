import type { RawBlock } from './slice-builder.ts'
import { codeBlocks, linesOf } from './text.ts'

/** A file with a longer line was written for programs: it is laid out anew. */
const longestReadableLine = 300
/** Of a file of records, a line that is longer than this. */
const longestReadableRecord = 100
/** A list or an object without others inside stays on its line up to this length. */
const inlineUnits = 60
/** Further in, lines are no longer indented more: brackets nested a million deep stay linear. */
const deepestIndent = 24
/** A block ends at the first line on its outer levels behind so many units, or anywhere behind four times as many. */
const blockUnits = 1_500
const outerDepth = 2

/**
 * JSON as lines that a person can read. A file that has such lines stays as it is; one written without line breaks is laid out,
 * token by token: no value, key or order changes, only white space between them. Never fails: what is not JSON is kept as
 * it stands. Lazy, linear.
 */
export function* jsonBlocks(text: string): Generator<RawBlock> {
  if (hasLongLine(text)) yield* laidOut(text)
  else yield* codeBlocks(text)
}

/** JSON Lines: a block a record, its line in the file with it; long records are laid out. Lazy, linear. */
export function* jsonLinesBlocks(text: string): Generator<RawBlock> {
  let number = 0
  for (const range of linesOf(text)) {
    number += 1
    const record = text.slice(range.start, range.end)
    if (record.trim() === '') continue
    if (record.length > longestReadableRecord) yield* laidOut(record)
    else yield { kind: 'code', level: 0, text: record, line: number }
  }
}

function hasLongLine(text: string): boolean {
  for (const { start, end } of linesOf(text)) if (end - start > longestReadableLine) return true
  return false
}

function* laidOut(text: string): Generator<RawBlock> {
  let lines: string[] = []
  let units = 0
  for (const { line, depth } of jsonLines(text)) {
    const isOuter = depth < outerDepth && units > blockUnits
    if (isOuter || units > blockUnits * 4) {
      yield { kind: 'code', level: 0, text: lines.join('\n') }
      lines = []
      units = 0
    }
    lines.push(line)
    units += line.length + 1
  }
  yield { kind: 'code', level: 0, text: lines.join('\n') }
}

function* jsonLines(text: string): Generator<{ readonly line: string; readonly depth: number }> {
  let depth = 0
  let line = ''
  let lineDepth = 0
  const take = (): { readonly line: string; readonly depth: number } => {
    const taken = { line: `${'  '.repeat(Math.min(lineDepth, deepestIndent))}${line.trimEnd()}`, depth: lineDepth }
    line = ''
    lineDepth = depth
    return taken
  }
  let at = 0
  while (at < text.length) {
    const token = tokenAt(text, at)
    at += token.length
    if (token.trim() === '') continue
    if (token === '{' || token === '[') {
      line += token
      depth += 1
      yield take()
    } else if (token === '}' || token === ']') {
      if (line !== '') yield take()
      depth = Math.max(0, depth - 1)
      lineDepth = depth
      line += token
    } else if (token === ',') {
      line += token
      yield take()
    } else line += token === ':' ? ': ' : token
  }
  if (line !== '') yield take()
}

const space = /\s+/y
const literal = /[^\s"{}[\],:]+/y
/** A list of numbers, words and the like without others inside. */
const flat = /\[(?:[^[\]{}"\n]|"[^"\\[\]{}\n]{0,60}"){0,60}\]|\{\s{0,9}\}/y

function tokenAt(text: string, at: number): string {
  const first = text.charAt(at)
  if (first === '"') return stringAt(text, at)
  for (const pattern of [flat, space, literal]) {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0]
    if (found !== undefined && (pattern !== flat || found.length <= inlineUnits)) return found
  }
  return first
}

/** With its quotes; one that never closes ends with the text. */
function stringAt(text: string, at: number): string {
  let end = at
  do {
    end = text.indexOf('"', end + 1)
    if (end < 0) return text.slice(at)
  } while (isEscaped(text, at, end))
  return text.slice(at, end + 1)
}

function isEscaped(text: string, start: number, quote: number): boolean {
  let backslashes = 0
  while (quote - 1 - backslashes > start && text.charAt(quote - 1 - backslashes) === '\\') backslashes += 1
  return backslashes % 2 === 1
}
