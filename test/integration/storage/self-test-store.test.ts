import { expect, test } from 'vitest'
import type { NewExpectation } from '../../../src/main/ports/self-test-store.ts'
import { documentIdSchema } from '../../../src/shared/ids.ts'
import { expectationIdSchema, type SelfTestSetup } from '../../../src/shared/self-test.ts'
import { embedAll, openTestStorage, readFileInto, temporaryFolder } from './storage-fixture.ts'

const setup = (embedder: string): SelfTestSetup => ({
  version: '1.0.0',
  parserVersion: 3,
  chunkerVersion: 2,
  indexes: [{ group: 'other', embedder }],
})
const expectation = (question: string, origin: 'kept' | 'generated' = 'kept'): NewExpectation => ({
  origin,
  question,
  documentId: documentIdSchema.parse('a'.repeat(64)),
  documentName: 'Lease.pdf',
  path: '/documents/Lease.pdf',
  page: 2,
  text: `What answers ${question}`,
})

test('questions and where their passages came are kept, run by run', async () => {
  await using folder = await temporaryFolder()
  {
    await using storage = await openTestStorage(folder.path)
    const { selfTest } = storage
    const id = selfTest.keep(expectation('notice?'))
    if (id === null) throw new Error('it was not kept')
    expect(selfTest.keep(expectation('notice?'))).toBeNull()
    expect(selfTest.replaceGenerated([expectation('one', 'generated'), expectation('two', 'generated')])).toBe(2)
    expect(selfTest.replaceGenerated([expectation('three', 'generated')])).toBe(1)
    expect(selfTest.counts()).toEqual({ kept: 1, generated: 1 })

    const first = selfTest.beginRun(setup('one'))
    selfTest.record(first, id, { rank: 2, isGone: false })
    expect(selfTest.lastRuns(5)).toEqual([])
    selfTest.finishRun(first, 1_000)
    // A run that never finished is no result.
    selfTest.record(selfTest.beginRun(setup('two')), id, { rank: 9, isGone: false })
    const second = selfTest.beginRun(setup('two'))
    selfTest.record(second, id, { rank: null, isGone: true })
    selfTest.record(second, expectationIdSchema.parse(crypto.randomUUID()), { rank: 1, isGone: false })
    selfTest.finishRun(second, 2_000)
  }
  await using storage = await openTestStorage(folder.path)
  const { selfTest } = storage
  const [last, before] = selfTest.lastRuns(5)
  expect([last?.finishedAt, before?.finishedAt, last?.setup]).toEqual([2_000, 1_000, setup('two')])
  const [kept] = selfTest.expectations()
  if (kept === undefined || last === undefined || before === undefined) throw new Error('something was not kept')
  expect(kept).toMatchObject(expectation('notice?'))
  expect(selfTest.results(last.key)).toEqual(new Map([[kept.id, { rank: null, isGone: true }]]))
  expect(selfTest.results(before.key)).toEqual(new Map([[kept.id, { rank: 2, isGone: false }]]))
  expect(selfTest.remove(kept.id)).toBe(true)
  expect(selfTest.remove(kept.id)).toBe(false)
  expect(selfTest.results(last.key).size).toBe(0)
})

test('only the last runs are kept', async () => {
  await using folder = await temporaryFolder()
  await using storage = await openTestStorage(folder.path)
  for (let run = 1; run <= 14; run += 1) storage.selfTest.finishRun(storage.selfTest.beginRun(setup('one')), run)
  expect(storage.selfTest.lastRuns(100).map(({ finishedAt }) => finishedAt)).toEqual([
    14, 13, 12, 11, 10, 9, 8, 7, 6, 5,
  ])
})

test('chunks are found by their place and by their id, while their document is live, with the time of its file', async () => {
  await using folder = await temporaryFolder()
  await using storage = await openTestStorage(folder.path)
  const { documents } = storage
  const { documentId } = readFileInto(storage, {
    path: '/documents/a.txt',
    paragraphs: ['The first one. ', 'The second one. ', 'The third one. '],
    modifiedAt: 1_234,
  })
  await embedAll(storage)
  const all = documents.chunksInRange(documentId, { start: 0, end: 1_000 }, 10)
  expect(all.map(({ text }) => text)).toEqual(['The first one. ', 'The second one. ', 'The third one. '])
  const second = all[1]
  if (second === undefined) throw new Error('there is no second chunk')
  expect(second).toMatchObject({ modifiedAt: 1_234, isEmbedded: true })
  expect(documents.chunksInRange(documentId, { start: second.start, end: second.start + 1 }, 10)).toEqual([second])
  expect(documents.chunksInRange(documentId, { start: 0, end: 1_000 }, 1)).toHaveLength(1)
  expect(documents.chunksById([second.id])).toEqual([second])
  expect(documents.oldestChunker()).toBe(2)
  documents.remove([documentId])
  expect(documents.oldestChunker()).toBeNull()
  expect(documents.chunksById([second.id])).toEqual([])
  expect(documents.chunksInRange(documentId, { start: 0, end: 1_000 }, 10)).toEqual([])
})
