import type { DocumentStore } from '../interfaces.ts'
import type { PassageSearch } from './search-passages.ts'

/** A search whose documents are embedded before others: what is asked about now will be asked about again. */
export function wantWhatIsFound(
  search: PassageSearch,
  documents: Pick<DocumentStore, 'importCounts' | 'want'>,
): PassageSearch {
  return async (query, options) => {
    const found = await search(query, options)
    if (found.length > 0 && documents.importCounts().passagesToEmbed > 0)
      documents.want([...new Set(found.map(({ passage }) => passage.documentId))])
    return found
  }
}
