import { expect, it } from 'vitest'
import { createPassageSearch } from '../../../../src/main/answer/search-passages.ts'
import { searchQueries } from '../../../../src/main/answer/search-queries.ts'
import { routeQuestion } from '../../../../src/main/ingest/chunk/route-embedder.ts'
import type { DocumentStore, StoredChunk } from '../../../../src/main/ports/document-store.ts'
import type { Embedder } from '../../../../src/main/ports/embedding.ts'
import { AppError } from '../../../../src/shared/errors.ts'
import { createRecordingLog } from '../../../support/recording-log.ts'
import { samplePassage } from '../../../support/sample-passage.ts'

/** Has a chunk for every key. */
const everyChunk = {
  chunksByKey: (keys: readonly number[]) =>
    keys.map((chunkKey) => ({ chunkKey, id: `chunk-${chunkKey}`, text: '', headingPath: [] })),
  removedDocumentKeys: () => [],
} as never

it('searches every query by the embedder of its own language, and by its own keywords', async () => {
  const embedded: unknown[] = []
  const keywords: string[] = []
  const documents: Pick<DocumentStore, 'chunksByKey' | 'removedDocumentKeys'> = {
    chunksByKey: () => [],
    removedDocumentKeys: () => [],
  }
  const search = createPassageSearch({
    documents: documents as DocumentStore,
    chunkIndex: { servingTable: () => 'one', search: async () => [], similarities: async () => new Map() } as never,
    keywordIndex: {
      async search(query) {
        keywords.push(query)
        return []
      },
      coverage: async () => new Map(),
      close: async () => undefined,
    },
    embedder: {
      processCount: 1,
      yieldToAnswers: () => undefined,
      async embed(texts, { embedder, priority }) {
        embedded.push([texts[0], embedder, priority])
        return texts.map(() => new Float32Array([1]))
      },
    },
    log: createRecordingLog(),
    routeQuestion,
  })
  const queries = searchQueries({
    question: '那2023年呢？',
    previousQuestion: '2022年的租金是多少？',
    condensedQuestion: '2023年的租金是多少？',
    translatedQuestion: 'What was the rent in 2023?',
  })
  await search(queries, { limit: 5, signal: new AbortController().signal })
  expect(embedded).toEqual([
    ['那2023年呢？', 'bge-small-zh-v1.5', 'interactive'],
    ['2023年的租金是多少？', 'bge-small-zh-v1.5', 'interactive'],
    ['What was the rent in 2023?', 'all-MiniLM-L6-v2', 'interactive'],
    ['2022年的租金是多少？', 'bge-small-zh-v1.5', 'interactive'],
  ])
  expect(keywords).toEqual(queries.map(({ text }) => text))
})

it('goes by keywords alone while the embedder fails, says so once, and by vectors again when it works', async () => {
  let failure: Error | null = new AppError('embedding-model-missing', 'The embedding model is missing.')
  const embed: Embedder['embed'] = async (texts) => {
    if (failure !== null) throw failure
    return texts.map(() => new Float32Array([1]))
  }
  const chunk = { chunkKey: 7, documentKey: 1, id: 'chunk-7', text: 'rent', headingPath: [] }
  const log = createRecordingLog()
  const search = createPassageSearch({
    documents: { chunksByKey: () => [chunk], removedDocumentKeys: () => [] } as never,
    chunkIndex: {
      servingTable: () => 'one',
      search: async () => [{ chunkKey: 7, documentKey: 1, score: 0.9 }],
      similarities: async () => new Map(),
    } as never,
    keywordIndex: {
      search: async () => [{ chunkKey: 7, documentKey: 1 }],
      coverage: async () => new Map([[7, 0.3]]),
      close: async () => undefined,
    },
    embedder: { processCount: 1, yieldToAnswers: () => undefined, embed },
    log,
    routeQuestion,
  })
  const problems: unknown[] = []
  const look = (controller = new AbortController()) =>
    search(
      searchQueries({
        question: 'rent?',
        previousQuestion: 'how much?',
        condensedQuestion: null,
        translatedQuestion: null,
      }),
      {
        limit: 5,
        signal: controller.signal,
        onKeywordsOnly: (problem) => problems.push(problem),
      },
    )
  const [byKeywords] = await look()
  expect(byKeywords?.passage).toMatchObject({ id: 'chunk-7', vectorRank: null, keywordRank: 1 })
  expect(problems).toEqual([expect.objectContaining({ code: 'embedding-model-missing' })])
  expect(log.lines.join()).toContain('by keywords only, all-MiniLM-L6-v2')
  failure = null
  const [byBoth] = await look()
  expect(byBoth?.passage).toMatchObject({ id: 'chunk-7', vectorRank: 1, keywordRank: 1 })
  expect(problems).toHaveLength(1)
  // Stopping is not a failure of the embedder.
  const stopped = new AbortController()
  failure = new Error('stopped')
  const looking = look(stopped)
  stopped.abort()
  await expect(looking).rejects.toThrow(/aborted/)
  expect(problems).toHaveLength(1)
})

