import { expect, it, vi } from 'vitest'
import { createServingEmbedder, createVectorMaker } from '../../../src/main/vector-maker.ts'
import { boardEmbedders } from '../../../src/shared/board-embedders.ts'
import type { EmbedderRecord } from '../../../src/shared/embedder.ts'

const { signal } = new AbortController()
const own = boardEmbedders['all-MiniLM-L6-v2']
const recordOf = (identity: Partial<EmbedderRecord['identity']>): EmbedderRecord => ({
  ...own,
  id: 'folder-1',
  identity: { ...own.identity, source: 'folder', dimensions: 3, ...identity },
})
const given = { priority: 'background', signal } as const

function setUp(width = 3) {
  const runners = {
    onBoard: vi.fn(async (texts: readonly string[]) => texts.map(() => new Float32Array(384))),
    added: vi.fn(async (texts: readonly string[]) => texts.map(() => new Float32Array(width))),
    byOllama: vi.fn(async (texts: readonly string[]) => texts.map(() => new Float32Array(width))),
  }
  return { runners, make: createVectorMaker(runners) }
}

it('puts the right prefix before a text, and gives it to whoever runs the embedder', async () => {
  const { runners, make } = setUp()
  const record = recordOf({ questionPrefix: 'query: ', passagePrefix: 'passage: ' })
  await make(record, ['rent'], { ...given, purpose: 'question' })
  await make(record, ['rent'], { ...given, purpose: 'passage' })
  expect(runners.added.mock.calls).toEqual([
    [['query: rent'], { ...given, record }],
    [['passage: rent'], { ...given, record }],
  ])
  const ofOllama = recordOf({ source: 'ollama', name: 'bge-m3', fileHash: 'digest' })
  await make(ofOllama, ['rent'], { ...given, purpose: 'passage' })
  expect(runners.byOllama).toHaveBeenCalledWith(['rent'], { ...given, model: 'bge-m3', digest: 'digest', prefix: '' })
  await make(own, ['rent'], { ...given, purpose: 'passage' })
  expect(runners.onBoard).toHaveBeenCalledWith(['rent'], { ...given, embedder: 'all-MiniLM-L6-v2' })
})

it('lets no vector of another width through, and blames no text for it', async () => {
  const { make } = setUp(5)
  await expect(make(recordOf({}), ['rent'], { ...given, purpose: 'passage' })).rejects.toMatchObject({
    code: 'embedding-failed',
    retryable: true,
  })
})

it('refuses an index of another version of an embedder on board', async () => {
  const { runners, make } = setUp()
  const older = { ...own, identity: { ...own.identity, fileHash: 'older' } }
  await expect(make(older, ['rent'], { ...given, purpose: 'question' })).rejects.toMatchObject({
    code: 'index-outdated',
    details: { reason: 'embedder' },
  })
  expect(runners.onBoard).not.toHaveBeenCalled()
})

it('asks at each call which embedder answers', async () => {
  const { runners, make } = setUp()
  let record: EmbedderRecord = own
  const embedder = createServingEmbedder({
    embedders: {
      serving: () => ({ embedder: own.id, role: 'serving', table: 't', record, chunkerVersion: 1 }) as never,
    },
    makeVectors: make,
    pool: { processCount: 2, yieldToAnswers: () => undefined },
  })
  await embedder.embed(['rent'], { embedder: 'all-MiniLM-L6-v2', ...given })
  record = recordOf({ questionPrefix: 'Q: ' })
  await embedder.embed(['rent'], { embedder: 'all-MiniLM-L6-v2', purpose: 'question', ...given })
  expect(runners.onBoard).toHaveBeenCalledTimes(1)
  expect(runners.added).toHaveBeenCalledWith(['Q: rent'], { ...given, record })
})
