import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { compareVectors } from '../../../../src/main/storage/compare-vectors.ts'

const keys = fc.uniqueArray(fc.integer({ min: 1, max: 60 })).map((list) => list.toSorted((a, b) => a - b))

test.prop([keys, fc.array(fc.integer({ min: 1, max: 60 })).map((list) => list.toSorted((a, b) => a - b))])(
  'both ways and duplicates',
  async (marked, stored) => {
    const documents = {
      embeddedChunkKeys: (_embedder: string, afterKey: number, limit: number) =>
        marked.filter((key) => key > afterKey).slice(0, limit),
    }
    const unique = [...new Set(stored)]
    expect(
      await compareVectors(documents, stored, 'all-MiniLM-L6-v2', { signal: new AbortController().signal }),
    ).toEqual({
      missing: marked.filter((key) => !unique.includes(key)),
      unmarked: unique.filter((key) => !marked.includes(key)),
      duplicates: stored.length - unique.length,
    })
  },
)
