import { queryTerms, quotedParts } from '../../shared/keyword-terms.ts'
import type { SearchQuery } from './search-queries.ts'

/** What the reader's own words have in quotation marks: every passage must hold it, word for word. As written, without the marks. */
export function requiredPhrases(queries: readonly SearchQuery[]): readonly string[] {
  const [own] = queries
  return own === undefined || queryTerms(own.text).phrases.length === 0 ? [] : quotedParts(own.text)
}

/** The same queries, asking for the same words, none of which must be there. */
export function withoutQuotationMarks(queries: readonly SearchQuery[]): readonly SearchQuery[] {
  return queries.map((query) => ({ ...query, text: query.text.replaceAll(/["“”„«»「」『』＂]/g, ' ') }))
}
