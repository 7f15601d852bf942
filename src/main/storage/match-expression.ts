import type { QueryTerms, TypedWord } from '../../shared/keyword-terms.ts'
import { type TermKind, wordKind } from './term-kinds.ts'

/** A pasted page is a question too; ranking it by every word of it would take a second. */
const mostTerms = 128
const mostPhrases = 16
/** A phrase that must be there also counts more than a word. */
const phraseWeight = 2

/** An FTS5 string, and what a chunk tells by holding it. */
export interface WeighedString extends TermKind {
  readonly string: string
}

/** What is asked of FTS5, and how it is weighed. */
export interface MatchExpression {
  /** Finds every chunk that has all of `required` and any of `options`; any of `options` where nothing is required. */
  readonly expression: string
  readonly required: readonly string[]
  /** Everything that counts. */
  readonly options: readonly WeighedString[]
  /** Those of them that a perfect chunk holds. */
  readonly expected: readonly WeighedString[]
}

/**
 * The FTS5 expression for a query: any term counts, a code once more where it stands in one piece, every phrase must be there, and
 * counts twice. Each term is a quoted FTS5 string, so that nothing in it is ever read as syntax. Null when nothing is asked for.
 * See https://www.sqlite.org/fts5.html#full_text_query_syntax
 *
 * @param choose which of the terms, as FTS5 strings, are asked for; by default all
 * @param kindOf what a term tells; by default each is a word
 */
export function matchExpression(
  { terms, phrases, codes, otherForms }: QueryTerms,
  {
    choose = (all) => all,
    kindOf = () => wordKind,
  }: {
    readonly choose?: (terms: readonly string[]) => readonly string[]
    readonly kindOf?: (term: string) => TermKind
  } = {},
): MatchExpression | null {
  const quoteAll = (parts: readonly string[][]): readonly string[] =>
    parts
      .slice(0, mostPhrases)
      .map((part) => quote(part.slice(0, mostTerms).join(' ')))
      .filter(isSearchable)
  const asWords = (strings: readonly string[], weight = wordKind.weight): readonly WeighedString[] =>
    strings.map((string) => ({ ...wordKind, string, weight }))
  const required = quoteAll(phrases)
  const kinds = new Map(terms.slice(0, mostTerms).map((term) => [quote(term), kindOf(term)]))
  const asked = choose([...kinds.keys()].filter(isSearchable))
  const expected = [
    ...asWords(required, phraseWeight),
    ...asked.map((string) => ({ ...(kinds.get(string) ?? wordKind), string })),
    ...asWords(quoteAll(codes)),
  ]
  const options = [...expected, ...asWords(quoteAll(otherForms))]
  if (options.length === 0) return null
  const anyOf = options.map(({ string }) => string).join(' OR ')
  // The phrases are among the options: a chunk need not have any other term.
  const expression = required.length === 0 ? anyOf : [...required, `(${anyOf})`].join(' AND ')
  return { expression, required, options, expected }
}

/** One FTS5 string of terms that stand side by side. */
export function termString(terms: readonly string[]): string {
  return quote(terms.join(' '))
}

function quote(term: string): string {
  return `"${term.replaceAll('\0', ' ').replaceAll('"', ' ')}"`
}

/** The tokenizer keeps letters and digits; a string without any matches nothing and would empty an AND. */
function isSearchable(quoted: string): boolean {
  return /[\p{L}\p{N}\p{Co}]/u.test(quoted)
}

/** The first words of a pasted page are enough to find where it was talked about. */
const mostTyped = 16
const longestTyped = 64

/**
 * The FTS5 expression for words somebody is typing, all of which must be there, each by its beginning; a run of characters
 * is a phrase of its pairs, so it may stand anywhere. A single letter stands for itself: half of all words begin with it.
 * Null when nothing is asked for.
 */
export function typedExpression(words: readonly TypedWord[]): string | null {
  const parts = words.slice(0, mostTyped).map(({ text, isUnspaced }) => {
    const characters = Array.from(text).slice(0, longestTyped)
    if (!isUnspaced) return `${quote(characters.join(''))}${characters.length > 1 ? ' *' : ''}`
    if (characters.length === 1) return `${quote(text)} *`
    return quote(
      characters
        .slice(1)
        .map((character, index) => `${characters[index]}${character}`)
        .join(' '),
    )
  })
  return parts.length === 0 ? null : parts.join(' AND ')
}
