import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createStoppedWork, type StoppedWork } from '../../../../src/main/generators/stopped-work.ts'
import type { ProcessorTimes } from '../../../../src/main/generators/runner-processes.ts'
import type { ModelWork } from '../../../../src/shared/model-server.ts'
import { createManualClock, type ManualClock } from '../../../support/manual-clock.ts'
import { createRecordingLog } from '../../../support/recording-log.ts'
import { type RecordingModelServer, startRecordingModelServer } from '../../../support/recording-model-server.ts'

let clock: ManualClock
let times: ProcessorTimes | null
let work: StoppedWork
let shown: (ModelWork | null)[]
const ollama = { address: 'http://127.0.0.1:9', product: 'ollama' } as const

beforeEach(() => {
  clock = createManualClock(1_000_000)
  times = new Map([[7, 0]])
  shown = []
  work = createStoppedWork({ clock, log: createRecordingLog(), readRunners: async () => times })
  work.onChange((next) => shown.push(next))
})
afterEach(() => {
  work[Symbol.dispose]()
  expect(clock.waiting).toBe(0)
})

/** Half a second passes, in which the runner used so much processor time. */
async function pass(usedMs: number): Promise<void> {
  await vi.waitUntil(() => clock.waiting > 0)
  if (times !== null) times = new Map([...times].map(([pid, used]) => [pid, used + usedMs]))
  clock.advance(500)
  await new Promise((resolve) => setImmediate(resolve))
}
const settled = () => vi.waitUntil(() => clock.waiting === 0)

describe("Ollama's runner", () => {
  it('goes on after Stop: shown while it uses the processor, gone when it rests', async () => {
    work.begin(ollama, 'm').end({ isStopped: true })
    await pass(480)
    await pass(480)
    await vi.waitUntil(() => work.current !== null)
    expect(work.current).toEqual({ model: 'm', since: 1_000_000, basis: 'process' })
    await pass(0)
    // It may only have taken a breath between two batches.
    expect(work.current).not.toBeNull()
    await pass(10)
    await settled()
    expect(shown).toEqual([{ model: 'm', since: 1_000_000, basis: 'process' }, null])
  })

  it('that rests is never shown', async () => {
    work.begin(ollama, 'm').end({ isStopped: true })
    await pass(0)
    await pass(5)
    await settled()
    expect(shown).toEqual([])
  })

  it('that ended is done', async () => {
    work.begin(ollama, 'm').end({ isStopped: true })
    await pass(480)
    await pass(480)
    await vi.waitUntil(() => work.current !== null)
    times = new Map()
    await pass(0)
    await pass(0)
    await settled()
    expect(work.current).toBeNull()
  })

  it("is done when the next question's first word comes, not when it is accepted", async () => {
    work.begin(ollama, 'm').end({ isStopped: true })
    await pass(480)
    await pass(480)
    await vi.waitUntil(() => work.current !== null)
    const next = work.begin(ollama, 'm')
    next.saw({ type: 'accepted' })
    expect(work.current).not.toBeNull()
    next.saw({ type: 'text', text: 'Yes' })
    expect(work.current).toBeNull()
    await settled()
  })

  it('is not watched after an answer that came to its end, or failed', async () => {
    const whole = work.begin(ollama, 'm')
    whole.saw({ type: 'end', finishReason: 'stop', promptTokens: 1, answerTokens: 1 })
    whole.end({ isStopped: true })
    work.begin(ollama, 'm').end({ isStopped: false })
    expect(clock.waiting).toBe(0)
    expect(shown).toEqual([])
  })
})

describe('where processes cannot be seen', () => {
  beforeEach(() => {
    times = null
  })

  it('it is only said that no word had come, for two minutes at most', async () => {
    work.begin(ollama, 'm').end({ isStopped: true })
    await vi.waitUntil(() => work.current !== null)
    expect(work.current).toEqual({ model: 'm', since: 1_000_000, basis: 'none' })
    for (let round = 0; round < 241; round += 1) await pass(0)
    await settled()
    expect(work.current).toBeNull()
  })

  it('nothing is said once it wrote: it notices at its next word', async () => {
    const open = work.begin(ollama, 'm')
    open.saw({ type: 'text', text: 'One' })
    open.end({ isStopped: true })
    await settled()
    expect(shown).toEqual([])
  })

  it('nothing is said of servers that show nothing', async () => {
    work.begin({ address: 'http://127.0.0.1:9', product: 'vllm' }, 'm').end({ isStopped: true })
    await settled()
    expect(shown).toEqual([])
  })
})

describe('llama-cpp', () => {
  let server: RecordingModelServer
  beforeEach(async () => {
    server = await startRecordingModelServer({ product: 'llama-cpp' })
  })
  afterEach(() => server.close())

  it('says by its slots whether it works', async () => {
    server.reply('/slots', { body: '[{"is_processing":true}]' })
    work.begin({ address: server.url, product: 'llama-cpp' }, 'm').end({ isStopped: true })
    await vi.waitUntil(() => {
      clock.advance(500)
      return work.current !== null
    })
    expect(work.current).toMatchObject({ basis: 'server' })
    server.reply('/slots', null)
    await vi.waitUntil(() => {
      clock.advance(500)
      return work.current === null
    })
    await server.allClosed()
  })

  it('that hides its slots is not guessed at', async () => {
    server.reply('/slots', { status: 501, body: '{"error":{"message":"not supported"}}' })
    work.begin({ address: server.url, product: 'llama-cpp' }, 'm').end({ isStopped: true })
    await vi.waitUntil(() => server.requests.length > 0)
    await server.allClosed()
    await settled()
    expect(shown).toEqual([])
  })
})

it('disposing ends the watching at once', async () => {
  work.begin(ollama, 'm').end({ isStopped: true })
  await pass(480)
  await pass(480)
  await vi.waitUntil(() => work.current !== null)
  work[Symbol.dispose]()
  await settled()
  expect(work.current).toBeNull()
})
