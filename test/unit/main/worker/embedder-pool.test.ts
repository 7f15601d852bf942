import { describe, expect, it } from 'vitest'
import { createEmbedderPool, type EmbedderPoolOptions } from '../../../../src/main/worker/embedder-pool.ts'
import { defaultPoolSize } from '../../../../src/main/worker/pool-size.ts'
import { backgroundPriority, importPriority } from '../../../../src/main/worker/process-priority.ts'
import { createManualClock } from '../../../support/manual-clock.ts'
import { createRecordingLog } from '../../../support/recording-log.ts'
import { createFakeTransport, type FakeProcess } from './fake-transport.ts'

interface Asked {
  readonly process: FakeProcess
  readonly id: number
  readonly text: string
}

/** A pool whose processes are ready at once and answer when the test says so. */
function setUp(options: Partial<EmbedderPoolOptions> = {}) {
  const asked: Asked[] = []
  const priorities: [number, number][] = []
  const transport = createFakeTransport((process, message) => {
    if (message.type === 'request')
      asked.push({ process, id: message.id, text: (message.input as { text: string }).text })
    if (message.type === 'stop') process.exit(0)
  })
  const starting: typeof transport = {
    ...transport,
    start(entry, startOptions) {
      const process = transport.start(entry, startOptions)
      const played = transport.latest()
      queueMicrotask(() => played.ready())
      return process
    },
  }
  const pool = createEmbedderPool({
    transport: starting,
    modelsFolder: '/models',
    processCount: 2,
    clock: createManualClock(),
    log: createRecordingLog(),
    setProcessPriority: (pid, priority) => {
      priorities.push([pid, priority])
      return true
    },
    ...options,
  })
  const embed = (
    texts: readonly string[],
    priority: 'interactive' | 'background' = 'background',
    signal = new AbortController().signal,
  ) => pool.embed(texts, { embedder: 'all-MiniLM-L6-v2', priority, signal })
  /** Answers this text, or the one that was asked first. @returns the text. */
  const answer = async (text = asked[0]?.text): Promise<string> => {
    const [next] = asked.splice(
      Math.max(
        0,
        asked.findIndex((one) => one.text === text),
      ),
      1,
    )
    if (next === undefined) throw new Error('nothing was asked')
    next.process.say({ type: 'result', id: next.id, value: new Float32Array([next.text.length]) })
    await settled()
    return next.text
  }
  return { pool, transport, asked, priorities, embed, answer }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))
const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => `text ${index}`)

