import { fc, test } from '@fast-check/vitest'
import { expect, it } from 'vitest'
import { fuseQueries, fuseScores } from '../../../../src/main/answer/fuse-scores.ts'

const hit = (chunkKey: number, score: number): { chunkKey: number; documentKey: number; score: number } => ({
  chunkKey,
  documentKey: 1,
  score,
})

it('puts first what both methods find, and keeps both ranks', () => {
  const fused = fuseScores([[hit(1, 0.9), hit(2, 0.8), hit(3, 0.1)]], [hit(2, 12), hit(4, 3), hit(1, 1)])
  expect(fused.map(({ chunkKey }) => chunkKey)).toEqual([2, 1, 4, 3])
  expect(fused[0]).toMatchObject({ vectorRank: 2, keywordRank: 1 })
  expect(fused[2]).toMatchObject({ vectorRank: null, keywordRank: 2 })
})

it('counts a single candidate, and equal ones, fully', () => {
  expect(fuseScores([[hit(7, 0.2)]], [])).toEqual([
    { chunkKey: 7, documentKey: 1, score: 0.5, vectorRank: 1, keywordRank: null },
  ])
})

const hits = fc
  .uniqueArray(fc.tuple(fc.nat(50), fc.double({ min: -1, max: 30, noNaN: true })), {
    selector: ([key]) => key,
    maxLength: 20,
  })
  .map((pairs) => pairs.map(([key, score]) => hit(key, score)).toSorted((a, b) => b.score - a.score))

test.prop([hits, hits])('gives every candidate once, ordered, within 0 and 1', (vectors, keywords) => {
  const fused = fuseScores([vectors], keywords)
  expect(new Set(fused.map(({ chunkKey }) => chunkKey))).toEqual(
    new Set([...vectors, ...keywords].map(({ chunkKey }) => chunkKey)),
  )
  expect(fused.length).toBe(new Set(fused.map(({ chunkKey }) => chunkKey)).size)
  fused.forEach(({ score }, index) => {
    expect(score).toBeGreaterThanOrEqual(0)
    expect(score).toBeLessThanOrEqual(1)
    expect(score).toBeLessThanOrEqual(fused[index - 1]?.score ?? 1)
  })
})

it('lets the words of the reader outweigh a rewrite', () => {
  const own = fuseScores([[hit(1, 0.9), hit(2, 0.5)]], [hit(1, 9), hit(3, 1)])
  const rewrite = fuseScores([[hit(9, 0.9), hit(2, 0.5)]], [hit(9, 9)])
  const fused = fuseQueries([
    { weight: 1, hits: own },
    { weight: 0.5, hits: rewrite },
  ])
  expect(fused.map(({ chunkKey }) => chunkKey)).toEqual([1, 9, 2, 3])
  expect(fused[0]).toMatchObject({ vectorRank: 1, keywordRank: 1 })
  expect(fuseQueries([{ weight: 0.5, hits: own }])).toEqual(own)
  expect(fuseQueries([])).toEqual([])
})

test.prop([hits, hits, fc.double({ min: 0.01, max: 1, noNaN: true })])(
  'fuses queries into every hit once, ordered, within 0 and 1, keeping the best ranks',
  (first, second, weight) => {
    const lists = [fuseScores([first], []), fuseScores([], second)]
    const fused = fuseQueries(lists.map((list, index) => ({ weight: index === 0 ? 1 : weight, hits: list })))
    const keys = new Set([...first, ...second].map(({ chunkKey }) => chunkKey))
    expect(fused.map(({ chunkKey }) => chunkKey).toSorted()).toEqual([...keys].toSorted())
    fused.forEach((entry, index) => {
      expect(entry.score).toBeGreaterThanOrEqual(0)
      expect(entry.score).toBeLessThanOrEqual(fused[index - 1]?.score ?? 1.000_001)
      const known = lists[0]?.find(({ chunkKey }) => chunkKey === entry.chunkKey)
      expect(entry.vectorRank).toBe(known?.vectorRank ?? null)
    })
  },
)
