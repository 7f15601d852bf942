import { emptyCitationCheck } from '../../../src/shared/citation-check.ts'
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { type AnswerPort, serveAnswer } from '../../../src/main/answer-session.ts'
import { createAnswers } from '../../../src/main/answer/answers.ts'
import { createStreamAnswer, type StreamAnswer } from '../../../src/main/answer/stream-answer.ts'
import {
  advanceStream,
  type AnswerEvent,
  type AnswerResult,
  creditWindowEvents,
  initialStreamState,
  type StreamEvent,
} from '../../../src/shared/answer-stream.ts'
import { AppError } from '../../../src/shared/errors.ts'
import { conversationIdSchema, messageIdSchema } from '../../../src/shared/ids.ts'
import { createRecordedTurns, noBoxes, noCollections, sampleRequest } from '../../support/answer-fakes.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { createRecordingLog } from '../../support/recording-log.ts'
import { samplePassage, sampleSource } from '../../support/sample-passage.ts'

const result: AnswerResult = {
  conversationId: conversationIdSchema.parse('00000000-0000-4000-8000-000000000002'),
  messageId: messageIdSchema.parse('00000000-0000-4000-8000-000000000001'),
  mode: 'generated',
  model: 'm',
  answer: '',
  sources: [sampleSource(1)],
  check: emptyCitationCheck,
  finishReason: 'stop',
  usage: { promptTokens: null, answerTokens: null, stageMs: {}, leftOutPassageIds: [], context: null },
}

/** The page's end of a port, in memory. */
function createPort(options: { readonly acknowledges: boolean }) {
  const received: StreamEvent[] = []
  let onReply: (reply: unknown) => void = () => undefined
  let onClose: () => void = () => undefined
  let isClosed = false
  const port: AnswerPort = {
    frontEnd: 'test',
    post(event) {
      received.push(event)
      if (options.acknowledges) queueMicrotask(() => onReply({ type: 'ack', sequence: event.sequence }))
    },
    onReply: (listener) => void (onReply = listener),
    onClose: (listener) => void (onClose = listener),
    close: () => void (isClosed = true),
  }
  return { port, received, reply: (reply: unknown) => onReply(reply), leave: () => onClose(), isClosed: () => isClosed }
}

const textOf = (events: readonly StreamEvent[]): string =>
  events.map((event) => (event.type === 'token' ? event.text : '')).join('')

function expectGrammar(events: readonly StreamEvent[]): void {
  const end = events.reduce(advanceStream, initialStreamState)
  expect(end.phase).toBe('ended')
}

const turnOfLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function setUp(streamAnswer: StreamAnswer, options = { acknowledges: true }) {
  const clock = createManualClock()
  const page = createPort(options)
  const served = serveAnswer(page.port, sampleRequest(), { streamAnswer, clock, log: createRecordingLog() })
  return { clock, page, served }
}

const delta = fc.oneof(
  fc.constant<AnswerEvent>({ type: 'status', stage: 'generate', detail: {} }),
  fc.string().map<AnswerEvent>((text) => ({ type: 'token', text })),
  fc.string().map<AnswerEvent>((text) => ({ type: 'token', text, addedBy: 'carrel' })),
  fc.string().map<AnswerEvent>((text) => ({ type: 'reasoning', text })),
)

