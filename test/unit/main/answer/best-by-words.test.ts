import { expect, it } from 'vitest'
import { bestByWords } from '../../../../src/main/answer/best-by-words.ts'

it('puts first what holds most of the query, equals in the order of the index, and cuts', () => {
  const hits = [1, 2, 3, 4].map((chunkKey) => ({ chunkKey, documentKey: 9 }))
  const coverage = new Map([
    [1, 0.2],
    [2, 0.5],
    [4, 0.2],
    [7, 0.9],
  ])
  expect(bestByWords(hits, coverage, 3)).toEqual([
    { chunkKey: 2, documentKey: 9, score: 0.5 },
    { chunkKey: 1, documentKey: 9, score: 0.2 },
    { chunkKey: 4, documentKey: 9, score: 0.2 },
  ])
  expect(bestByWords([], coverage, 3)).toEqual([])
})
