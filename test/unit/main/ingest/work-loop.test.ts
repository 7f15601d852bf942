import { describe, expect, it } from 'vitest'
import { createWorkLoop } from '../../../../src/main/ingest/work-loop.ts'
import { AppError } from '../../../../src/shared/errors.ts'
import { createManualClock } from '../../../support/manual-clock.ts'
import { createRecordingLog } from '../../../support/recording-log.ts'

const turnOfLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** A loop whose runs are ended by the test, one `end` a run. */
function setUp() {
  const clock = createManualClock()
  const controller = new AbortController()
  const runs: { readonly end: () => void; readonly fail: (error: unknown) => void }[] = []
  let settled = 0
  const loop = createWorkLoop({
    name: 'test',
    work: () => new Promise<void>((end, fail) => void runs.push({ end, fail })),
    clock,
    log: createRecordingLog(),
    signal: controller.signal,
    onSettled: () => void (settled += 1),
  })
  return { clock, controller, loop, runs, settled: () => settled }
}

const full = new AppError('storage-full', 'The disk is full. Make room, then it goes on.', { retryable: true })
const crashed = new AppError('worker-crashed', 'It ended.', { retryable: true })
const resting = new AppError('worker-crashed', 'It rests.', { retryable: true, details: { reason: 'resting' } })
const missing = new AppError('embedding-model-missing', 'A file is missing. Install Carrel again.')

describe('work that is done whenever there is some', () => {
  it('runs once at a time, and once more for what came meanwhile', async () => {
    const { loop, runs, settled } = setUp()
    loop.start()
    loop.start()
    loop.start()
    expect(runs).toHaveLength(1)
    runs[0]?.end()
    await turnOfLoop()
    expect(runs).toHaveLength(2)
    runs[1]?.end()
    await turnOfLoop()
    expect(loop.isBusy).toBe(false)
    expect(settled()).toBe(1)
  })

  it.each([
    ['a full disk', full],
    ['a missing model', missing],
  ])('tells %s at once, tries again by itself, and forgets it when it works', async (_name, error) => {
    const { clock, loop, runs } = setUp()
    loop.start()
    runs[0]?.fail(error)
    await turnOfLoop()
    expect(loop.failure).toBe(error)
    clock.advance(5_000)
    expect(runs).toHaveLength(2)
    runs[1]?.end()
    await turnOfLoop()
    expect(loop.failure).toBeNull()
    expect(loop.isBusy).toBe(false)
  })

  it('tells what may pass only when it keeps failing, and is busy until then', async () => {
    const { clock, loop, runs } = setUp()
    loop.start()
    for (let failures = 1; failures <= 4; failures += 1) {
      runs[failures - 1]?.fail(crashed)
      await turnOfLoop()
      expect(loop.failure).toBe(failures === 4 ? crashed : null)
      expect(loop.isBusy).toBe(failures < 4)
      clock.advance(5_000)
    }
  })

  it('waits a minute for a worker that rests', async () => {
    const { clock, loop, runs } = setUp()
    loop.start()
    runs[0]?.fail(resting)
    await turnOfLoop()
    clock.advance(60_000)
    expect(runs).toHaveLength(1)
    clock.advance(1_000)
    expect(runs).toHaveLength(2)
    expect(loop.failure).toBeNull()
    runs[1]?.end()
    await loop.ended()
  })

  it('starts nothing after the end', async () => {
    const { clock, controller, loop, runs } = setUp()
    loop.start()
    runs[0]?.fail(crashed)
    await turnOfLoop()
    controller.abort()
    clock.advance(60_000)
    loop.start()
    expect(runs).toHaveLength(1)
    await loop.ended()
  })
})

it('goes on after its work was interrupted, where there is more', async () => {
  const { loop, runs } = setUp()
  loop.start()
  loop.start()
  runs[0]?.fail(new DOMException('interrupted', 'AbortError'))
  await turnOfLoop()
  expect(runs).toHaveLength(2)
  runs[1]?.fail(new DOMException('interrupted', 'AbortError'))
  await turnOfLoop()
  expect(runs).toHaveLength(2)
  expect(loop.isBusy).toBe(false)
  expect(loop.failure).toBeNull()
})
