import { foldWithOffsets } from '../../shared/folded-text.ts'
import type { Requirement } from '../../shared/required-terms.ts'
import { stem } from '../evidence/claim-terms.ts'

/** A place in a text where something that is looked for stands: `[start, end)` in UTF-16 units, and which requirement it is. */
export interface TermMark {
  readonly start: number
  readonly end: number
  readonly requirement: number
}

interface PlacedTerm {
  readonly term: string
  readonly start: number
  readonly end: number
}

const unspaced =
  '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Bopomofo}ー\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}]'
const termPattern = new RegExp(`(${unspaced}(?:\\n?${unspaced})*)|([[\\p{L}\\p{N}]--${unspaced}]+)`, 'gv')
const clitic = /^(?:s|t|re|ve|ll|d|m)$/
/** A common word may stand in every line of a hostile text. */
const mostMarks = 60

/**
 * Where the words that are looked for stand in a passage, in order, for showing them: as the keyword index folds and cuts them, with
 * the commonest English endings taken off in place of its stemming. What it found is not asked here.
 */
export function markTerms(text: string, requirements: readonly Requirement[]): readonly TermMark[] {
  const placed = placeTerms(text)
  const stems = placed.map(({ term }) => stem(term))
  const marks: TermMark[] = []
  for (const [requirement, alternatives] of requirements.entries()) {
    for (const terms of alternatives) {
      const wanted = terms.map(stem)
      for (let at = 0; at + wanted.length <= placed.length && marks.length < mostMarks * requirements.length; at += 1) {
        if (!wanted.every((term, index) => stems[at + index] === term)) continue
        const first = placed[at]
        const last = placed[at + wanted.length - 1]
        if (first !== undefined && last !== undefined) marks.push({ start: first.start, end: last.end, requirement })
      }
    }
  }
  return marks.toSorted((one, other) => one.start - other.start || other.end - one.end)
}

/** The terms of a text in order, as keyword-terms.ts cuts them, with their places. */
function placeTerms(text: string): readonly PlacedTerm[] {
  const { text: folded, starts, ends } = foldWithOffsets(text)
  const placed: PlacedTerm[] = []
  const add = (term: string, from: number, to: number): void =>
    void placed.push({ term, start: starts[from] ?? 0, end: ends[to - 1] ?? text.length })
  for (const { 0: run, 1: characters, index } of folded.matchAll(termPattern)) {
    if (characters === undefined) {
      const isClitic = clitic.test(run) && /[\p{L}\p{N}]['’ʼ]$/u.test(folded.slice(Math.max(0, index - 3), index))
      if (!isClitic) add(run, index, index + run.length)
      continue
    }
    const places = [...run.matchAll(/[^\n]/gu)].map(({ 0: character, index: within }) => ({
      character,
      from: index + within,
      to: index + within + character.length,
    }))
    const [only] = places
    if (only !== undefined && places.length === 1) add(only.character, only.from, only.to)
    for (const [at, next] of places.entries()) {
      const before = places[at - 1]
      if (before !== undefined) add(`${before.character}${next.character}`, before.from, next.to)
    }
  }
  return placed
}
