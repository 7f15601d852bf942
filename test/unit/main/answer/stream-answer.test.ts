import { describe, expect, it } from 'vitest'
import { createAnswers } from '../../../../src/main/answer/answers.ts'
import type { AnswerStage } from '../../../../src/main/answer/draft.ts'
import { createStreamAnswer, type StreamAnswer } from '../../../../src/main/answer/stream-answer.ts'
import type { AnswerEvent } from '../../../../src/shared/answer-stream.ts'
import { AppError } from '../../../../src/shared/errors.ts'
import {
  createRecordedTurns,
  noBoxes,
  noCollections,
  type RecordedTurns,
  sampleRequest,
} from '../../../support/answer-fakes.ts'
import { createManualClock } from '../../../support/manual-clock.ts'
import { createRecordingLog } from '../../../support/recording-log.ts'
import { samplePassage } from '../../../support/sample-passage.ts'

const passages = [0, 1, 2].map((ordinal) => samplePassage({ ordinal }))
const find: AnswerStage = {
  name: 'retrieve',
  async *run(draft) {
    draft.passages = passages
    yield { type: 'passages', passages: [...passages] }
  },
}
const write: AnswerStage = {
  name: 'generate',
  async *run(draft) {
    yield { type: 'reasoning', text: 'hm' }
    yield { type: 'token', text: 'Yes ' }
    draft.citedPassageIds = [samplePassage({ ordinal: 2 }).id]
    yield { type: 'token', text: '[1].' }
  },
}
const hang: AnswerStage = {
  name: 'generate',
  async *run(_draft, { signal }) {
    yield { type: 'token', text: 'half' }
    await new Promise((_resolve, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
    )
  },
}

const broken: AnswerStage = {
  name: 'generate',
  async *run() {
    yield { type: 'token', text: 'part' }
    throw new Error('broken')
  },
}

function setUp(stages: readonly AnswerStage[]) {
  const log = createRecordingLog()
  const clock = createManualClock()
  const answers = createAnswers({ clock, log })
  const turns = createRecordedTurns()
  const streamAnswer = createStreamAnswer({
    answers,
    stages,
    conversations: turns,
    collections: noCollections,
    documents: noBoxes,
    clock,
    log,
    onTurn: () => undefined,
  })
  return { answers, turns, streamAnswer, log, clock }
}

async function all(streamAnswer: StreamAnswer, signal = new AbortController().signal): Promise<readonly AnswerEvent[]> {
  return Array.fromAsync(streamAnswer(sampleRequest(), { signal, frontEnd: 'test' }))
}

function onlyAnswer(turns: RecordedTurns) {
  expect(turns.finished).toHaveLength(1)
  const [finished] = turns.finished
  if (finished === undefined) throw new Error('no answer was written')
  return finished.answer
}

describe('the answer service', () => {
  it('yields the deltas of every stage, then the whole result, last', async () => {
    const { streamAnswer, turns, answers } = setUp([find, write])
    const events = await all(streamAnswer)
    expect(events.map(({ type }) => type)).toEqual(['passages', 'reasoning', 'token', 'token', 'stop'])
    const last = events.at(-1)
    if (last?.type !== 'stop') throw new Error('no stop event')
    expect(last.result).toMatchObject({ answer: 'Yes [1].', finishReason: 'stop' })
    expect(last.result.sources.map(({ number, isCited, id }) => [number, isCited, id])).toEqual([
      [1, true, passages[2]?.id],
      [2, false, passages[0]?.id],
      [3, false, passages[1]?.id],
    ])
    expect(onlyAnswer(turns)).toMatchObject({
      answer: 'Yes [1].',
      reasoning: 'hm',
      error: null,
      sources: last.result.sources,
    })
    expect(answers.count).toBe(0)
  })

  it('writes the question before any stage runs', async () => {
    const { streamAnswer, turns } = setUp([
      {
        name: 'look',
        async *run() {
          expect(turns.begun).toHaveLength(1)
          expect(turns.finished).toHaveLength(0)
          yield { type: 'status', stage: 'retrieve', detail: {} }
        },
      },
    ])
    expect((await all(streamAnswer)).at(-1)?.type).toBe('stop')
  })

  it('takes a further stage in one line', async () => {
    const { streamAnswer } = setUp([
      find,
      write,
      {
        name: 'check',
        async *run() {
          yield { type: 'status', stage: 'check', detail: {} }
        },
      },
    ])
    const events = await all(streamAnswer)
    expect(events.at(-2)).toMatchObject({ type: 'status', stage: 'check' })
    expect(events.at(-1)).toMatchObject({ result: { usage: { stageMs: { retrieve: 0, generate: 0, check: 0 } } } })
  })

  it('keeps what was written, with its sources, when it is stopped', async () => {
    const { streamAnswer, turns, answers } = setUp([find, hang])
    const controller = new AbortController()
    const events: AnswerEvent[] = []
    for await (const event of streamAnswer(sampleRequest(), { signal: controller.signal, frontEnd: 'test' })) {
      events.push(event)
      if (event.type === 'token') setImmediate(() => controller.abort())
    }
    expect(events.at(-1)).toMatchObject({ type: 'stop', result: { answer: 'half', finishReason: 'aborted' } })
    expect(onlyAnswer(turns)).toMatchObject({
      answer: 'half',
      finishReason: 'aborted',
      sources: [{ number: 1 }, { number: 2 }, { number: 3 }],
    })
    expect(answers.count).toBe(0)
  })

  it('saves what a crash would leave: passages at once, then once a second what was written, with its sources', async () => {
    const cited = samplePassage({ ordinal: 2 }).id
    const { streamAnswer, turns, clock } = setUp([
      find,
      {
        name: 'generate',
        async *run(draft, { signal, frontEnd }) {
          yield { type: 'token', text: 'one ' }
          yield { type: 'token', text: 'two ' }
          draft.citedPassageIds = [cited]
          yield { type: 'token', text: '[1]' }
          yield* hang.run(draft, { signal, frontEnd })
        },
      },
    ])
    const controller = new AbortController()
    for await (const event of streamAnswer(sampleRequest(), { signal: controller.signal, frontEnd: 'test' })) {
      if (event.type !== 'token') continue
      if (event.text === 'two ') clock.advance(1_000)
      if (event.text === 'half') {
        clock.advance(1_000)
        clock.advance(60_000)
        setImmediate(() => controller.abort())
      }
    }
    expect(turns.saved).toMatchObject([
      { answer: '', sources: [{ number: 1, isCited: false }, { number: 2 }, { number: 3 }] },
      { answer: 'one two ', sources: null },
      { answer: 'one two [1]half', sources: [{ number: 1, isCited: true, id: cited }, { number: 2 }, { number: 3 }] },
    ])
    clock.advance(60_000)
    expect(turns.saved).toHaveLength(3)
  })

  it('goes on when a save in between fails, and ends as ever', async () => {
    const { answers, turns, log } = setUp([])
    const streamAnswer = createStreamAnswer({
      answers,
      stages: [find, write],
      conversations: {
        ...turns,
        saveProgress() {
          throw new AppError('storage-full', 'The disk is full. Make room, then ask again.', { retryable: true })
        },
      },
      collections: noCollections,
      documents: noBoxes,
      clock: createManualClock(),
      log,
      onTurn: () => undefined,
    })
    expect((await all(streamAnswer)).at(-1)).toMatchObject({ type: 'stop', result: { answer: 'Yes [1].' } })
    expect(log.lines.join('\n')).toContain('could not be saved while it is written')
  })

  it('keeps it also when the consumer just goes away', async () => {
    const { streamAnswer, turns, answers } = setUp([find, hang])
    for await (const event of streamAnswer(sampleRequest(), {
      signal: new AbortController().signal,
      frontEnd: 'test',
    })) {
      if (event.type === 'token') break
    }
    expect(onlyAnswer(turns)).toMatchObject({ answer: 'half', finishReason: 'aborted' })
    expect(answers.count).toBe(0)
  })

  it('ends a failure with its sentence and what was there until then', async () => {
    const { streamAnswer, turns, answers } = setUp([
      find,
      {
        name: 'generate',
        async *run() {
          yield { type: 'token', text: 'part' }
          throw new AppError('generation-failed', 'The model server broke off. Ask again.', { retryable: true })
        },
      },
    ])
    const last = (await all(streamAnswer)).at(-1)
    expect(last).toMatchObject({
      type: 'failure',
      error: { code: 'generation-failed' },
      result: { answer: 'part', finishReason: 'error' },
    })
    expect(onlyAnswer(turns)).toMatchObject({
      answer: 'part',
      finishReason: 'error',
      error: { code: 'generation-failed' },
      sources: { length: 3 },
    })
    expect(answers.count).toBe(0)
  })

  it('still gives text and sources when the records refuse the answer, and says so', async () => {
    const { answers, turns, log } = setUp([])
    const streamAnswer = createStreamAnswer({
      answers,
      stages: [find, write],
      conversations: {
        ...turns,
        finishTurn() {
          throw new AppError('storage-full', 'The disk is full. Make room, then ask again.', { retryable: true })
        },
      },
      collections: noCollections,
      documents: noBoxes,
      clock: createManualClock(),
      log,
      onTurn: () => undefined,
    })
    expect((await all(streamAnswer)).at(-1)).toMatchObject({
      type: 'failure',
      error: { code: 'storage-full' },
      result: { answer: 'Yes [1].', sources: { length: 3 } },
    })
    expect(answers.count).toBe(0)
  })

  it.each(['boxes', 'remember', 'onTurn'] as const)('ends and stores the answer although %s fails', async (what) => {
    const { answers, turns, log } = setUp([])
    const fail = (): never => {
      throw new AppError('storage-corrupt', 'The library is damaged. Start Carrel again.')
    }
    const streamAnswer = createStreamAnswer({
      answers,
      stages: [find, write],
      conversations: what === 'remember' ? { ...turns, remember: fail } : turns,
      collections: noCollections,
      documents: what === 'boxes' ? { boxes: fail } : noBoxes,
      clock: createManualClock(),
      log,
      onTurn: what === 'onTurn' ? fail : () => undefined,
    })
    const last = (await all(streamAnswer)).at(-1)
    if (what === 'remember') {
      expect(last).toMatchObject({ type: 'failure', error: { code: 'storage-corrupt' } })
      expect(onlyAnswer(turns)).toMatchObject({ finishReason: 'error', error: { code: 'storage-corrupt' } })
    } else {
      expect(last).toMatchObject({ type: 'stop', result: { answer: 'Yes [1].', sources: { length: 3 } } })
      expect(onlyAnswer(turns)).toMatchObject({ answer: 'Yes [1].', finishReason: 'stop', sources: { length: 3 } })
    }
    expect(log.lines.join('\n')).toMatch(/could not be|failed, storage-corrupt/)
    expect(answers.count).toBe(0)
  })

  it('still gives the partial text when it is stopped and the records refuse it', async () => {
    const { answers, turns, log } = setUp([])
    const streamAnswer = createStreamAnswer({
      answers,
      stages: [find, hang],
      conversations: {
        ...turns,
        finishTurn() {
          throw new AppError('storage-full', 'The disk is full. Make room, then ask again.', { retryable: true })
        },
      },
      collections: noCollections,
      documents: noBoxes,
      clock: createManualClock(),
      log,
      onTurn: () => undefined,
    })
    const controller = new AbortController()
    const events: AnswerEvent[] = []
    for await (const event of streamAnswer(sampleRequest(), { signal: controller.signal, frontEnd: 'test' })) {
      events.push(event)
      if (event.type === 'token') setImmediate(() => controller.abort())
    }
    expect(events.at(-1)).toMatchObject({
      type: 'failure',
      error: { code: 'storage-full' },
      result: { answer: 'half', finishReason: 'aborted', sources: { length: 3 } },
    })
    expect(answers.count).toBe(0)
  })

  it('lets a consumer go in peace when nothing can be stored any more', async () => {
    const { answers, turns, log } = setUp([])
    const streamAnswer = createStreamAnswer({
      answers,
      stages: [find, hang],
      conversations: {
        ...turns,
        finishTurn() {
          throw new AppError('storage-full', 'The disk is full. Make room, then ask again.', { retryable: true })
        },
      },
      collections: noCollections,
      documents: noBoxes,
      clock: createManualClock(),
      log,
      onTurn: () => undefined,
    })
    const iterator = streamAnswer(sampleRequest(), { signal: new AbortController().signal, frontEnd: 'test' })[
      Symbol.asyncIterator
    ]()
    await iterator.next()
    await expect(iterator.return?.()).resolves.toMatchObject({ done: true })
    expect(log.lines.join('\n')).toContain('could not be saved')
    expect(answers.count).toBe(0)
  })

  it.each([
    ['complete', [find, write]],
    ['failed', [find, broken]],
  ] as const)('is out of the registry as soon as its terminal event is there, %s', async (_name, stages) => {
    const { streamAnswer, answers } = setUp(stages)
    const iterator = streamAnswer(sampleRequest(), { signal: new AbortController().signal, frontEnd: 'test' })[
      Symbol.asyncIterator
    ]()
    let next = await iterator.next()
    while (next.done !== true && next.value.type !== 'stop' && next.value.type !== 'failure')
      next = await iterator.next()
    // The consumer never asks again, nor leaves.
    expect(answers.count).toBe(0)
    await answers.close()
  })

  it('refuses a second question of the same conversation before anything is written', async () => {
    const { streamAnswer, turns } = setUp([find, hang])
    const controller = new AbortController()
    const request = sampleRequest()
    const first = streamAnswer(request, { signal: controller.signal, frontEnd: 'test' })[Symbol.asyncIterator]()
    await first.next()
    await expect(
      streamAnswer(request, { signal: controller.signal, frontEnd: 'test' })[Symbol.asyncIterator]().next(),
    ).rejects.toMatchObject({ code: 'busy' })
    expect(turns.begun).toHaveLength(1)
    controller.abort()
    await first.next()
  })

  it('never writes words of question or documents into the ordinary log', async () => {
    const { streamAnswer, log } = setUp([find, write])
    await all(streamAnswer)
    const ordinary = log.lines.filter((line) => !line.includes('begins') && !line.includes('took'))
    expect(ordinary.length).toBeGreaterThan(0)
    for (const line of ordinary) expect(line).not.toMatch(/notice|Passage/)
  })
})