it('asks each method about what only the other one found', async () => {
  const asked: unknown[] = []
  const search = createPassageSearch({
    documents: everyChunk,
    chunkIndex: {
      servingTable: () => 'one',
      search: async () => [
        { chunkKey: 1, documentKey: 1, score: 0.6 },
        { chunkKey: 2, documentKey: 1, score: 0.5 },
      ],
      async similarities(_embedder: unknown, _vector: unknown, keys: readonly number[]) {
        asked.push(keys)
        return new Map([[3, 0.49]])
      },
    } as never,
    keywordIndex: {
      search: async () => [
        { chunkKey: 3, documentKey: 1 },
        { chunkKey: 2, documentKey: 1 },
      ],
      async coverage(_query, keys) {
        asked.push(keys)
        return new Map([
          [1, 0.55],
          [2, 0.7],
          [3, 0.6],
        ])
      },
      close: async () => undefined,
    },
    embedder: { processCount: 1, yieldToAnswers: () => undefined, embed: async () => [new Float32Array([1])] },
    log: createRecordingLog(),
    routeQuestion: () => ['all-MiniLM-L6-v2'],
  })
  const found = await search('rent?', { limit: 5, signal: new AbortController().signal })
  expect(asked).toEqual([
    [3, 2, 1],
    [3, 2],
  ])
  expect(found).toMatchObject([
    { similarity: 0.5, coverage: 0.7, passage: { vectorRank: 2, keywordRank: 1 } },
    { similarity: 0.6, coverage: 0.55, passage: { vectorRank: 1, keywordRank: null } },
    { similarity: 0.49, coverage: 0.6, passage: { vectorRank: null, keywordRank: 2 } },
  ])
})

it('takes nothing from an index that answered after the question was embedded, nor from one that failed', async () => {
  let table = 'old'
  let isBroken = false
  const log = createRecordingLog()
  const search = createPassageSearch({
    documents: everyChunk,
    chunkIndex: {
      servingTable: () => table,
      search: async () => [{ chunkKey: 1, documentKey: 1, score: 0.6 }],
      async similarities() {
        if (isBroken) throw new Error('no such file')
        table = 'new'
        return new Map([[3, 0.99]])
      },
    } as never,
    keywordIndex: {
      search: async () => [{ chunkKey: 3, documentKey: 1 }],
      coverage: async () => new Map([[3, 0.5]]),
      close: async () => undefined,
    },
    embedder: { processCount: 1, yieldToAnswers: () => undefined, embed: async () => [new Float32Array([1])] },
    log,
    routeQuestion: () => ['all-MiniLM-L6-v2'],
  })
  const problems: unknown[] = []
  const find = async (): Promise<unknown> => {
    const options = { limit: 5, signal: new AbortController().signal }
    const found = await search('rent?', { ...options, onKeywordsOnly: (problem) => void problems.push(problem) })
    return found.map(({ passage, similarity }) => [passage.id, similarity])
  }
  const byWordsAlone = [
    ['chunk-3', null],
    ['chunk-1', 0.6],
  ]
  expect(await find()).toEqual(byWordsAlone)
  expect(problems).toEqual([])
  isBroken = true
  expect(await find()).toEqual(byWordsAlone)
  expect(problems).toHaveLength(1)
  expect(log.lines.join()).toContain('by keywords only, all-MiniLM-L6-v2')
})

