import { fold, foldedRuns } from '../../shared/keyword-terms.ts'

/** What a term of a query tells, beside how rare it is. */
export interface TermKind {
  /** 0..1. */
  readonly weight: number
  /** BM25's k1: how much a passage gains by holding the term again. */
  readonly saturation: number
  /** BM25's b: how much it loses by being long. */
  readonly lengthShare: number
}

/** Chosen on the first halves of the sets (docs/decisions, retrieval). */
export const wordKind: TermKind = { weight: 1, saturation: 0.9, lengthShare: 0.4 }
const pairInWord: TermKind = { weight: 1, saturation: 0.5, lengthShare: 0.75 }
/** Of a word of several characters and one of a single character. */
const pairWithLoneCharacter: TermKind = { ...pairInWord, weight: 0.5 }
/** Of two words that happen to stand side by side. It is rare, and BM25 alone would take it for the most telling. */
const pairAcrossWords: TermKind = { ...pairInWord, weight: 0.25 }

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' })

/**
 * The kinds of a query's terms (see `keywordTerms`): of the pairs of a Chinese run those inside a word tell most. Words are those of a
 * dictionary; two single characters side by side are often a word that it does not know, and count as one. A pair that stands in
 * several places is what it is at its best. Text that no run holds, and scripts without such a dictionary: all alike.
 */
export function termKinds(query: string): (term: string) => TermKind {
  const kinds = new Map<string, TermKind>()
  for (const run of foldedRuns(fold(query))) {
    if ('word' in run) continue
    const { characters } = run
    const lengths = wordLengths(characters)
    for (const [index, character] of characters.entries()) {
      const next = characters[index + 1]
      const [own, following] = [lengths[index], lengths[index + 1]]
      if (next === undefined || own === undefined || following === undefined) continue
      const pair = `${character}${next}`
      const kind = pairKind(own, following)
      const known = kinds.get(pair)
      if (known === undefined || known.weight < kind.weight) kinds.set(pair, kind)
    }
  }
  return (term) => kinds.get(term) ?? wordKind
}

interface Place {
  readonly word: number
  /** Characters of the word. */
  readonly length: number
}

function pairKind(own: Place, following: Place): TermKind {
  if (own.word === following.word) return pairInWord
  if (own.length === 1 && following.length === 1) return pairInWord
  return own.length === 1 || following.length === 1 ? pairWithLoneCharacter : pairAcrossWords
}

/** Of each character the word that it stands in. */
function wordLengths(characters: readonly string[]): readonly Place[] {
  return [...segmenter.segment(characters.join(''))].flatMap(({ segment }, word) => {
    const { length } = Array.from(segment)
    return Array.from({ length }, () => ({ word, length }))
  })
}
