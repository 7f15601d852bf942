import { expect, it } from 'vitest'
import { boardEmbedders } from '../../../src/shared/board-embedders.ts'
import { estimateReindex, findMisfit } from '../../../src/shared/embedder.ts'

it('tells which languages an embedder was not made for, where they matter', () => {
  const passages = new Map([
    ['en', 700],
    ['de', 200],
    ['ru', 100],
    ['und', 5_000],
    ['zh', 400],
  ])
  expect(findMisfit('other', 'english', passages)).toEqual({ languages: ['de', 'ru'], share: 0.3, passages: 300 })
  expect(findMisfit('other', 'many', passages)).toBeNull()
  expect(findMisfit('chinese', 'chinese', passages)).toBeNull()
  expect(findMisfit('chinese', 'english', passages)).toEqual({ languages: ['zh'], share: 1, passages: 400 })
  // A few are not worth a word.
  expect(
    findMisfit(
      'other',
      'english',
      new Map([
        ['en', 10],
        ['de', 19],
      ]),
    ),
  ).toBeNull()
  expect(
    findMisfit(
      'other',
      'english',
      new Map([
        ['en', 1_000],
        ['de', 90],
      ]),
    ),
  ).toBeNull()
})

it('estimates what a new index takes from its passages and the speed of the embedder', () => {
  const embedder = { ...boardEmbedders['all-MiniLM-L6-v2'], millisecondsPerToken: 0.1 }
  const group = { passages: 10_000, averageTokens: 200 }
  expect(estimateReindex(group, embedder, 2)).toEqual({ sizeBytes: 15_360_000, seconds: 100 })
  const ofOllama = { ...embedder, identity: { ...embedder.identity, source: 'ollama' as const } }
  expect(estimateReindex(group, ofOllama, 2).seconds).toBe(200)
})
