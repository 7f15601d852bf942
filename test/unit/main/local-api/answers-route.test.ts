import { describe, expect, it } from 'vitest'
import type { AnswerStage } from '../../../../src/main/answer/draft.ts'
import { answerEventSchema } from '../../../../src/shared/answer-stream.ts'
import { AppError } from '../../../../src/shared/errors.ts'
import { createManualClock } from '../../../support/manual-clock.ts'
import { findStage, foundPassages, parseEvents, startLocalApi, writeStage } from '../../../support/local-api-fixture.ts'

const failing: AnswerStage = {
  name: 'generate',
  async *run() {
    yield { type: 'status', stage: 'generate', detail: {} }
    throw new AppError('ollama-unreachable', 'No model server answers on this computer. Start Ollama.', {
      retryable: true,
    })
  },
}

describe('POST /v1/answers as server-sent events', () => {
  it('sends status, message, one source, done, with the headers of such a stream', async () => {
    await using api = await startLocalApi({ stages: [findStage, writeStage(['Yes ', '"quoted"\n', '[1].'])] })
    const response = await api.ask('text/event-stream')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect(response.headers.get('cache-control')).toBe('no-cache')
    expect(response.headers.get('connection')).toBe('keep-alive')
    expect(response.headers.has('access-control-allow-origin')).toBe(false)
    const events = parseEvents(await response.text())
    expect(events.map(({ event }) => event)).toEqual(['status', 'message', 'message', 'message', 'source', 'done'])
    expect(events.map(({ id }) => id)).toEqual(['1', '2', '3', '4', '5', '6'])
    expect(events.filter(({ event }) => event === 'message').map(({ data }) => data)).toEqual([
      'Yes ',
      '"quoted"\n',
      '[1].',
    ])
    const source = events.find(({ event }) => event === 'source')?.data
    expect(source).toHaveLength(3)
    const [cited] = source as object[]
    const passage = foundPassages[1]
    expect(cited).toEqual({
      id: passage?.id,
      text: passage?.text.slice(0, 200),
      metadata: {
        path: passage?.path,
        title: passage?.title,
        page: passage?.page,
        headingPath: passage?.headingPath,
        start: passage?.start,
        end: passage?.end,
        score: passage?.score,
        cited: true,
      },
      versions: [],
      claims: [],
    })
    expect(events.at(-1)?.data).toMatchObject({
      finishReason: 'stop',
      check: { addedMarks: [], uncited: [], droppedMarks: 0 },
      conversationId: api.turns.begun[0]?.conversationId,
    })
    expect(api.service.answers.count).toBe(0)
  })

  it('ends with source and failure, never with an event named error', async () => {
    await using api = await startLocalApi({ stages: [findStage, failing] })
    const events = parseEvents(await (await api.ask('text/event-stream')).text())
    expect(events.map(({ event }) => event)).toEqual(['status', 'status', 'source', 'failure'])
    expect(events.at(-1)?.data).toMatchObject({ code: 'ollama-unreachable', retryable: true })
  })

  it('sends a comment every 15 seconds while nothing else comes', async () => {
    const clock = createManualClock()
    const gate = Promise.withResolvers<void>()
    const waiting: AnswerStage = {
      name: 'generate',
      async *run() {
        await gate.promise
        yield { type: 'token', text: 'late' }
      },
    }
    await using api = await startLocalApi({ clock, stages: [findStage, waiting] })
    const response = await api.ask('text/event-stream')
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    const readUntil = async (wanted: string): Promise<void> => {
      while (!text.includes(wanted)) {
        const next = await reader?.read()
        if (next?.done !== false) throw new Error(`the stream ended: ${text}`)
        text += next.value
      }
    }
    await readUntil('retrieve')
    clock.advance(14_999)
    clock.advance(1)
    await readUntil(': still here\n\n')
    clock.advance(15_000)
    gate.resolve()
    await readUntil('event: done')
    expect(text.match(/^: still here$/gm)).toHaveLength(2)
  })
})

