import { expect, it } from 'vitest'
import { createSelfTest, type SelfTestParts } from '../../../../src/main/answer/self-test.ts'
import type { DocumentStore } from '../../../../src/main/ports/document-store.ts'
import type { NewExpectation, SelfTestRun, SelfTestStore } from '../../../../src/main/ports/self-test-store.ts'
import type { Expectation, ExpectationId, FoundPlace, SelfTestSetup } from '../../../../src/shared/self-test.ts'
import { expectationIdSchema } from '../../../../src/shared/self-test.ts'
import { createManualClock } from '../../../support/manual-clock.ts'
import { createRecordingLog } from '../../../support/recording-log.ts'
import { samplePassage } from '../../../support/sample-passage.ts'

const passage = samplePassage({ document: 'a', text: 'The tenant may end the lease early with notice.' })
const never = new AbortController().signal

function memoryStore(): SelfTestStore {
  let all: Expectation[] = []
  let runs: (SelfTestRun & { results: Map<ExpectationId, FoundPlace>; isFinished: boolean })[] = []
  const add = (one: NewExpectation): ExpectationId => {
    const id = expectationIdSchema.parse(crypto.randomUUID())
    all.push({ ...one, id })
    return id
  }
  return {
    expectations: () => all,
    counts: () => ({
      kept: all.filter(({ origin }) => origin === 'kept').length,
      generated: all.filter(({ origin }) => origin === 'generated').length,
    }),
    keep: (one) => (all.some(({ question }) => question === one.question) ? null : add(one)),
    replaceGenerated: (list) => {
      all = all.filter(({ origin }) => origin === 'kept')
      return list.map(add).length
    },
    remove: (id) => {
      const before = all.length
      all = all.filter((one) => one.id !== id)
      return all.length < before
    },
    beginRun: (setup) => {
      runs = runs.filter(({ isFinished }) => isFinished)
      runs.push({ key: runs.length + 1, finishedAt: 0, setup, results: new Map(), isFinished: false })
      return runs.length
    },
    record: (key, id, place) => void runs.find((run) => run.key === key)?.results.set(id, place),
    finishRun: (key, finishedAt) => {
      runs = runs.map((run) => (run.key === key ? { ...run, finishedAt, isFinished: true } : run))
    },
    lastRuns: (limit) =>
      runs
        .filter(({ isFinished }) => isFinished)
        .toReversed()
        .slice(0, limit),
    results: (key) => runs.find((run) => run.key === key)?.results ?? new Map(),
  }
}

/** A library of one passage, which comes where `state.rank` says. */
function selfTestOf(over: Partial<SelfTestParts> = {}) {
  const state = { rank: 1, embedder: 'one', isSettled: true }
  const clock = createManualClock()
  const setup = (): SelfTestSetup => ({
    version: '1',
    parserVersion: 1,
    chunkerVersion: 2,
    indexes: [{ group: 'other', embedder: state.embedder }],
  })
  const chunk = { ...passage, documentKey: 1, chunkKey: 1 }
  const selfTest = createSelfTest({
    search: async () =>
      Array.from({ length: 100 }, (_, index) => ({
        passage: index + 1 === state.rank ? passage : samplePassage({ document: 'b', ordinal: index }),
        ordinal: index,
        tokenCount: 10,
        closeness: 0.5,
        similarity: 0.5,
        coverage: null,
      })),
    documents: {
      summaries: (ids: readonly string[]) => ids.filter((id) => id === passage.documentId),
      resolve: () => [],
      chunksInRange: () => [chunk],
      chunksById: () => [chunk],
      list: () => ({ total: 1, documents: [{ id: passage.documentId, chunkCount: 3 }] }),
    } as unknown as DocumentStore,
    store: memoryStore(),
    setup,
    considered: () => 12,
    isSettled: () => state.isSettled,
    untilQuiet: async () => undefined,
    clock,
    log: createRecordingLog(),
    ...over,
  })
  const keep = (question: string): Promise<boolean> =>
    selfTest.keep(
      { question, documentId: passage.documentId, place: { start: passage.start, end: passage.end } },
      { signal: never },
    )
  return { selfTest, state, clock, keep }
}

