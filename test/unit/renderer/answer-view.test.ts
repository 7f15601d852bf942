import { emptyCitationCheck } from '../../../src/shared/citation-check.ts'
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { findCited, sourceItems } from '../../../src/renderer/features/conversation/answer-sources.ts'
import {
  type AnswerView,
  answerViewFromTurn,
  emptyAnswerView,
  reduceAnswer,
} from '../../../src/renderer/features/conversation/answer-view.ts'
import {
  withoutPretendedMarks,
  withoutPrivateMarks,
} from '../../../src/renderer/features/conversation/citation-marks.ts'
import { type StreamEvent, type UnnumberedStreamEvent } from '../../../src/shared/answer-stream.ts'
import { turnSchema } from '../../../src/shared/conversation.ts'
import { messageIdSchema } from '../../../src/shared/ids.ts'
import { fakePassages } from '../../support/fake-library.ts'

const messageId = messageIdSchema.parse('5d0c2c1e-6f0a-4f0e-9a57-1d1f3d2f4a10')
const usage = { promptTokens: 1, answerTokens: 2, stageMs: {}, leftOutPassageIds: [], context: null }
const sources = fakePassages.map((passage, index) => ({
  ...passage,
  number: index + 1,
  isCited: index < 2,
  boxes: [],
  claims: [],
}))

const status: fc.Arbitrary<UnnumberedStreamEvent> = fc.record({
  type: fc.constant('status' as const),
  stage: fc.constantFrom(
    'condense' as const,
    'retrieve' as const,
    'load' as const,
    'generate' as const,
    'check' as const,
  ),
  detail: fc.constantFrom(
    {},
    { documentCount: 3 },
    { condensedQuestion: 'whole?' },
    { mode: 'quotes' as const },
    { model: 'small' },
  ),
})
const passages: fc.Arbitrary<UnnumberedStreamEvent> = fc.constant({ type: 'passages', passages: [...fakePassages] })
const token: fc.Arbitrary<UnnumberedStreamEvent> = fc
  .tuple(
    fc.string({ unit: fc.constantFrom('a', ' ', '通', '[1]', '[2]', '*', '\uE000') }),
    fc.boolean(),
    fc.option(fc.nat({ max: 4 })),
  )
  .map(([text, isAdded, cited]) => {
    const passage = cited === null ? undefined : fakePassages[cited]
    return {
      type: 'token',
      text,
      ...(isAdded ? { addedBy: 'carrel' as const } : {}),
      ...(passage === undefined ? {} : { citations: [{ number: (cited ?? 0) + 1, passageId: passage.id }] }),
    }
  })
const reasoning: fc.Arbitrary<UnnumberedStreamEvent> = fc.string().map((text) => ({ type: 'reasoning', text }))
const done = (finishReason: 'stop' | 'length' | 'aborted'): UnnumberedStreamEvent => ({
  type: 'done',
  messageId,
  mode: 'generated',
  model: 'small',
  finishReason,
  usage,
})
const error: UnnumberedStreamEvent = {
  type: 'error',
  error: { code: 'generation-failed', message: 'x', retryable: true },
}
const finalSources: UnnumberedStreamEvent = { type: 'sources', sources, check: emptyCitationCheck }
const terminal: fc.Arbitrary<readonly UnnumberedStreamEvent[]> = fc.constantFrom(
  [finalSources, done('stop')],
  [finalSources, done('length')],
  [finalSources, done('aborted')],
  [finalSources, error],
  [error],
)

const number = (events: readonly UnnumberedStreamEvent[]): StreamEvent[] =>
  events.map((event, sequence) => ({ ...event, sequence }))

/** Any stream that the grammar allows. */
const stream = fc
  .tuple(fc.array(fc.oneof(status, passages)), fc.array(fc.oneof(status, token, reasoning)), terminal)
  .map(([gathering, writing, end]) => number([...gathering, ...writing, ...end]))

const reduceAll = (events: readonly StreamEvent[]): AnswerView =>
  events.reduce((view, event, index) => reduceAnswer(view, event, index * 10), emptyAnswerView)

