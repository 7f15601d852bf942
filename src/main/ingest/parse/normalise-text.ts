import { isUnspacedAt, isUnspacedBefore } from './unspaced-script.ts'

/** Put into a flowing block's raw text where the source breaks the line on purpose (`<br>`); becomes `\n`. */
export const hardBreak = '\u2028'

// Controls (white space among them apart), soft hyphens, byte order marks, word joiners and non-characters: nothing to read.
// oxlint-disable-next-line no-control-regex
const unreadable = /[\u0000-\u0008\u000E-\u001F\u007F-\u009F\u00AD\u2060\uFEFF\uFDD0-\uFDEF\uFFFE\uFFFF]/g
// A single plain space stands already as it should; only other runs are looked at.
const irregularSpace = /\s{2,}|[^\S ]/g

/**
 * Flowing text: controls removed, lone surrogates replaced, NFC (not NFKC: ligatures and full-width forms stay as written),
 * white space collapsed to one space, to nothing where a line was only wrapped between Chinese or Japanese characters,
 * to `\n` at a {@link hardBreak}. Trimmed. Linear.
 */
export function normaliseFlow(raw: string): string {
  const text = clean(raw)
  return text
    .replace(irregularSpace, (space: string, at: number) => {
      if (space.includes(hardBreak)) return '\n'
      const isWrapped = space.includes('\n') || space.includes('\r')
      return isWrapped && isUnspacedBefore(text, at) && isUnspacedAt(text, at + space.length) ? '' : ' '
    })
    .trim()
}

/** A piece of code as it is kept. Indentation in columns, a tab being four. */
export interface CodeText {
  readonly text: string
  /** Taken away from all lines. */
  readonly indent: number
  /** Taken away from the first line besides. */
  readonly firstIndent: number
  /** Empty lines left out before the first. */
  readonly skippedLines: number
}

/** Code: as {@link normaliseFlow}, but white space stays; line ends become `\n`, and common indentation is taken away. */
export function readCode(raw: string): CodeText {
  const lines = clean(raw)
    .replace(/\r\n?|[\v\f\u2028\u2029]/g, '\n')
    .split('\n')
    .map((line) => line.trimEnd())
  let common = Number.POSITIVE_INFINITY
  for (const line of lines) {
    if (line !== '') common = Math.min(common, line.length - line.trimStart().length)
  }
  const skippedLines = lines.findIndex((line) => line !== '')
  const first = lines[skippedLines]
  if (first === undefined) return { text: '', indent: 0, firstIndent: 0, skippedLines: 0 }
  const text = (common > 0 ? lines.map((line) => line.slice(common)) : lines).join('\n').trim()
  const indent = columnsOf(first.slice(0, common))
  return { text, indent, firstIndent: columnsOf(/^\s*/.exec(first)?.[0] ?? '') - indent, skippedLines }
}

/** The text of {@link readCode}. */
export function normaliseCode(raw: string): string {
  return readCode(raw).text
}

const tabColumns = 4

function columnsOf(space: string): number {
  return space.replaceAll('\t', ' '.repeat(tabColumns)).length
}

function clean(raw: string): string {
  return raw.replace(unreadable, '').toWellFormed().normalize('NFC')
}
