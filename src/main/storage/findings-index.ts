import type { FindingsIndex } from '../ports/findings-index.ts'
import type { SearchThread } from './search-thread.ts'

/** What looking for every match reads, off the main thread, between the searches of others. */
export function createFindingsIndex(thread: SearchThread): FindingsIndex {
  return {
    searched: (scope, { signal }) => thread.ask({ kind: 'searched-documents', scope }, { signal }),
    matches: (slice, { signal }) => thread.ask({ kind: 'find-matches', slice }, { signal }),
    unread: (scope, { signal }) => thread.ask({ kind: 'unread-documents', scope }, { signal }),
  }
}
