import { fc, test } from '@fast-check/vitest'
import { expect, it } from 'vitest'
import { fuseQueries, fuseScores, type KeywordList, type VectorList } from '../../../../src/main/answer/fuse-scores.ts'
import type { IndexHit } from '../../../../src/main/ports/indexes.ts'

const hit = (chunkKey: number, score: number): IndexHit => ({
  chunkKey,
  documentKey: 1,
  score,
})

type Others = readonly (readonly [chunkKey: number, score: number])[]

const english = (hits: readonly IndexHit[], others: Others = []): VectorList => ({
  embedder: 'all-MiniLM-L6-v2',
  isCalibrated: true,
  hits,
  others: new Map(others),
})

const words = (hits: readonly IndexHit[], others: Others = []): KeywordList => ({
  hits,
  coverage: new Map([...hits.map(({ chunkKey, score }) => [chunkKey, score] as const), ...others]),
})

const noWords = words([])

it('puts first what both methods find, and keeps both ranks', () => {
  const vectors = [hit(1, 0.9), hit(2, 0.8), hit(3, 0.1)]
  const fused = fuseScores([english(vectors)], words([hit(2, 0.9), hit(4, 0.3), hit(1, 0.1)]))
  expect(fused.map(({ chunkKey }) => chunkKey)).toEqual([2, 1, 4, 3])
  expect(fused[0]).toMatchObject({ vectorRank: 2, keywordRank: 1, similarity: 0.8, coverage: 0.9 })
  expect(fused[2]).toMatchObject({ vectorRank: null, keywordRank: 2, similarity: null })
})

it('says how close a hit is, whatever else was found', () => {
  const alone = fuseScores([english([hit(7, 0.5)])], words([hit(7, 0.4)]))
  const beside = fuseScores([english([hit(8, 0.9), hit(7, 0.5)])], words([hit(8, 1), hit(7, 0.4)]))
  expect(alone[0]?.score).toBeCloseTo(0.55 * 0.5 + 0.45 * 0.4)
  expect(alone[0]?.closeness).toBeCloseTo(0.65 * 0.5 + 0.35 * 0.4)
  expect(beside.find(({ chunkKey }) => chunkKey === 7)).toMatchObject({
    score: alone[0]?.score,
    closeness: alone[0]?.closeness,
  })
})

it('asks each method about what the other one found', () => {
  const fused = fuseScores(
    [english([hit(1, 0.8), hit(2, 0.5)], [[3, 0.45]])],
    words([hit(3, 0.6), hit(4, 0.2)], [[1, 0.15]]),
  )
  const byKey = new Map(fused.map((found) => [found.chunkKey, found]))
  expect(byKey.get(1)).toMatchObject({ coverage: 0.15, vectorRank: 1, keywordRank: null })
  expect(byKey.get(1)?.score).toBeCloseTo(0.55 * 0.8 + 0.45 * 0.15)
  // A chunk that holds no word.
  expect(byKey.get(2)).toMatchObject({ coverage: null, keywordRank: null })
  expect(byKey.get(2)?.score).toBeCloseTo(0.55 * 0.5)
  expect(byKey.get(3)).toMatchObject({ similarity: 0.45, vectorRank: null, keywordRank: 1 })
  expect(byKey.get(3)?.score).toBeCloseTo(0.55 * 0.45 + 0.45 * 0.6)
  // A chunk without a vector is taken for an unrelated one, never for a close one.
  expect(byKey.get(4)?.score).toBeCloseTo(0.55 * 0.2 + 0.45 * 0.2)
  expect(fuseScores([], words([hit(3, 0.6)]))[0]?.score).toBeCloseTo(0.55 * 0.2 + 0.45 * 0.6)
})

it('takes a chunk by the embedder that knows it', () => {
  const chinese: VectorList = {
    embedder: 'bge-small-zh-v1.5',
    isCalibrated: true,
    hits: [hit(1, 0.6)],
    others: new Map([[3, 0.7]]),
  }
  const fused = fuseScores([english([hit(2, 0.5)]), chinese], words([hit(3, 0.4)]))
  expect(fused.find(({ chunkKey }) => chunkKey === 3)).toMatchObject({ similarity: 0.7, vectorRank: null })
  expect(fused.find(({ chunkKey }) => chunkKey === 3)?.score).toBeCloseTo(0.54 * (0.7 - 0.12) + 0.46 * 0.4)
})

