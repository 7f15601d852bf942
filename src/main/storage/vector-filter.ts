import type { DocumentSet } from '../ports/collection-store.ts'
import type { IndexHit } from '../ports/indexes.ts'
import { createKeySet } from './key-set.ts'

/** Nearest first; only of these documents where there are some. */
export type FilteredSearch = (options: {
  readonly wanted: number
  readonly documentKeys: Int32Array | null
}) => Promise<readonly IndexHit[]>

/**
 * Documents that one filter names. Its cost grows with them, and so does the stall of the thread that hands it over: at
 * 117,497 vectors 5,000 take twice the time of a search without a filter, 50,000 ten times, with stalls of 300 ms.
 */
export const documentsPerFilter = 2_500
/** Documents up to which filters alone are quicker than looking at more hits. */
const filteredDocuments = 5_000
/** Hits looked at for each one wanted, before the filters take over. */
const mostLookedAt = 16

/**
 * `limit` hits in a set of documents wherever so many exist. A small set is a filter of the search. Of a large one enough hits
 * are looked at; where too few of them belong (the set is about something else), filters search it part by part.
 */
export async function searchWithin(
  within: DocumentSet,
  limit: number,
  search: FilteredSearch,
  signal: AbortSignal,
): Promise<readonly IndexHit[]> {
  const { keys, libraryDocuments } = within
  if (keys.length > filteredDocuments) {
    const wanted = createKeySet()
    for (const key of keys) wanted.add(key)
    // Twice what an even spread would need.
    const first = Math.ceil((2 * limit * libraryDocuments) / keys.length)
    for (const lookedAt of new Set([Math.min(first, limit * mostLookedAt), limit * mostLookedAt])) {
      const hits = await search({ wanted: lookedAt, documentKeys: null })
      const found = hits.filter(({ documentKey }) => wanted.has(documentKey))
      if (found.length >= limit) return found.slice(0, limit)
      signal.throwIfAborted()
    }
  }
  const parts: (readonly IndexHit[])[] = []
  for (let from = 0; from < keys.length; from += documentsPerFilter) {
    parts.push(await search({ wanted: limit, documentKeys: keys.subarray(from, from + documentsPerFilter) }))
    signal.throwIfAborted()
  }
  return parts
    .flat()
    .toSorted((a, b) => b.score - a.score || a.chunkKey - b.chunkKey)
    .slice(0, limit)
}