describe('createEmbedderPool', () => {
  it('keeps two texts under way in each process and returns vectors in order', async () => {
    const { asked, answer, embed, transport } = setUp()
    const vectors = embed(['a', 'bb', 'ccc', 'dddd', 'eeeee'])
    await settled()
    expect(transport.processes).toHaveLength(2)
    expect(asked.map(({ process, text }) => `${text} ${process.pid}`).sort()).toEqual([
      'a 1000',
      'bb 1001',
      'ccc 1000',
      'dddd 1001',
    ])
    for (const text of ['dddd', 'a', 'eeeee', 'ccc', 'bb']) expect(await answer(text)).toBe(text)
    expect((await vectors).map((vector) => vector[0])).toEqual([1, 2, 3, 4, 5])
  })

  it('begins nothing more of a call that failed or was aborted', async () => {
    const { asked, answer, embed } = setUp()
    const controller = new AbortController()
    const aborted = embed(numbered(50), 'background', controller.signal)
    await settled()
    controller.abort()
    await expect(aborted).rejects.toBe(controller.signal.reason)
    asked.splice(0)
    const failing = embed(['f1', 'f2', 'f3', 'f4', 'f5', 'f6'])
    const other = embed(['other'])
    await settled()
    const [first] = asked.splice(
      asked.findIndex(({ text }) => text === 'f1'),
      1,
    )
    first?.process.say({
      type: 'error',
      id: first.id,
      error: { code: 'embedding-failed', message: 'No.', retryable: false },
    })
    await expect(failing).rejects.toMatchObject({ code: 'embedding-failed' })
    await settled()
    expect(asked.map(({ text }) => text).sort()).toEqual(['f2', 'f3', 'f4', 'other'])
    await answer('other')
    await expect(other).resolves.toHaveLength(1)
  })

  it('rejects the text that a process ended at, and goes on with those that only waited', async () => {
    const { asked, answer, embed, transport } = setUp({ processCount: 1 })
    const lost = embed(['one'])
    const waited = embed(['two'])
    const later = embed(['three'])
    await settled()
    asked.splice(0)
    transport.latest().exit(null)
    await expect(lost).rejects.toMatchObject({ code: 'worker-crashed', details: { blame: 'this' } })
    await settled()
    expect(transport.processes).toHaveLength(2)
    expect([await answer(), await answer()].toSorted()).toEqual(['three', 'two'])
    await expect(waited).resolves.toHaveLength(1)
    await expect(later).resolves.toHaveLength(1)
  })

  it('gives questions a process of their own, the others are weak', async () => {
    const { asked, answer, embed, priorities, transport } = setUp()
    const all = embed(numbered(200))
    all.catch(() => undefined)
    await settled()
    expect(transport.processes).toHaveLength(2)
    expect(priorities).toEqual([
      [1000, importPriority],
      [1001, backgroundPriority],
    ])
    const question = embed(['question'], 'interactive')
    await settled()
    // At once, before any passage that is being embedded is done; and as strong as the system makes a process.
    expect(asked.at(-1)).toMatchObject({ text: 'question', process: { pid: 1002 } })
    expect(priorities).toHaveLength(2)
    await answer('question')
    await expect(question).resolves.toHaveLength(1)
    // Import takes none of its turns.
    expect(asked.map(({ process }) => process.pid)).not.toContain(1002)
  })

  it('starts another process for many interactive texts, not for few', async () => {
    const { asked, embed, transport } = setUp()
    void embed(numbered(2), 'interactive').catch(() => undefined)
    await settled()
    expect(transport.processes).toHaveLength(1)
    expect(asked).toHaveLength(2)
    void embed(numbered(10), 'interactive').catch(() => undefined)
    await settled()
    expect(transport.processes).toHaveLength(3)
    expect(asked).toHaveLength(6)
  })

  it('while answering, embeds documents in the weakest process alone', async () => {
    const { asked, priorities, pool, embed, transport } = setUp({ processCount: 3 })
    pool.yieldToAnswers(true)
    void embed(numbered(10)).catch(() => undefined)
    await settled()
    expect(asked.map(({ process }) => process.pid)).toEqual([1000, 1000])
    expect(priorities).toEqual([[1000, 19]])
    void embed(['question'], 'interactive').catch(() => undefined)
    await settled()
    expect(transport.processes).toHaveLength(2)
    expect(asked.at(-1)?.process.pid).toBe(1001)
    expect(priorities).toEqual([[1000, 19]])
    pool.yieldToAnswers(false)
    await settled()
    expect(transport.processes).toHaveLength(4)
    expect(asked).toHaveLength(7)
  })

  it('refuses what is no vector', async () => {
    const { asked, embed } = setUp()
    const call = embed(['one'])
    await settled()
    asked[0]?.process.say({ type: 'result', id: 1, value: [1, 2] })
    await expect(call).rejects.toMatchObject({ code: 'embedding-failed' })
  })

  it('disposes: rejects what is queued and ends every process', async () => {
    const { embed, pool, transport, asked } = setUp()
    const call = embed(numbered(10))
    await settled()
    const rejected = expect(call).rejects.toMatchObject({ code: 'worker-crashed' })
    await pool[Symbol.asyncDispose]()
    await rejected
    expect(pool.pids).toEqual([])
    expect(asked).toHaveLength(4)
    expect(transport.processes).toHaveLength(2)
    await expect(embed(['late'])).rejects.toMatchObject({ code: 'worker-crashed' })
  })
})

it.each([
  [2, 24, 2],
  [16, 64, 8],
  [8, 8, 3],
  [8, 1, 1],
])('%i cores and %i GiB: %i processes', (cores, gibibytes, processes) => {
  expect(defaultPoolSize({ cores, memoryBytes: gibibytes * 1024 ** 3 })).toBe(processes)
})
