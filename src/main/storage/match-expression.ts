import type { QueryTerms } from '../../shared/keyword-terms.ts'

/** A pasted page is a question too; ranking it by every word of it would take a second. */
const mostTerms = 128
const mostPhrases = 16

/**
 * The FTS5 expression for a query: any term counts, every phrase must be there. Each term is a quoted FTS5 string, so that
 * nothing in it is ever read as syntax. Null when nothing is asked for.
 * See https://www.sqlite.org/fts5.html#full_text_query_syntax
 */
export function matchExpression({ terms, phrases }: QueryTerms): string | null {
  const required = phrases
    .slice(0, mostPhrases)
    .map((phrase) => quote(phrase.slice(0, mostTerms).join(' ')))
    .filter(isSearchable)
  const optional = terms.slice(0, mostTerms).map(quote).filter(isSearchable)
  if (required.length === 0) return optional.length === 0 ? null : optional.join(' OR ')
  // The phrases again among the options: a chunk need not have any other term.
  return [...required, `(${[...required, ...optional].join(' OR ')})`].join(' AND ')
}

function quote(term: string): string {
  return `"${term.replaceAll('\0', ' ').replaceAll('"', ' ')}"`
}

/** The tokenizer keeps letters and digits; a string without any matches nothing and would empty an AND. */
function isSearchable(quoted: string): boolean {
  return /[\p{L}\p{N}\p{Co}]/u.test(quoted)
}
