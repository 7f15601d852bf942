import { fc, test } from '@fast-check/vitest'
import { expect, test as one } from 'vitest'
import { spreadOrdinals } from '../../../../src/main/storage/spread-chunks.ts'

one('everything, where it is not more than asked for', () => {
  expect(spreadOrdinals([2, 3], 5)).toEqual([
    [0, 1],
    [0, 1, 2],
  ])
})

one('a long document beside a short one', () => {
  expect(spreadOrdinals([100, 1], 4)).toEqual([[0, 25, 50, 75], [0]])
})

test.prop([
  fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 3 }),
  fc.integer({ min: 3, max: 64 }),
])(
  'each document is begun at its beginning, in order, never past its end, and hardly more than asked for',
  (counts, count) => {
    const spread = spreadOrdinals(counts, count)
    for (const [index, ordinals] of spread.entries()) {
      expect(ordinals[0]).toBe(0)
      expect(ordinals).toEqual([...new Set(ordinals)].toSorted((a, b) => a - b))
      expect(ordinals.at(-1)).toBeLessThan(counts[index] ?? 0)
    }
    expect(spread.flat().length).toBeLessThanOrEqual(count + counts.length)
  },
)