it('shows what a change did: found before, where now', async () => {
  const { selfTest, state, keep } = selfTestOf()
  await using _ending = selfTest
  expect(await selfTest.run({ signal: never })).toBeNull()
  expect(await keep('What notice?')).toBe(true)
  expect(await keep('What notice?')).toBe(false)
  expect(await selfTest.run({ signal: never })).toMatchObject({ tested: 1, found: 1, lost: 0, before: null })
  state.rank = 40
  state.embedder = 'two'
  expect(selfTest.status().isDue).toBe(true)
  const report = await selfTest.run({ signal: never })
  expect(report).toMatchObject({ tested: 1, found: 0, lost: 1, gained: 0 })
  expect(report?.rows[0]).toMatchObject({ before: { rank: 1 }, now: { rank: 40 } })
  state.rank = 3
  expect(await selfTest.run({ signal: never })).toMatchObject({ found: 1, gained: 1 })
  state.rank = 0
  expect((await selfTest.run({ signal: never }))?.rows[0]).toMatchObject({ now: { rank: null, isGone: false } })
})

it('tests what is kept later at once, in the results that are there', async () => {
  const { selfTest, keep } = selfTestOf()
  await using _ending = selfTest
  await keep('What notice?')
  await selfTest.run({ signal: never })
  await keep('How early?')
  expect(selfTest.status().report).toMatchObject({ tested: 2, found: 2 })
})

it('runs by itself after another embedder, once nothing is being built, and not again once it was cancelled', async () => {
  const { selfTest, state, clock, keep } = selfTestOf()
  await using _ending = selfTest
  await keep('What notice?')
  await selfTest.run({ signal: never })
  const changed = (): Promise<void> =>
    new Promise((resolve) => {
      const stop = selfTest.onChange(() => {
        if (selfTest.status().running !== null) return
        stop()
        resolve()
      })
    })
  state.embedder = 'two'
  state.isSettled = false
  selfTest.wake()
  clock.advance(2_000)
  expect(selfTest.status().running).toBeNull()
  state.isSettled = true
  const ended = changed()
  selfTest.wake()
  clock.advance(2_000)
  expect(selfTest.status().running).toEqual({ done: 0, total: 1 })
  await ended
  expect(selfTest.status()).toMatchObject({
    isDue: false,
    report: { before: { setup: { indexes: [{ embedder: 'one' }] } } },
  })

  state.embedder = 'three'
  const cancelled = changed()
  selfTest.wake()
  clock.advance(2_000)
  selfTest.cancel()
  await cancelled
  expect(selfTest.status()).toMatchObject({ isDue: true, problem: null })
  selfTest.wake()
  clock.advance(2_000)
  expect(selfTest.status().running).toBeNull()
})

it('waits while an answer is being written, and ends with Carrel', async () => {
  const quiet = Promise.withResolvers<void>()
  const { selfTest, keep } = selfTestOf({
    untilQuiet: (signal) =>
      Promise.race([
        quiet.promise,
        new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      ]),
  })
  await keep('What notice?')
  const run = selfTest.run({ signal: never })
  const ended = run.then(
    () => 'done',
    () => 'aborted',
  )
  expect(selfTest.status().running).toEqual({ done: 0, total: 1 })
  await selfTest[Symbol.asyncDispose]()
  expect(await ended).toBe('aborted')
})

it('makes questions out of documents, in place of those made before', async () => {
  const { selfTest } = selfTestOf()
  await using _ending = selfTest
  expect(await selfTest.generate(3, { signal: never })).toBe(1)
  expect(await selfTest.generate(3, { signal: never })).toBe(1)
  expect(selfTest.status()).toMatchObject({ kept: 0, generated: 1 })
  expect(await selfTest.run({ signal: never })).toMatchObject({ tested: 1, found: 1 })
})
