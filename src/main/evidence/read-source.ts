import type { Passage } from '../../shared/passage.ts'
import { claimTerms } from './claim-terms.ts'
import { foldedWordsOf, foldName, readNames, type StatedName } from './names.ts'
import { readNumbers, type StatedNumber } from './numbers.ts'
import { type Sentence, splitSentences } from './split-sentences.ts'

/**
 * Only what is of the same one is compared by words and meaning; numbers are compared always. `other` (Japanese, Cyrillic,
 * Arabic ...): no embedder on board knows it, words alone decide.
 */
export type WritingSystem = 'chinese' | 'latin' | 'other'

/** A sentence of a source; `[start, end)` in the passage's text. */
export interface SourceSentence extends Sentence {
  readonly terms: ReadonlySet<string>
  readonly numbers: readonly StatedNumber[]
}

/** A passage as the check reads it, once an answer. */
export interface ReadSource {
  readonly writing: WritingSystem
  readonly sentences: readonly SourceSentence[]
  /** Of all sentences, and of what names the place: title, headings, file name. */
  readonly terms: ReadonlySet<string>
  readonly numbers: readonly StatedNumber[]
  readonly names: readonly StatedName[]
  readonly foldedText: string
  readonly foldedWords: ReadonlySet<string>
}

/** A sentence of an answer as the check reads it. */
export interface ReadClaim {
  readonly text: string
  readonly writing: WritingSystem
  readonly terms: ReadonlySet<string>
  readonly numbers: readonly StatedNumber[]
  readonly names: readonly StatedName[]
}

/** A text without sentences of its own is read to here; hostile ones are longer. UTF-16 units. */
const longestSentence = 4000

export function readClaim(given: string): ReadClaim {
  const text = given.slice(0, longestSentence)
  return { text, writing: writingOf(text), terms: claimTerms(text), numbers: readNumbers(text), names: readNames(text) }
}

export function readSource(passage: Pick<Passage, 'text' | 'documentName' | 'title' | 'headingPath'>): ReadSource {
  const sentences = splitSentences(passage.text).map((sentence) => {
    const text = sentence.text.slice(0, longestSentence)
    return { ...sentence, terms: claimTerms(text), numbers: readNumbers(text) }
  })
  const place = [passage.title ?? '', ...passage.headingPath, passage.documentName].join('\n')
  const all = `${place}\n${passage.text}`
  return {
    writing: writingOf(passage.text),
    sentences,
    terms: new Set([...claimTerms(place), ...sentences.flatMap(({ terms }) => [...terms])]),
    numbers: [...readNumbers(place), ...sentences.flatMap(({ numbers }) => numbers)],
    names: sentences.flatMap(({ text }) => readNames(text)),
    foldedText: foldName(all),
    foldedWords: foldedWordsOf(all),
  }
}

function writingOf(text: string): WritingSystem {
  const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0
  const han = count(/\p{Script=Han}/gu)
  const kana = count(/[\p{Script=Hiragana}\p{Script=Katakana}]/gu)
  const latin = count(/\p{Script=Latin}+/gu)
  const others = count(/[[\p{L}]--[\p{Script=Latin}\p{Script=Han}\p{Script=Greek}]]+/gv)
  if (han > latin && han > kana) return kana * 10 > han ? 'other' : 'chinese'
  return latin >= others ? 'latin' : 'other'
}