describe('reduceAnswer', () => {
  test.prop([stream])('keeps every character, once, and ends in the state the terminal event says', (events) => {
    const view = reduceAll(events)
    const sent = events.map((event) => (event.type === 'token' ? event.text : '')).join('')
    expect(withoutPrivateMarks(view.text)).toBe(withoutPretendedMarks(sent))
    expect(view.reasoning).toBe(events.map((event) => (event.type === 'reasoning' ? event.text : '')).join(''))
    const last = events.at(-1)
    expect(view.state).toBe(
      last?.type === 'error'
        ? 'failed'
        : last?.type === 'done' && last.finishReason === 'aborted'
          ? 'stopped'
          : 'complete',
    )
  })

  test.prop([stream])('streams until the terminal event and never changes a view it gave out', (events) => {
    let view = emptyAnswerView
    for (const event of events.slice(0, -1)) {
      const before = structuredClone(view)
      const next = reduceAnswer(view, event, 1)
      expect(view).toEqual(before)
      expect(next.state).toBe('streaming')
      expect(next.text.startsWith(view.text)).toBe(true)
      view = next
    }
  })

  test.prop([stream])('passages stay as cards until the final sources take their place', (events) => {
    const withSources = events.some((event) => event.type === 'sources')
    const items = sourceItems(reduceAll(events))
    const found = events.some((event) => event.type === 'passages')
    expect(items.length).toBe(withSources || found ? fakePassages.length : 0)
    if (withSources) expect(items.map((item) => item.number)).toEqual(sources.map((source) => source.number))
  })

  test.prop([stream])('every citation that was announced can be opened while it streams', (events) => {
    let view = emptyAnswerView
    for (const event of events) {
      view = reduceAnswer(view, event, 1)
      if (view.passages.length === 0 || view.sources !== null) continue
      for (const [cited, passageId] of view.citations) {
        const items = sourceItems(view)
        const at = findCited(items, cited)
        expect(at).toBeDefined()
        expect(items[at ?? -1]?.passage.id).toBe(passageId)
      }
    }
  })

  it('refuses a gap, and anything after the end', () => {
    const [first, second] = number([{ type: 'reasoning', text: 'a' }, error])
    if (first === undefined || second === undefined) throw new Error('two events were made')
    expect(() => reduceAnswer(emptyAnswerView, second, 0)).toThrow('where 0 was due')
    const ended = reduceAnswer(reduceAnswer(emptyAnswerView, first, 0), second, 0)
    expect(() => reduceAnswer(ended, { ...first, sequence: 2 }, 0)).toThrow('after the terminal event')
  })

  it('tells a mark of Carrel’s own from one that the text only pretends to be', () => {
    const view = reduceAll(
      number([
        { type: 'token', text: 'x [\uE0001]' },
        { type: 'token', text: ' [2]', addedBy: 'carrel' },
        finalSources,
        done('stop'),
      ]),
    )
    expect(view.text).toBe('x [\uFFFD1] [\uE0002]')
  })
})

describe('answerViewFromTurn', () => {
  const turn = turnSchema.parse({
    questionId: messageId,
    answerId: messageId,
    question: 'q',
    condensedQuestion: null,
    translatedQuestion: null,
    scope: null,
    otherAnswerIds: [],
    askedAt: 1,
    answer: 'partial [1]',
    reasoning: '',
    mode: 'generated',
    model: 'small',
    finishReason: null,
    error: null,
    sources,
    usage: null,
  })

  it.each([
    [null, 'stopped'],
    ['aborted', 'stopped'],
    ['stop', 'complete'],
    ['length', 'complete'],
    ['error', 'failed'],
  ] as const)('an answer that ended by %s shows as %s, with its text and sources', (finishReason, state) => {
    const view = answerViewFromTurn({ ...turn, finishReason })
    expect(view.state).toBe(state)
    expect(view.text).toBe('partial [1]')
    expect(sourceItems(view)).toHaveLength(sources.length)
  })
})

it('keeps why a search went by keywords alone, while it streams and when it is stored', () => {
  const keywordsOnly = { code: 'embedding-model-missing' as const, message: 'It is missing.', retryable: false }
  const told = reduceAnswer(
    emptyAnswerView,
    { type: 'status', sequence: 0, stage: 'retrieve', detail: { keywordsOnly } },
    0,
  )
  expect(told.keywordsOnly).toEqual(keywordsOnly)
  const stored = turnSchema.parse({
    questionId: messageId,
    answerId: messageId,
    question: 'q',
    condensedQuestion: null,
    translatedQuestion: null,
    askedAt: 0,
    scope: null,
    otherAnswerIds: [],
    answer: 'a',
    reasoning: '',
    mode: 'quotes',
    model: null,
    finishReason: 'stop',
    error: null,
    sources: [],
    usage: { ...usage, keywordsOnly },
  })
  expect(answerViewFromTurn(stored).keywordsOnly).toEqual(keywordsOnly)
})
