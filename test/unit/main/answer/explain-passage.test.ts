import { expect, it } from 'vitest'
import { createExplainPassage } from '../../../../src/main/answer/explain-passage.ts'
import { closeEnoughAmong } from '../../../../src/main/answer/refusal.ts'
import type { FoundPassage } from '../../../../src/main/answer/search-passages.ts'
import type { StoredChunk } from '../../../../src/main/ports/document-store.ts'
import { type ChunkId, chunkIdSchema } from '../../../../src/shared/ids.ts'
import type { LostAt } from '../../../../src/shared/passage-explanation.ts'
import { settingsSchema } from '../../../../src/shared/settings.ts'
import { samplePassage } from '../../../support/sample-passage.ts'

const idOf = (document: string, ordinal: number): ChunkId => chunkIdSchema.parse(`${document.repeat(16)}-${ordinal}`)

const closeEnough = closeEnoughAmong(150)

/** A library of 150 chunks, each of a section of its own but for the first two; `library` false: the document is not there. */
function explainer({ closeness = closeEnough + 0.1, library = true, isEmbedded = true } = {}) {
  const all = Array.from({ length: 150 }, (_, index): FoundPassage => {
    const ordinal = index < 2 ? index : index * 2
    const passage = samplePassage({ ordinal })
    return { passage, ordinal, tokenCount: 100, closeness, similarity: 0.4, coverage: 0.2 }
  })
  return createExplainPassage({
    search: async (queries, { limit }) =>
      typeof queries !== 'string' && queries[0]?.text.includes('"') === true ? all.slice(0, 1) : all.slice(0, limit),
    documents: {
      searchableChunkCount: () => 150,
      chunksById: (ids) => (library ? ids.map((id) => ({ id, isEmbedded }) as StoredChunk) : []),
    },
    settings: { get: () => settingsSchema.parse({ preset: 'reference' }) },
  })
}

const lostAt = async (
  ids: readonly ChunkId[],
  options: Parameters<typeof explainer>[0] = {},
  query = 'rent',
): Promise<[LostAt, number | null]> => {
  const explained = await explainer(options)([{ text: query, weight: 1 }], ids, {
    within: null,
    signal: new AbortController().signal,
  })
  return [explained.lostAt, explained.rank]
}

it('names the stage that lost a passage', async () => {
  expect(await lostAt([idOf('a', 0)])).toEqual(['given', 1])
  expect(await lostAt([idOf('a', 1)])).toEqual(['joined', 2])
  expect(await lostAt([idOf('a', 8)])).toEqual(['surplus', 5])
  expect(await lostAt([idOf('a', 80)])).toEqual(['order', 41])
  expect(await lostAt([idOf('a', 999)])).toEqual(['candidates', null])
  expect(await lostAt([idOf('a', 999)], { library: false })).toEqual(['library', null])
  expect(await lostAt([idOf('a', 0)], { closeness: closeEnough - 0.1 })).toEqual(['far', 1])
  expect(await lostAt([idOf('a', 8)], {}, 'the "monthly rent"')).toEqual(['phrase', null])
})

it('says of what is not embedded yet that only its words could find it', async () => {
  expect(await lostAt([idOf('a', 80)], { isEmbedded: false })).toEqual(['embedding', 41])
  expect(await lostAt([idOf('a', 999)], { isEmbedded: false })).toEqual(['embedding', null])
  expect(await lostAt([idOf('a', 0)], { isEmbedded: false })).toEqual(['given', 1])
})

it('speaks of the one that came furthest', async () => {
  expect(await lostAt([idOf('a', 8), idOf('a', 0), idOf('a', 1)])).toEqual(['given', 1])
  expect(await lostAt([idOf('a', 999), idOf('a', 80)])).toEqual(['order', 41])
})
