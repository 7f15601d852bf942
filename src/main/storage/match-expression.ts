import type { QueryTerms, TypedWord } from '../../shared/keyword-terms.ts'

/** A pasted page is a question too; ranking it by every word of it would take a second. */
const mostTerms = 128
const mostPhrases = 16

/** What is asked of FTS5, and how it is weighed. */
export interface MatchExpression {
  readonly expression: string
  /** The FTS5 strings that a perfect chunk holds, as often as the expression counts them. */
  readonly expected: readonly string[]
}

/**
 * The FTS5 expression for a query: any term counts, a code once more where it stands in one piece, every phrase must be there.
 * Each term is a quoted FTS5 string, so that nothing in it is ever read as syntax. Null when nothing is asked for.
 * See https://www.sqlite.org/fts5.html#full_text_query_syntax
 *
 * @param choose which of the terms, as FTS5 strings, are asked for; by default all
 */
export function matchExpression(
  { terms, phrases, codes, otherForms }: QueryTerms,
  choose: (terms: readonly string[]) => readonly string[] = (all) => all,
): MatchExpression | null {
  const quoteAll = (parts: readonly string[][]): readonly string[] =>
    parts
      .slice(0, mostPhrases)
      .map((part) => quote(part.slice(0, mostTerms).join(' ')))
      .filter(isSearchable)
  const required = quoteAll(phrases)
  const optional = [...choose(terms.slice(0, mostTerms).map(quote).filter(isSearchable)), ...quoteAll(codes)]
  const options = [...optional, ...quoteAll(otherForms)]
  if (required.length === 0)
    return options.length === 0 ? null : { expression: options.join(' OR '), expected: optional }
  // The phrases again among the options: a chunk need not have any other term.
  const expression = [...required, `(${[...required, ...options].join(' OR ')})`].join(' AND ')
  return { expression, expected: [...required, ...required, ...optional] }
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
