import { findBorder } from './sentence-border.ts'

/** A sentence of an answer. `[start, end)` in UTF-16 units of the answer, without white space around it. */
export interface AnswerSentence {
  readonly start: number
  readonly end: number
  /** Without citation marks and without the signs of Markdown. */
  readonly text: string
  /** Numbers of its citation marks, each once, in order. */
  readonly cites: readonly number[]
  readonly isRow: boolean
  /** Counts the paragraphs (and lists) of the answer. */
  readonly paragraph: number
}

/** The kind of a line shows in so much of it. UTF-16 units. */
export const lineHeadUnits = 200
/** A longer stretch without an end is no sentence, and the rest of its line is not looked at. UTF-16 units. */
export const longestSentenceUnits = 2000

const fencePattern = /^\s*(?:```|~~~)/
const headingPattern = /^\s{0,3}#{1,6}\s/
const ruleRowPattern = /^\s*\|?[\s:|-]+\|?\s*$/

/** Sentences of prose and list items, and rows of tables, in order; code and headings claim nothing. Linear in the text. */
export function answerSentences(answer: string): readonly AnswerSentence[] {
  const sentences: AnswerSentence[] = []
  let lineStart = 0
  let isCode = false
  let paragraph = 0
  for (const line of answer.split('\n')) {
    const isBorder = isFence(line)
    if (isBorder) isCode = !isCode
    if (line.trim() === '') paragraph += 1
    else if (!isBorder && !isCode && !headingPattern.test(line.slice(0, lineHeadUnits))) {
      for (const [from, to] of cutLine(line)) {
        const sentence = toSentence(line.slice(from, to), lineStart + from, isTableRow(line), paragraph)
        if (sentence !== null) sentences.push(sentence)
      }
    }
    lineStart += line.length + 1
  }
  return sentences
}

/** What a line of Markdown can hold: prose that is cut into sentences, or nothing to be cited. */
export function canClaim(line: string): boolean {
  return !isFence(line) && !headingPattern.test(line.slice(0, lineHeadUnits)) && !isTableRow(line)
}

export function isFence(line: string): boolean {
  return fencePattern.test(line.slice(0, lineHeadUnits))
}

/** A sentence without its citation marks and the signs of Markdown. */
export function plainSentence(text: string): string {
  return text
    .replaceAll(/\s*\[[1-9]\d{0,2}\]/g, '')
    .replace(/^\s*(?:>\s*)*(?:[-*+]\s+|\d{1,2}[.)]\s+)?/, '')
    .replaceAll(/\\([\\`*_<~|[\]!&#>+-])/g, '$1')
    .replaceAll(/\*\*|__|`|\u2060/g, '')
    .replaceAll(/(?<![\p{L}\p{N}])[*_](?=\S)|(?<=\S)[*_](?![\p{L}\p{N}])/gu, '')
    .replaceAll('|', ' ')
    .trim()
}

export function citedNumbers(text: string): readonly number[] {
  return [...new Set([...text.matchAll(/\[([1-9]\d{0,2})\]/g)].map(([, digits]) => Number(digits)))]
}

function isTableRow(line: string): boolean {
  return /^\s*\|/.test(line.slice(0, lineHeadUnits))
}

function cutLine(line: string): readonly (readonly [number, number])[] {
  if (isTableRow(line)) return line.length > longestSentenceUnits || ruleRowPattern.test(line) ? [] : [[0, line.length]]
  const ranges: [number, number][] = []
  let from = 0
  while (from < line.length) {
    const border = findBorder(line, from, true)
    const to = border?.after ?? line.length
    if (to - from > longestSentenceUnits) break
    ranges.push([from, to])
    from = Math.max(to, from + 1)
  }
  return ranges
}

function toSentence(raw: string, at: number, isRow: boolean, paragraph: number): AnswerSentence | null {
  const text = plainSentence(raw)
  if (!/[\p{L}\p{N}]/u.test(text)) return null
  const start = at + raw.length - raw.trimStart().length
  return { start, end: start + raw.trim().length, text, cites: citedNumbers(raw), isRow, paragraph }
}
