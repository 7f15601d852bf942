import { expect, test } from 'vitest'
import {
  annIndexFor,
  chooseAnnIndex,
  exactSearchRows,
  indexedRows,
  isCompactionDue,
  isCompactionDueAtRest,
  isIndexInPieces,
  partsToSearch,
} from '../../../../src/main/storage/vector-upkeep.ts'

test('small tables have no index; up to ten thousand rows all parts of it are searched', () => {
  expect(chooseAnnIndex(indexedRows - 1, null)).toBeNull()
  expect(chooseAnnIndex(indexedRows, null)).toEqual({ name: 'vector_1000', partitions: 32 })
  expect(partsToSearch(null)).toBeGreaterThan(100)
  expect(partsToSearch(`vector_${exactSearchRows - 1}`)).toBeGreaterThan(100)
  expect(partsToSearch(`vector_${exactSearchRows}`)).toBe(60)
})

test('a table that is too large to be searched exactly gets its index anew', () => {
  expect(chooseAnnIndex(exactSearchRows - 1, 'vector_8000')).toBeNull()
  expect(chooseAnnIndex(exactSearchRows, 'vector_8000')).toEqual({ name: 'vector_10000', partitions: 100 })
})

test('large ones get the square root of their rows as partitions, again when they have doubled', () => {
  expect(chooseAnnIndex(40_000, null)).toEqual({ name: 'vector_40000', partitions: 200 })
  expect(chooseAnnIndex(79_999, 'vector_40000')).toBeNull()
  expect(chooseAnnIndex(80_000, 'vector_40000')).toEqual({ name: 'vector_80000', partitions: 283 })
})

test('an index of unknown making is made anew', () => {
  expect(chooseAnnIndex(40_000, 'vector_idx')).not.toBeNull()
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
  expect(isIndexInPieces(100, null)).toBe(false)
  expect(isIndexInPieces(8, 'vector_2000')).toBe(false)
  expect(isIndexInPieces(9, 'vector_2000')).toBe(true)
  expect(annIndexFor(2_000)).toEqual({ name: 'vector_2000', partitions: 45 })
})
