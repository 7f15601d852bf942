import { cp, mkdtemp, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { EmbedderId } from '../../../src/main/ports/embedding.ts'
import type { EmbedderPool } from '../../../src/main/worker/embedder-pool.ts'
import { isRunning, modelsFolder, neverAborted, startPool } from './workers.ts'

const numbered = (count: number): string[] =>
  Array.from(
    { length: count },
    (_, index) => `Paragraph ${index} says what the board decided about the dividend that day.`,
  )

function similarity(one: Float32Array | undefined, other: Float32Array | undefined): number {
  if (one === undefined || other === undefined) throw new Error('a vector is missing')
  return one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0)
}

describe('embedder processes with the real models', () => {
  const pool = startPool(2)
  afterAll(() => pool[Symbol.asyncDispose]())
  const embed = (
    texts: readonly string[],
    embedder: EmbedderId,
    priority: 'interactive' | 'background' = 'background',
    of: EmbedderPool = pool,
  ) => of.embed(texts, { embedder, priority, signal: neverAborted })

  it.each([
    [
      'all-MiniLM-L6-v2',
      384,
      [
        'The cat sleeps on the sofa.',
        'A kitten is napping on the couch.',
        'Interest rates rose by half a point.',
        'The central bank raised its key rate.',
      ],
    ],
    [
      'bge-small-zh-v1.5',
      512,
      ['猫在沙发上睡觉。', '小猫正躺在沙发上打盹。', '利率上调了半个百分点。', '央行提高了基准利率。'],
    ],
  ] as const)('%s puts what means the same close together', async (embedder, dimensions, texts) => {
    const [cat, kitten, rates, bank] = await embed(texts, embedder)
    for (const vector of [cat, kitten, rates, bank]) {
      expect(vector).toBeInstanceOf(Float32Array)
      expect(vector).toHaveLength(dimensions)
      expect(similarity(vector, vector)).toBeCloseTo(1, 5)
    }
    expect(similarity(cat, kitten)).toBeGreaterThan(similarity(cat, rates) + 0.2)
    expect(similarity(rates, bank)).toBeGreaterThan(similarity(kitten, bank) + 0.2)
  })

  it('reads both without regard to case, also what bge is given', async () => {
    for (const embedder of ['all-MiniLM-L6-v2', 'bge-small-zh-v1.5'] as const) {
      const [upper, lower, other] = await embed(['GPT 模型 Carrel', 'gpt 模型 carrel', '完全不同的话'], embedder)
      expect(similarity(upper, lower)).toBeCloseTo(1, 5)
      expect(similarity(upper, other)).toBeLessThan(0.95)
    }
  })

  it('gives a text the same vector whatever it is embedded with, and reads all of one beyond 512 tokens', async () => {
    const text = 'The board decided.'
    const [alone] = await embed([text], 'all-MiniLM-L6-v2')
    const among = await embed([...numbered(5), text], 'all-MiniLM-L6-v2')
    expect(similarity(alone, among[5])).toBeCloseTo(1, 6)
    const [long, longer] = await embed(
      ['herons', 'tenants'].map((end) => `${'word '.repeat(600)}${`${end} `.repeat(200)}`),
      'all-MiniLM-L6-v2',
    )
    expect(similarity(long, longer)).toBeLessThan(0.98)
    const [empty] = await embed([''], 'bge-small-zh-v1.5')
    expect(similarity(empty, empty)).toBeCloseTo(1, 5)
  })

  it('answers a question before thousands of texts that were queued earlier', async () => {
    const order: string[] = []
    const background = embed(numbered(2_000), 'all-MiniLM-L6-v2').then(() => order.push('background'))
    const question = embed(['What did the board decide?'], 'all-MiniLM-L6-v2', 'interactive').then(() =>
      order.push('question'),
    )
    await Promise.all([background, question])
    expect(order).toEqual(['question', 'background'])
  })

  it('drops what is queued on abort and stays usable', async () => {
    const controller = new AbortController()
    const aborted = pool.embed(numbered(200), {
      embedder: 'all-MiniLM-L6-v2',
      priority: 'background',
      signal: controller.signal,
    })
    controller.abort()
    await expect(aborted).rejects.toBe(controller.signal.reason)
    await expect(embed(['still here'], 'all-MiniLM-L6-v2')).resolves.toHaveLength(1)
  })

  it('rejects the work of killed processes, starts new ones and goes on', async () => {
    const before = pool.pids
    // Two for documents, one for questions.
    expect(before).toHaveLength(3)
    const calls = numbered(8).map((text) => embed([text], 'all-MiniLM-L6-v2'))
    for (const pid of before) process.kill(pid, 'SIGKILL')
    const outcomes = await Promise.allSettled(calls)
    // Two texts were with each process, one worked on; the others went to new ones.
    const lost = outcomes.filter((outcome) => outcome.status === 'rejected')
    expect(lost).toHaveLength(2)
    for (const { reason } of lost) expect(reason).toMatchObject({ code: 'worker-crashed', retryable: true })
    await expect(embed(numbered(8), 'all-MiniLM-L6-v2')).resolves.toHaveLength(8)
    for (const pid of pool.pids) expect(before).not.toContain(pid)
  })

  it('leaves no process behind', async () => {
    const other = startPool(2)
    const texts = embed(numbered(50), 'all-MiniLM-L6-v2', 'background', other)
    const rejected = expect(texts).rejects.toMatchObject({ code: 'worker-crashed' })
    await embed(['ready'], 'all-MiniLM-L6-v2', 'interactive', other)
    const pids = other.pids
    expect(pids).toHaveLength(3)
    await other[Symbol.asyncDispose]()
    await rejected
    for (const pid of pids) expect(isRunning(pid)).toBe(false)
  })

  it('says when a model file is missing or altered, and works again once it is back', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'carrel-models-'))
    const other = startPool(1, folder)
    try {
      await expect(embed(['text'], 'all-MiniLM-L6-v2', 'background', other)).rejects.toMatchObject({
        code: 'embedding-model-missing',
        details: { model: 'all-MiniLM-L6-v2' },
      })
      await cp(join(modelsFolder, 'all-MiniLM-L6-v2'), join(folder, 'all-MiniLM-L6-v2'), { recursive: true })
      await expect(embed(['text'], 'all-MiniLM-L6-v2', 'background', other)).resolves.toHaveLength(1)
      await cp(join(modelsFolder, 'bge-small-zh-v1.5'), join(folder, 'bge-small-zh-v1.5'), { recursive: true })
      await truncate(join(folder, 'bge-small-zh-v1.5', 'onnx', 'model_quantized.onnx'), 1_000_000)
      await expect(embed(['文本'], 'bge-small-zh-v1.5', 'background', other)).rejects.toMatchObject({
        code: 'embedding-model-missing',
      })
      await expect(embed(['text'], 'all-MiniLM-L6-v2', 'background', other)).resolves.toHaveLength(1)
    } finally {
      await other[Symbol.asyncDispose]()
      await rm(folder, { recursive: true })
    }
  })
})