it('spreads the similarities of an embedder that it does not know', () => {
  const hits = [hit(1, 0.91), hit(2, 0.9), hit(3, 0.89)]
  const unknown = { embedder: 'all-MiniLM-L6-v2', isCalibrated: false, hits, others: new Map([[5, 0.7]]) } as const
  const fused = fuseScores([unknown], words([hit(4, 0.3), hit(5, 0.1)]))
  expect(fused.map(({ chunkKey }) => chunkKey)).toEqual([1, 4, 2, 5, 3])
  expect(fused[0]?.score).toBeCloseTo(0.55 * 0.6)
  expect(fused[0]?.similarity).toBe(0.91)
  // Further away than all that was found: unrelated.
  expect(fused.find(({ chunkKey }) => chunkKey === 5)?.score).toBeCloseTo(0.55 * 0.2 + 0.45 * 0.1)
})

it('reads an unrelated Chinese text as it reads an unrelated English one', () => {
  const unrelated = [{ ...english([hit(1, 0.42)]), embedder: 'bge-small-zh-v1.5' } as const]
  expect(fuseScores(unrelated, noWords)[0]?.closeness).toBeLessThan(
    fuseScores([english([hit(2, 0.35)])], noWords)[0]?.closeness ?? 0,
  )
})

const hits = fc
  .uniqueArray(fc.tuple(fc.nat(50), fc.double({ min: 0, max: 1, noNaN: true })), {
    selector: ([key]) => key,
    maxLength: 20,
  })
  .map((pairs) => pairs.map(([key, score]) => hit(key, score)).toSorted((a, b) => b.score - a.score))

test.prop([hits, hits])('gives every candidate once, ordered, within 0 and 1', (vectors, keywords) => {
  const fused = fuseScores([english(vectors)], words(keywords))
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
  const own = fuseScores([english([hit(1, 0.9), hit(2, 0.5)])], words([hit(1, 0.9), hit(3, 0.1)]))
  const rewrite = fuseScores([english([hit(9, 0.9), hit(2, 0.5)])], words([hit(9, 0.9)]))
  const fused = fuseQueries([
    { weight: 1, hits: own },
    { weight: 0.5, hits: rewrite },
  ])
  expect(fused.map(({ chunkKey }) => chunkKey)).toEqual([1, 9, 2, 3])
  expect(fused[0]).toMatchObject({ vectorRank: 1, keywordRank: 1, closeness: own[0]?.closeness })
  expect(fused[1]?.closeness).toBe(rewrite[0]?.closeness)
  expect(fuseQueries([{ weight: 0.5, hits: own }])).toEqual(own)
  expect(fuseQueries([])).toEqual([])
})

it('makes a passage a little closer by the question before, and nothing close by that alone', () => {
  const own = fuseScores([english([hit(1, 0.2)])], noWords)
  const previous = fuseScores([english([hit(2, 0.9)])], noWords)
  const fused = fuseQueries([
    { weight: 1, hits: own },
    { weight: 0.2, hits: previous },
  ])
  expect(fused.find(({ chunkKey }) => chunkKey === 2)?.closeness).toBeCloseTo(0.2 * (previous[0]?.closeness ?? 0))
  const both = fuseQueries([
    { weight: 0.2, hits: fuseScores([english([hit(1, 0.5)])], noWords) },
    { weight: 1, hits: own },
  ])
  expect(both[0]?.closeness).toBeCloseTo((own[0]?.closeness ?? 0) + 0.2 * 0.65 * 0.5)
})

test.prop([hits, hits, fc.double({ min: 0.01, max: 1, noNaN: true })])(
  'fuses queries into every hit once, ordered, within 0 and 1, keeping the best ranks',
  (first, second, weight) => {
    const lists = [fuseScores([english(first)], noWords), fuseScores([], words(second))]
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
