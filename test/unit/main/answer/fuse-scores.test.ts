import { fc, test } from '@fast-check/vitest'
import { expect, it } from 'vitest'
import { fuseQueries, fuseScores, type VectorList } from '../../../../src/main/answer/fuse-scores.ts'
import type { IndexHit } from '../../../../src/main/ports/indexes.ts'

const hit = (chunkKey: number, score: number): IndexHit => ({
  chunkKey,
  documentKey: 1,
  score,
})

const english = (hits: readonly IndexHit[]): VectorList => ({ embedder: 'all-MiniLM-L6-v2', isCalibrated: true, hits })

it('puts first what both methods find, and keeps both ranks', () => {
  const vectors = [hit(1, 0.9), hit(2, 0.8), hit(3, 0.1)]
  const fused = fuseScores([english(vectors)], [hit(2, 0.9), hit(4, 0.3), hit(1, 0.1)], 100)
  expect(fused.map(({ chunkKey }) => chunkKey)).toEqual([2, 1, 4, 3])
  expect(fused[0]).toMatchObject({ vectorRank: 2, keywordRank: 1, similarity: 0.8, coverage: 0.9 })
  expect(fused[2]).toMatchObject({ vectorRank: null, keywordRank: 2, similarity: null })
})

it('says how close a hit is, whatever else was found', () => {
  const alone = fuseScores([english([hit(7, 0.5)])], [hit(7, 0.4)], 100)
  const beside = fuseScores([english([hit(8, 0.9), hit(7, 0.5)])], [hit(8, 1), hit(7, 0.4)], 100)
  expect(alone[0]?.score).toBeCloseTo(0.6 * 0.5 + 0.4 * 0.4)
  expect(beside.find(({ chunkKey }) => chunkKey === 7)?.score).toBe(alone[0]?.score)
})

it('counts what a method did not list as its last candidate, and as nothing where it listed all it had', () => {
  const vectors = [hit(1, 0.8), hit(2, 0.5)]
  const full = fuseScores([english(vectors)], [hit(3, 0.6), hit(4, 0.2)], 2)
  expect(full.find(({ chunkKey }) => chunkKey === 1)?.score).toBeCloseTo(0.6 * 0.8 + 0.4 * 0.2)
  const few = fuseScores([english(vectors)], [hit(3, 0.6), hit(4, 0.2)], 100)
  expect(few.find(({ chunkKey }) => chunkKey === 1)?.score).toBeCloseTo(0.6 * 0.8)
  // A chunk without a vector is taken for an unrelated one, never for a close one.
  expect(few.find(({ chunkKey }) => chunkKey === 3)?.score).toBeCloseTo(0.6 * 0.2 + 0.4 * 0.6)
  expect(fuseScores([], [hit(3, 0.6)], 100)[0]?.score).toBeCloseTo(0.6 * 0.2 + 0.4 * 0.6)
})

it('spreads the similarities of an embedder that it does not know', () => {
  const hits = [hit(1, 0.91), hit(2, 0.9), hit(3, 0.89)]
  const fused = fuseScores([{ embedder: 'all-MiniLM-L6-v2', isCalibrated: false, hits }], [hit(4, 0.3)], 100)
  expect(fused.map(({ chunkKey }) => chunkKey)).toEqual([1, 2, 4, 3])
  expect(fused[0]?.score).toBeCloseTo(0.6 * 0.6)
  expect(fused[0]?.similarity).toBe(0.91)
})

it('reads an unrelated Chinese text as it reads an unrelated English one', () => {
  const chinese = fuseScores([{ embedder: 'bge-small-zh-v1.5', isCalibrated: true, hits: [hit(1, 0.42)] }], [], 100)
  expect(chinese[0]?.score).toBeLessThan(fuseScores([english([hit(2, 0.35)])], [], 100)[0]?.score ?? 0)
})

const hits = fc
  .uniqueArray(fc.tuple(fc.nat(50), fc.double({ min: 0, max: 1, noNaN: true })), {
    selector: ([key]) => key,
    maxLength: 20,
  })
  .map((pairs) => pairs.map(([key, score]) => hit(key, score)).toSorted((a, b) => b.score - a.score))

test.prop([hits, hits])('gives every candidate once, ordered, within 0 and 1', (vectors, keywords) => {
  const fused = fuseScores([english(vectors)], keywords, 20)
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
  const own = fuseScores([english([hit(1, 0.9), hit(2, 0.5)])], [hit(1, 0.9), hit(3, 0.1)], 100)
  const rewrite = fuseScores([english([hit(9, 0.9), hit(2, 0.5)])], [hit(9, 0.9)], 100)
  const fused = fuseQueries([
    { weight: 1, hits: own },
    { weight: 0.5, hits: rewrite },
  ])
  expect(fused.map(({ chunkKey }) => chunkKey)).toEqual([1, 9, 2, 3])
  expect(fused[0]).toMatchObject({ vectorRank: 1, keywordRank: 1, closeness: own[0]?.score })
  expect(fused[1]?.closeness).toBe(rewrite[0]?.score)
  expect(fuseQueries([{ weight: 0.5, hits: own }])).toEqual(own.map((known) => ({ ...known, closeness: known.score })))
  expect(fuseQueries([])).toEqual([])
})

it('makes a passage a little closer by the question before, and nothing close by that alone', () => {
  const own = fuseScores([english([hit(1, 0.2)])], [], 100)
  const previous = fuseScores([english([hit(2, 0.9)])], [], 100)
  const fused = fuseQueries([
    { weight: 1, hits: own },
    { weight: 0.2, hits: previous },
  ])
  expect(fused.find(({ chunkKey }) => chunkKey === 2)?.closeness).toBeCloseTo(0.2 * (previous[0]?.score ?? 0))
  const both = fuseQueries([
    { weight: 0.2, hits: fuseScores([english([hit(1, 0.5)])], [], 100) },
    { weight: 1, hits: own },
  ])
  expect(both[0]?.closeness).toBeCloseTo((own[0]?.score ?? 0) + 0.2 * 0.6 * 0.5)
})

test.prop([hits, hits, fc.double({ min: 0.01, max: 1, noNaN: true })])(
  'fuses queries into every hit once, ordered, within 0 and 1, keeping the best ranks',
  (first, second, weight) => {
    const lists = [fuseScores([english(first)], [], 20), fuseScores([], second, 20)]
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
