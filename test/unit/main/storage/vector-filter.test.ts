import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { IndexHit } from '../../../../src/main/ports/indexes.ts'
import { documentsPerFilter, type FilteredSearch, searchWithin } from '../../../../src/main/storage/vector-filter.ts'

const { signal } = new AbortController()

/** One chunk a document, nearest first by key; without a filter it sees only the first `reach`, as an index does. */
function searchOf(documents: number, reach: number): { readonly search: FilteredSearch; readonly filters: number[] } {
  const hits = Array.from({ length: documents }, (_, index): IndexHit => ({
    chunkKey: index + 1,
    documentKey: index + 1,
    score: 1 - index / documents,
  }))
  const filters: number[] = []
  return {
    filters,
    search: async ({ wanted, documentKeys }) => {
      filters.push(documentKeys?.length ?? 0)
      if (documentKeys === null) return hits.slice(0, Math.min(wanted, reach))
      const keys = new Set(documentKeys)
      return hits.filter(({ documentKey }) => keys.has(documentKey)).slice(0, wanted)
    },
  }
}

describe('a vector search in a set of documents', () => {
  test.prop([
    fc.integer({ min: 1, max: 20_000 }),
    fc.integer({ min: 0, max: 20_000 }),
    fc.integer({ min: 1, max: 300 }),
    fc.integer({ min: 1, max: 7 }),
  ])('finds the nearest of the set, as many as exist', async (documents, from, limit, step) => {
    const keys = Int32Array.from({ length: documents }, (_, index) => index + 1).filter(
      (key) => key > Math.min(from, documents - 1) && key % step === documents % step,
    )
    if (keys.length === 0) return
    const { search, filters } = searchOf(documents, 5_000)
    const found = await searchWithin({ keys, libraryDocuments: documents }, limit, search, signal)
    expect(found.map(({ documentKey }) => documentKey)).toEqual(Array.from(keys.subarray(0, limit)))
    expect(Math.max(...filters)).toBeLessThanOrEqual(documentsPerFilter)
  })

  test('looks at more hits for a large set, and filters where they are about something else', async () => {
    const near = searchOf(60_000, 5_000)
    const all = Int32Array.from({ length: 50_000 }, (_, index) => index + 1)
    await searchWithin({ keys: all, libraryDocuments: 60_000 }, 100, near.search, signal)
    expect(near.filters).toEqual([0])
    const far = searchOf(60_000, 5_000)
    const last = all.map((key) => key + 10_000)
    const found = await searchWithin({ keys: last, libraryDocuments: 60_000 }, 100, far.search, signal)
    expect(found[0]?.documentKey).toBe(10_001)
    expect(far.filters).toEqual([0, 0, ...Array.from({ length: 20 }, () => documentsPerFilter)])
  })
})
