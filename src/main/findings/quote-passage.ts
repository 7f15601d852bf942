import type { Finding } from '../../shared/findings.ts'
import type { TermMark } from './mark-terms.ts'

/** UTF-16 units of a quotation at most, and how far before the first word it may begin. */
const quotationUnits = 280
const leadUnits = 110
const longestCut = 24

/**
 * A part of a passage around the words that are looked for: where the most different ones stand together, from the beginning of the
 * sentence where that is near. One line; `…` where something was left out.
 */
export function quotePassage(text: string, marks: readonly TermMark[]): Finding['quotation'] {
  const first = densestMark(marks)
  const start = first === null ? 0 : beginningBefore(text, first.start)
  const end = borderAfter(text, Math.min(text.length, start + quotationUnits))
  const before = text.slice(0, start).trim() === '' ? '' : '…'
  const after = text.slice(end).trim() === '' ? '' : '…'
  const shown = text.slice(start, end)
  const lead = shown.length - shown.trimStart().length
  const line = shown.trim().replace(/[\s\p{Cc}\p{Co}]/gu, (space) => ' '.repeat(space.length))
  const offset = before.length - start - lead
  return {
    text: `${before}${line}${after}`,
    marks: joined(marks)
      .filter((mark) => mark.start >= start && mark.end <= start + lead + line.length)
      .map((mark) => ({ start: mark.start + offset, end: mark.end + offset })),
  }
}

/** The mark from which on a quotation holds the most requirements; the first of equals. */
function densestMark(marks: readonly TermMark[]): TermMark | null {
  let best: TermMark | null = null
  let bestCount = 0
  for (const [index, mark] of marks.entries()) {
    const held = new Set<number>()
    for (let at = index; at < marks.length; at += 1) {
      const other = marks[at]
      if (other === undefined || other.end > mark.start + quotationUnits - leadUnits) break
      held.add(other.requirement)
    }
    if (held.size > bestCount || best === null) {
      best = mark
      bestCount = held.size
    }
  }
  return best
}

/** The sentence's beginning, else a word's, else where a quotation with enough before the mark begins. */
function beginningBefore(text: string, at: number): number {
  const from = Math.max(0, at - leadUnits)
  const before = text.slice(from, at)
  const sentence = [...before.matchAll(/(?:[。！？!?；;]|\.(?=\s)|\n)\s*/gu)].at(-1)
  if (sentence !== undefined) return from + sentence.index + sentence[0].length
  if (from === 0) return 0
  const space = before.slice(0, longestCut).search(/\s/)
  return space === -1 ? characterBorder(text, from) : from + space + 1
}

function borderAfter(text: string, at: number): number {
  if (at >= text.length) return text.length
  const before = text.slice(at - longestCut, at)
  const space = before.search(/\s\S*$/)
  return space === -1 ? characterBorder(text, at) : at - longestCut + space
}

/** Not between the halves of a surrogate pair. */
function characterBorder(text: string, at: number): number {
  const unit = text.charCodeAt(at)
  return unit >= 0xdc00 && unit <= 0xdfff ? at - 1 : at
}

function joined(marks: readonly TermMark[]): readonly { readonly start: number; readonly end: number }[] {
  const apart: { start: number; end: number }[] = []
  for (const { start, end } of marks) {
    const last = apart.at(-1)
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end)
    else apart.push({ start, end })
  }
  return apart
}
