import { expect, test } from 'vitest'
import { againMs, createTidyingAtRest } from '../../../../src/main/ingest/tidy-at-rest.ts'
import { createManualClock } from '../../../support/manual-clock.ts'

const begin = (optimise: (call: number) => Promise<boolean>, keywordSteps = 0) => {
  const clock = createManualClock()
  const warnings: string[] = []
  const log = {
    info: () => undefined,
    error: () => undefined,
    verbose: () => undefined,
    warn: (message: string) => void warnings.push(message),
  }
  const seen = { calls: 0, keywordSteps: 0, isBusy: false }
  const tidying = createTidyingAtRest({
    documents: { tidyKeywords: () => (seen.keywordSteps += 1) <= keywordSteps },
    chunkIndex: { optimise: () => optimise((seen.calls += 1)) },
    isBusy: () => seen.isBusy,
    clock,
    log,
  })
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { tidying, seen, warnings, pass, clock }
}

test('the index is tidied some seconds after the last rest, and again while that finds something', async () => {
  const { tidying, seen, pass, clock } = begin(async (call) => call < 3)
  tidying.rested()
  await pass(2_000)
  tidying.rested()
  await pass(2_000)
  expect(seen.calls).toBe(0)
  await pass(1_000)
  expect(seen.calls).toBe(1)
  await pass(againMs)
  await pass(againMs)
  expect(seen.calls).toBe(3)
  expect(clock.waiting).toBe(0)
})

test('not in the middle of new work, nor after the end, which waits for what runs', async () => {
  let finish: (isMore: boolean) => void = () => undefined
  const { tidying, seen, pass, clock } = begin(() => new Promise((resolve) => (finish = resolve)))
  tidying.rested()
  seen.isBusy = true
  await pass(5_000)
  expect(seen.calls).toBe(0)

  seen.isBusy = false
  tidying.rested()
  await pass(5_000)
  expect(seen.calls).toBe(1)
  let isEnded = false
  const ending = tidying.end().then(() => (isEnded = true))
  await pass(0)
  expect(isEnded).toBe(false)
  finish(true)
  await ending
  tidying.rested()
  expect(clock.waiting).toBe(0)
})

test('a failure is logged, and the next rest tries again', async () => {
  const { tidying, seen, warnings, pass } = begin(async (call) => {
    if (call === 1) throw new Error('no room')
    return false
  })
  tidying.rested()
  await pass(5_000)
  expect(warnings.join()).toContain('could not be compacted')
  tidying.rested()
  await pass(5_000)
  expect(seen.calls).toBe(2)
})

test('the keyword index comes first, a step at a time, and waits where something comes in', async () => {
  const { tidying, seen, pass } = begin(async () => false, 5)
  tidying.rested()
  await pass(3_000)
  expect(seen.keywordSteps).toBe(1)
  await pass(10)
  expect(seen).toMatchObject({ keywordSteps: 2, calls: 0 })
  seen.isBusy = true
  await pass(10)
  await pass(10)
  expect(seen).toMatchObject({ keywordSteps: 2, calls: 0 })

  seen.isBusy = false
  tidying.rested()
  await pass(3_000)
  for (let step = 0; step < 4; step += 1) await pass(10)
  expect(seen).toMatchObject({ keywordSteps: 6, calls: 1 })
})
