import { expect, test } from 'vitest'
import {
  annIndexFor,
  chooseAnnIndex,
  exactSearchRows,
  indexedRows,
  isCompactionDue,
  isCompactionDueAtRest,
  isIndexInPieces,
  searchEffort,
} from '../../../../src/main/storage/vector-upkeep.ts'

const sized = (rows: number, dimensions = 384) => ({ rows, dimensions })

test('small tables have no index; up to ten thousand rows all parts of it are searched, as they are', () => {
  expect(chooseAnnIndex(sized(indexedRows - 1), null)).toBeNull()
  expect(chooseAnnIndex(sized(indexedRows), null)).toEqual({ name: 'vector_1000', partitions: 32, kind: 'flat' })
  for (const name of [null, `vector_${exactSearchRows - 1}`]) {
    const { parts, refineFactor } = searchEffort(name, 100)
    expect(parts).toBeGreaterThan(100)
    expect(refineFactor).toBeNull()
  }
})

test('a table that is too large to be searched exactly gets a quantised index; small again, one of all vectors', () => {
  expect(chooseAnnIndex(sized(exactSearchRows - 1), 'vector_8000')).toBeNull()
  const quantised = { name: 'vector_quantised_10000', partitions: 100, kind: 'quantised' }
  expect(chooseAnnIndex(sized(exactSearchRows), 'vector_8000')).toEqual(quantised)
  // As libraries had it before.
  expect(chooseAnnIndex(sized(exactSearchRows), 'vector_10000')).toEqual(quantised)
  expect(chooseAnnIndex(sized(exactSearchRows - 1), quantised.name)).toBeNull()
  expect(chooseAnnIndex(sized(exactSearchRows / 2 - 1), quantised.name)).toMatchObject({ kind: 'flat' })
})

test('large ones get the square root of their rows as partitions, again when they have doubled', () => {
  const name = 'vector_quantised_40000'
  expect(chooseAnnIndex(sized(40_000), null)).toEqual({ name, partitions: 200, kind: 'quantised' })
  expect(chooseAnnIndex(sized(79_999), name)).toBeNull()
  expect(chooseAnnIndex(sized(80_000), name)).toMatchObject({ name: 'vector_quantised_80000', partitions: 283 })
})

test('a search of a quantised index reads a share of its parts and refines some hundred rows at least', () => {
  expect(searchEffort('vector_quantised_10000', 100)).toEqual({ parts: 100, refineFactor: 5 })
  expect(searchEffort('vector_quantised_1000000', 10)).toEqual({ parts: 500, refineFactor: 50 })
  expect(searchEffort('vector_quantised_1000000', 400)).toEqual({ parts: 500, refineFactor: 2 })
})

test('vectors whose dimensions fill no bytes are not quantised', () => {
  expect(chooseAnnIndex(sized(40_000, 100), null)).toMatchObject({ name: 'vector_40000', kind: 'flat' })
  expect(chooseAnnIndex(sized(40_000, 100), 'vector_40000')).toBeNull()
  expect(chooseAnnIndex(sized(12_000, 100), 'vector_8000')).toBeNull()
  expect(searchEffort('vector_40000', 100)).toEqual({ parts: 60, refineFactor: null })
})

test('an index of unknown making is made anew', () => {
  expect(chooseAnnIndex(sized(40_000), 'vector_idx')).not.toBeNull()
})

test('compaction waits for many small files or many rows that the index does not know, for more of them in a large table', () => {
  expect(isCompactionDue({ changes: 127, addedRows: 127 }, 10)).toBe(false)
  expect(isCompactionDue({ changes: 128, addedRows: 128 }, 10)).toBe(true)
  expect(isCompactionDue({ changes: 500, addedRows: 500 }, 1_000_000)).toBe(false)
  expect(isCompactionDue({ changes: 1_000, addedRows: 1_000 }, 1_000_000)).toBe(true)
  expect(isCompactionDue({ changes: 8, addedRows: 2_000 }, 30_000)).toBe(true)
  expect(isCompactionDue({ changes: 8, addedRows: 2_000 }, 100_000)).toBe(false)
  expect(isCompactionDue({ changes: 20, addedRows: 3_200 }, 100_000)).toBe(true)
})

test('at rest a small table is tidied after any change, a large one earlier than in the middle of an import', () => {
  expect(isCompactionDueAtRest({ changes: 0, addedRows: 0 }, 100)).toBe(false)
  expect(isCompactionDueAtRest({ changes: 1, addedRows: 1 }, 19_999)).toBe(true)
  expect(isCompactionDueAtRest({ changes: 31, addedRows: 31 }, 100_000)).toBe(false)
  expect(isCompactionDueAtRest({ changes: 32, addedRows: 32 }, 100_000)).toBe(true)
  expect(isCompactionDueAtRest({ changes: 4, addedRows: 800 }, 100_000)).toBe(true)
  expect(isCompactionDueAtRest({ changes: 200, addedRows: 200 }, 1_000_000)).toBe(false)
})

test('an index in many pieces is made anew', () => {
  expect(isIndexInPieces(100, 2_000, null)).toBe(false)
  expect(isIndexInPieces(8, 2_000, 'vector_2000')).toBe(false)
  expect(isIndexInPieces(9, 2_000, 'vector_2000')).toBe(true)
  expect(isIndexInPieces(20, 12_000_000, 'vector_quantised_9000000')).toBe(false)
  expect(annIndexFor(sized(2_000))).toEqual({ name: 'vector_2000', partitions: 45, kind: 'flat' })
})
