import { expect, test } from 'vitest'
import { chooseAnnIndex, exactSearchRows, isCompactionDue } from '../../../../src/main/storage/vector-upkeep.ts'

test('small tables are searched exactly', () => {
  expect(chooseAnnIndex(exactSearchRows - 1, null)).toBeNull()
})

test('large ones get the square root of their rows as partitions, again when they have doubled', () => {
  expect(chooseAnnIndex(40_000, null)).toEqual({ name: 'vector_40000', partitions: 200 })
  expect(chooseAnnIndex(79_999, 'vector_40000')).toBeNull()
  expect(chooseAnnIndex(80_000, 'vector_40000')).toEqual({ name: 'vector_80000', partitions: 283 })
})

test('an index of unknown making is made anew', () => {
  expect(chooseAnnIndex(40_000, 'vector_idx')).not.toBeNull()
})

test('compaction waits for many small files, for more of them in a large table', () => {
  expect(isCompactionDue(127, 10)).toBe(false)
  expect(isCompactionDue(128, 10)).toBe(true)
  expect(isCompactionDue(500, 1_000_000)).toBe(false)
  expect(isCompactionDue(1_000, 1_000_000)).toBe(true)
})