it('fails with the words, and blames no embedder for them', async () => {
  const log = createRecordingLog()
  const search = createPassageSearch({
    documents: { chunksByKey: () => [], removedDocumentKeys: () => [] } as never,
    chunkIndex: { servingTable: () => 'one', search: async () => [], similarities: async () => new Map() } as never,
    keywordIndex: {
      search: async () => Promise.reject(new AppError('worker-crashed', 'The search stopped.')),
      coverage: async () => new Map(),
      close: async () => undefined,
    },
    embedder: { processCount: 1, yieldToAnswers: () => undefined, embed: async () => [new Float32Array([1])] },
    log,
    routeQuestion,
  })
  await expect(search('rent?', { limit: 5, signal: new AbortController().signal })).rejects.toMatchObject({
    code: 'worker-crashed',
  })
  expect(log.lines).toEqual([])
})

it('embeds a question again when another index answers by the time it is searched', async () => {
  let table = 'old'
  const searched: string[] = []
  const search = createPassageSearch({
    documents: { chunksByKey: () => [], removedDocumentKeys: () => [] } as never,
    chunkIndex: {
      servingTable: () => table,
      search: async () => {
        searched.push(table)
        return []
      },
      similarities: async () => new Map(),
    } as never,
    keywordIndex: { search: async () => [], coverage: async () => new Map(), close: async () => undefined },
    embedder: {
      processCount: 1,
      yieldToAnswers: () => undefined,
      async embed(texts) {
        // The switch comes while the old embedder is still at work.
        if (searched.length === 0) table = 'new'
        return texts.map(() => new Float32Array([1]))
      },
    },
    log: createRecordingLog(),
    routeQuestion: () => ['all-MiniLM-L6-v2'],
  })
  const problems: unknown[] = []
  await search('rent?', {
    limit: 5,
    signal: new AbortController().signal,
    onKeywordsOnly: (problem) => problems.push(problem),
  })
  expect(searched).toEqual(['new', 'new'])
  expect(problems).toEqual([])
})

it('leaves out what lacks the words in quotation marks, and says where nothing holds them', async () => {
  const asked: string[] = []
  const chunk = (chunkKey: number): StoredChunk => ({
    ...samplePassage({ ordinal: chunkKey }),
    chunkKey,
    documentKey: 1,
    ordinal: chunkKey,
    tokenCount: 10,
    isEmbedded: true,
    modifiedAt: 1,
  })
  const search = createPassageSearch({
    documents: {
      chunksByKey: (keys: readonly number[]) => keys.map(chunk),
      removedDocumentKeys: () => [],
    } as unknown as DocumentStore,
    chunkIndex: {
      servingTable: () => 'table',
      search: async () => [1, 2, 3].map((chunkKey) => ({ chunkKey, documentKey: 1, score: 0.9 })),
      similarities: async () => new Map(),
    } as never,
    keywordIndex: {
      async search(query) {
        asked.push(query)
        return query.includes('force') && query.includes('"') ? [] : [{ chunkKey: 2, documentKey: 1 }]
      },
      coverage: async (query) => (query.includes('force') ? new Map() : new Map([[2, 0.2]])),
      close: async () => undefined,
    },
    embedder: { processCount: 1, yieldToAnswers: () => undefined, embed: async () => [new Float32Array([1])] },
    routeQuestion,
    log: createRecordingLog(),
  })
  const missing: (readonly string[])[] = []
  const find = async (query: string): Promise<readonly number[]> => {
    const options = { limit: 5, signal: new AbortController().signal }
    const found = await search(query, { ...options, onMissingPhrases: (phrases) => void missing.push(phrases) })
    return found.map(({ ordinal }) => ordinal)
  }
  expect(await find('the "notice period" of a lease')).toEqual([2])
  expect(missing).toEqual([])
  expect((await find('is "force majeure" mentioned?')).toSorted()).toEqual([1, 2, 3])
  expect(missing).toEqual([['force majeure']])
  expect(asked.at(-1)).not.toContain('"')
})
