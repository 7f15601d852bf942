import type { MarkedText } from '../../shared/conversation-search.ts'
import { foldWithOffsets } from '../../shared/folded-text.ts'
import type { TypedWord } from '../../shared/keyword-terms.ts'

/** UTF-16 units of an excerpt, and how much of it stands before the first word found. */
const excerptLength = 180
const lead = 50
/** Words longer than this are cut. */
const longestCut = 20
/** One letter typed may stand a thousand times in an answer. */
const mostMarks = 40
const wordCharacter = /[\p{L}\p{N}]/u

interface Mark {
  readonly start: number
  readonly end: number
}

/** Every place where a word of `words` begins in `text`, and which of them are there at all. */
function findWords(
  text: string,
  words: readonly TypedWord[],
): { readonly marks: readonly Mark[]; readonly found: number } {
  const folded = foldWithOffsets(text)
  const marks: Mark[] = []
  let found = 0
  for (const word of words) {
    const before = marks.length
    let from = 0
    while (marks.length - before < mostMarks) {
      const at = folded.text.indexOf(word.text, from)
      if (at === -1) break
      from = at + word.text.length
      if (!fits(folded.text, at, word)) continue
      marks.push({ start: folded.starts[at] ?? 0, end: folded.ends[from - 1] ?? text.length })
    }
    if (marks.length > before) found += 1
  }
  return { marks: joined(marks), found }
}

/** A run of characters fits anywhere; a word where a word begins; a single letter only as a word of its own. */
function fits(text: string, at: number, word: TypedWord): boolean {
  if (word.isUnspaced) return true
  if (isWordCharacter(text.slice(Math.max(0, at - 2), at), 'last')) return false
  return (
    Array.from(word.text).length > 1 ||
    !isWordCharacter(text.slice(at + word.text.length, at + word.text.length + 2), 'first')
  )
}

function isWordCharacter(around: string, which: 'first' | 'last'): boolean {
  const character = Array.from(around).at(which === 'first' ? 0 : -1)
  return character !== undefined && wordCharacter.test(character) && !unspacedCharacter.test(character)
}

const unspacedCharacter =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u

function joined(marks: readonly Mark[]): readonly Mark[] {
  const apart: Mark[] = []
  for (const mark of marks.toSorted((left, right) => left.start - right.start)) {
    const last = apart.at(-1)
    if (last !== undefined && mark.start <= last.end) {
      apart[apart.length - 1] = { start: last.start, end: Math.max(last.end, mark.end) }
    } else apart.push(mark)
  }
  return apart
}

/** The whole of a short text with its marks; null when a word is not in it. */
export function markAll(text: string, words: readonly TypedWord[]): MarkedText | null {
  const { marks, found } = findWords(text, words)
  return found < words.length ? null : { text, marks: marks.map(({ start, end }) => ({ start, end })) }
}

/**
 * One line around the first word found, with every mark in it, and how many of the words the whole text holds. Line breaks
 * and private-use characters become spaces; `…` stands where text was left out.
 */
export function markExcerpt(
  text: string,
  words: readonly TypedWord[],
): { readonly excerpt: MarkedText; readonly found: number } {
  const { marks, found } = findWords(text, words)
  const first = marks[0]?.start ?? 0
  const start = first <= lead ? 0 : wordBorder(text, first - lead)
  const end = characterBorder(text, Math.min(text.length, start + excerptLength))
  const before = start > 0 ? '…' : ''
  const shown = text.slice(start, end).replace(/[\s\p{Co}\p{Cc}]/gu, (space) => ' '.repeat(space.length))
  return {
    found,
    excerpt: {
      text: `${before}${shown}${end < text.length ? '…' : ''}`,
      marks: marks
        .filter((mark) => mark.end <= end)
        .map((mark) => ({
          start: mark.start - start + before.length,
          end: mark.end - start + before.length,
        })),
    },
  }
}

/** Where a word begins, a little further on if need be; runs without spaces may be cut anywhere. */
function wordBorder(text: string, at: number): number {
  const space = text.slice(at - 1, at + longestCut).search(/\s/)
  return space === -1 ? characterBorder(text, at) : at + space
}

/** Not between the halves of a surrogate pair. */
function characterBorder(text: string, at: number): number {
  const unit = text.charCodeAt(at)
  return unit >= 0xdc00 && unit <= 0xdfff ? at - 1 : at
}
