import { expect, it } from 'vitest'
import { createPassageSearch } from '../../../../src/main/answer/search-passages.ts'
import { searchQueries } from '../../../../src/main/answer/search-queries.ts'
import { routeQuestion } from '../../../../src/main/ingest/chunk/route-embedder.ts'
import type { DocumentStore } from '../../../../src/main/interfaces.ts'

it('searches every query by the embedder of its own language, and by its own keywords', async () => {
  const embedded: unknown[] = []
  const keywords: string[] = []
  const documents: Pick<DocumentStore, 'chunksByKey' | 'removedDocumentKeys'> = {
    chunksByKey: () => [],
    removedDocumentKeys: () => [],
  }
  const search = createPassageSearch({
    documents: documents as DocumentStore,
    chunkIndex: { search: async () => [] } as never,
    keywordIndex: {
      async search(query) {
        keywords.push(query)
        return []
      },
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
