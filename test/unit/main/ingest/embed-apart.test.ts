import { describe, expect, it } from 'vitest'
import { AppError } from '../../../../src/shared/errors.ts'
import type { Embedder } from '../../../../src/main/ports/embedding.ts'
import { embedApart } from '../../../../src/main/ingest/embed-apart.ts'

const crash = (blame: 'this' | 'another' | 'start'): AppError =>
  new AppError('worker-crashed', 'Ended.', { retryable: true, details: { reason: 'ended', blame } })
const vectorOf = (text: string): Float32Array => new Float32Array([text.length])

/** `fails`: what happens at a text, call after call. */
function setUp(fails: Readonly<Record<string, AppError[]>>) {
  const calls: string[] = []
  const embedder: Embedder = {
    processCount: 1,
    yieldToAnswers: () => undefined,
    embed(texts) {
      calls.push(texts.join(' '))
      for (const text of texts) {
        const failure = fails[text]?.shift()
        if (failure !== undefined) return Promise.reject(failure)
      }
      return Promise.resolve(texts.map(vectorOf))
    },
  }
  const embed = (texts: readonly string[], signal = new AbortController().signal) =>
    embedApart(
      (some) => embedder.embed(some, { embedder: 'all-MiniLM-L6-v2', priority: 'background', signal }),
      texts,
      { signal },
    )
  return { calls, embed }
}

describe('embedApart', () => {
  it('asks once for what is sound', async () => {
    const { calls, embed } = setUp({})
    expect(await embed(['a', 'bb'])).toEqual([vectorOf('a'), vectorOf('bb')])
    expect(calls).toEqual(['a bb'])
  })

  it('finds out the text that ends the process again and again, and has vectors of the others', async () => {
    const poison = Array.from({ length: 5 }, () => crash('this'))
    const { calls, embed } = setUp({ bb: poison })
    const outcomes = await embed(['a', 'bb', 'ccc'])
    expect(outcomes[0]).toEqual(vectorOf('a'))
    expect(outcomes[1]).toMatchObject({ code: 'worker-crashed' })
    expect(outcomes[2]).toEqual(vectorOf('ccc'))
    expect(calls).toEqual(['a bb ccc', 'a', 'bb', 'bb', 'bb', 'bb', 'ccc'])
  })

  it('gives no text up for a process that was ended from outside', async () => {
    const { embed } = setUp({ bb: [crash('this'), crash('this'), crash('this'), crash('this')] })
    expect(await embed(['a', 'bb'])).toEqual([vectorOf('a'), vectorOf('bb')])
  })

  it('knows a text without a vector', async () => {
    const none = () => new AppError('embedding-failed', 'None.')
    const { embed } = setUp({ bb: [none(), none()] })
    expect(await embed(['a', 'bb'])).toEqual([vectorOf('a'), expect.objectContaining({ code: 'embedding-failed' })])
  })

  it.each([crash('start'), new AppError('embedding-model-missing', 'Missing.')])(
    'passes on what is no fault of a text',
    async (error) => {
      await expect(setUp({ a: [error] }).embed(['a'])).rejects.toBe(error)
    },
  )

  it('ends with the reason of its signal', async () => {
    const controller = new AbortController()
    const { embed } = setUp({ a: [crash('this')] })
    controller.abort()
    await expect(embed(['a'], controller.signal)).rejects.toBe(controller.signal.reason)
  })
})
