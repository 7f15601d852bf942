import type { KeywordIndex } from '../ports/indexes.ts'
import type { SearchThread } from './search-thread.ts'

/** Keyword search off the main thread. Its words are written by the document store, see chunk-records.ts. */
export function createKeywordIndex(thread: SearchThread): KeywordIndex {
  return {
    search: (query, { limit, within = null, signal }) =>
      thread.ask({ kind: 'search', query, limit, within }, { signal }),
    coverage: async (query, chunkKeys, { signal }) =>
      new Map(await thread.ask({ kind: 'coverage', query, chunkKeys }, { signal })),
    close: async () => thread[Symbol.asyncDispose](),
  }
}