describe('serving an answer over a port', () => {
  test.prop([fc.array(fc.tuple(delta, fc.boolean()), { maxLength: 60 }), fc.boolean()], { numRuns: 200 })(
    'keeps the grammar, the order and every character under random interleavings',
    async (steps, fails) => {
      const gate: (() => void)[] = []
      const streamAnswer: StreamAnswer = async function* () {
        yield { type: 'passages', passages: [samplePassage()] }
        for (const [event, waits] of steps) {
          if (waits) await new Promise<void>((resolve) => gate.push(resolve))
          yield event
        }
        yield fails
          ? { type: 'failure', error: { code: 'generation-failed', message: 'm', retryable: true }, result }
          : { type: 'stop', result }
      }
      const { clock, page, served } = setUp(streamAnswer)
      let isOver = false
      void served.then(() => (isOver = true))
      while (!isOver) {
        clock.advance(7)
        gate.shift()?.()
        await turnOfLoop()
      }
      expectGrammar(page.received)
      const sent = (kind: 'token' | 'reasoning'): string =>
        page.received.map((event) => (event.type === kind ? event.text : '')).join('')
      const given = (kind: 'token' | 'reasoning'): string =>
        steps.map(([event]) => (event.type === kind ? event.text : '')).join('')
      expect(sent('token')).toBe(given('token'))
      expect(sent('reasoning')).toBe(given('reasoning'))
      expect(page.isClosed()).toBe(true)
    },
  )

  it('sends the first piece at once, and joins what follows within 16 ms', async () => {
    let release: () => void = () => undefined
    const { clock, page, served } = setUp(async function* () {
      for (const text of ['a', 'b', 'c']) yield { type: 'token', text }
      await new Promise<void>((resolve) => (release = resolve))
      yield { type: 'stop', result }
    })
    await turnOfLoop()
    expect(page.received).toMatchObject([{ text: 'a' }])
    clock.advance(16)
    expect(page.received).toMatchObject([{ text: 'a' }, { text: 'bc' }])
    release()
    await served
  })

  it('stops pulling when the page owes acknowledgements, and goes on with credit', async () => {
    let pulled = 0
    const { page, served } = setUp(
      async function* () {
        for (let index = 0; index < 100; index += 1) {
          pulled += 1
          yield { type: 'status', stage: 'generate', detail: {} }
        }
        yield { type: 'stop', result }
      },
      { acknowledges: false },
    )
    await turnOfLoop()
    expect(page.received).toHaveLength(creditWindowEvents)
    expect(pulled).toBe(creditWindowEvents)
    page.reply({ type: 'ack', sequence: 9 })
    await turnOfLoop()
    expect(page.received).toHaveLength(creditWindowEvents + 10)
    page.reply({ type: 'abort' })
    await served
    expectGrammar(page.received)
  })

  const hanging: StreamAnswer = async function* (_request, { signal }) {
    yield { type: 'token', text: 'half' }
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    yield { type: 'stop', result: { ...result, finishReason: 'aborted' } }
  }

  it('still sends sources and done after an abort', async () => {
    const { page, served } = setUp(hanging)
    await turnOfLoop()
    page.reply({ type: 'abort' })
    await served
    expect(page.received.map(({ type }) => type)).toEqual(['token', 'sources', 'done'])
    expect(page.received.at(-1)).toMatchObject({ finishReason: 'aborted' })
  })

  it('ends the answer, silently, when the port closes', async () => {
    const { page, served } = setUp(hanging)
    await turnOfLoop()
    page.leave()
    await served
    expect(textOf(page.received)).toBe('half')
    expect(page.received).toHaveLength(1)
  })

  it('is woken by whoever ends the answer, although the page acknowledges nothing', async () => {
    const log = createRecordingLog()
    const clock = createManualClock()
    const answers = createAnswers({ clock, log })
    const turns = createRecordedTurns()
    const streamAnswer = createStreamAnswer({
      answers,
      stages: [
        {
          name: 'generate',
          async *run(_draft, { signal }) {
            while (!signal.aborted) yield { type: 'status', stage: 'generate', detail: {} }
          },
        },
      ],
      conversations: turns,
      collections: noCollections,
      documents: noBoxes,
      clock,
      log,
      onTurn: () => undefined,
    })
    const { page, served } = setUp(streamAnswer, { acknowledges: false })
    await turnOfLoop()
    await answers.close()
    await served
    expect(page.received.at(-1)).toMatchObject({ type: 'done', finishReason: 'aborted' })
    expect(turns.finished).toHaveLength(1)
  })

  it('takes a reply outside the contract as a reason to stop', async () => {
    const { page, served } = setUp(hanging)
    await turnOfLoop()
    page.reply({ type: 'ack', sequence: -1, extra: '<script>' })
    await served
    expect(page.received.at(-1)).toMatchObject({ type: 'done', finishReason: 'aborted' })
  })

  it('gives a refused question one error event', async () => {
    // oxlint-disable-next-line require-yield -- a service that refuses yields nothing
    const { page, served } = setUp(async function* () {
      throw new AppError('busy', 'Wait for it to end.')
    })
    await served
    expect(page.received).toEqual([
      { type: 'error', sequence: 0, error: { code: 'busy', message: 'Wait for it to end.', retryable: false } },
    ])
  })
})