describe('POST /v1/answers in its other forms', () => {
  it('sends each piece of plain text as it is produced', async () => {
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const stepped: AnswerStage = {
      name: 'generate',
      async *run() {
        yield { type: 'token', text: 'one ' }
        for (const [index, gate] of gates.entries()) {
          await gate.promise
          yield { type: 'token', text: `more${index} ` }
        }
      },
    }
    await using api = await startLocalApi({ stages: [findStage, stepped] })
    const response = await api.ask('text/plain')
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    expect((await reader?.read())?.value).toBe('one ')
    gates[0]?.resolve()
    expect((await reader?.read())?.value).toBe('more0 ')
    gates[1]?.resolve()
    expect((await reader?.read())?.value).toBe('more1 ')
    expect((await reader?.read())?.done).toBe(true)
  })

  it('answers whole as JSON, also where a client accepts anything', async () => {
    await using api = await startLocalApi()
    for (const accept of ['application/json', '*/*']) {
      const response = await api.ask(accept)
      expect(response.headers.get('content-type')).toContain('application/json')
      expect(await response.json()).toEqual({
        answer: 'Yes [1].',
        sources: expect.arrayContaining([expect.objectContaining({ id: foundPassages[1]?.id })]),
        check: { addedMarks: [], uncited: [], droppedMarks: 0 },
        conversationId: expect.any(String),
        usage: expect.objectContaining({ stageMs: expect.any(Object) }),
      })
    }
  })

  it('gives the events of the service as lines', async () => {
    await using api = await startLocalApi()
    const text = await (await api.ask('application/x-ndjson')).text()
    const events = text
      .trimEnd()
      .split('\n')
      .map((line) => answerEventSchema.parse(JSON.parse(line)))
    expect(events.map(({ type }) => type)).toEqual(['status', 'passages', 'token', 'token', 'stop'])
  })

  it.each(['application/json', 'text/plain'])(
    'tells a failure before the first word by its status, as %s',
    async (accept) => {
      await using api = await startLocalApi({ stages: [findStage, failing] })
      const response = await api.ask(accept)
      expect(response.status).toBe(503)
      expect(await response.json()).toMatchObject({ error: { code: 'ollama-unreachable', retryable: true } })
      expect(api.service.answers.count).toBe(0)
    },
  )

  it('breaks plain text off when it fails in the middle', async () => {
    const breaking: AnswerStage = {
      name: 'generate',
      async *run() {
        yield { type: 'token', text: 'half' }
        throw new AppError('generation-failed', 'The model failed.')
      },
    }
    await using api = await startLocalApi({ stages: [findStage, breaking] })
    const response = await api.ask('text/plain')
    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toThrow()
    expect(api.service.answers.count).toBe(0)
  })

  it('goes on with the conversation that is named, and refuses a second question meanwhile', async () => {
    const conversationId = '6b8f1f0e-58ad-4c0e-9b5c-0a7d2f6a4f11'
    const gate = Promise.withResolvers<void>()
    const waiting: AnswerStage = {
      name: 'generate',
      async *run() {
        await gate.promise
        yield { type: 'token', text: 'x' }
      },
    }
    await using api = await startLocalApi({ stages: [findStage, waiting] })
    const first = await api.ask('text/event-stream', { question: 'One?', conversationId })
    const second = await api.ask('text/event-stream', { question: 'Two?', conversationId })
    expect(second.status).toBe(409)
    expect(await second.json()).toMatchObject({ error: { code: 'busy' } })
    gate.resolve()
    expect(await first.text()).toContain(conversationId)
    expect(api.turns.begun.map((turn) => turn.conversationId)).toEqual([conversationId])
  })
})

describe('GET /v1/stream-test', () => {
  it.each([
    ['plain', 'text/plain; charset=utf-8'],
    ['sse', 'text/event-stream'],
  ])('sends five chunks, one a second, as %s', async (format, contentType) => {
    const clock = createManualClock()
    await using api = await startLocalApi({ clock })
    const response = await api.fetch(`/v1/stream-test?format=${format}`)
    expect(response.headers.get('content-type')).toBe(contentType)
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    for (let number = 1; number <= 5; number++) {
      while (!text.includes(`chunk ${number} of 5`)) text += (await reader?.read())?.value ?? ''
      expect(text).not.toContain(`chunk ${number + 1} of 5`)
      // Its timer is set when the chunk has gone out.
      while (clock.waiting === 0 && number < 5) await new Promise((resolve) => setImmediate(resolve))
      clock.advance(1_000)
    }
  })
})
