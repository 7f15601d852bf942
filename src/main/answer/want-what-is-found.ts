import type { DocumentStore } from '../ports/document-store.ts'
import type { PassageSearch } from './search-passages.ts'

/** What ranks below was found, but was not what is asked about. */
const mostWanted = 24

/** A search whose documents are embedded before others: what is asked about now will be asked about again. */
export function wantWhatIsFound(
  search: PassageSearch,
  documents: Pick<DocumentStore, 'pendingChunks' | 'want'>,
): PassageSearch {
  return async (query, options) => {
    const found = await search(query, options)
    // One row by an index: how much waits, however much, must not cost a search anything.
    if (found.length > 0 && documents.pendingChunks(1).length > 0)
      documents.want([...new Set(found.slice(0, mostWanted).map(({ passage }) => passage.documentId))])
    return found
  }
}
