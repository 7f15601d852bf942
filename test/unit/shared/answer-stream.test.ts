import { emptyCitationCheck } from '../../../src/shared/citation-check.ts'
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import {
  advanceStream,
  type AnswerResult,
  initialStreamState,
  toStreamEvents,
  type UnnumberedStreamEvent,
} from '../../../src/shared/answer-stream.ts'
import { conversationIdSchema, messageIdSchema } from '../../../src/shared/ids.ts'
import { sampleSource } from '../../support/sample-passage.ts'

const messageId = messageIdSchema.parse('00000000-0000-4000-8000-000000000001')
const usage = { promptTokens: null, answerTokens: null, stageMs: {}, leftOutPassageIds: [], context: null }
const failure = { code: 'generation-failed', message: 'It failed. Try again.', retryable: true } as const
const status: UnnumberedStreamEvent = { type: 'status', stage: 'retrieve', detail: {} }
const passages: UnnumberedStreamEvent = { type: 'passages', passages: [] }
const token: UnnumberedStreamEvent = { type: 'token', text: 'a' }
const reasoning: UnnumberedStreamEvent = { type: 'reasoning', text: 'b' }
const sources: UnnumberedStreamEvent = { type: 'sources', sources: [], check: emptyCitationCheck }
const done: UnnumberedStreamEvent = {
  type: 'done',
  messageId,
  mode: 'generated',
  model: 'm',
  finishReason: 'stop',
  usage,
}
const error: UnnumberedStreamEvent = { type: 'error', error: failure }
const all = [status, passages, token, reasoning, sources, done, error]

/** The grammar as the architecture writes it, one letter an event. */
const letters = new Map(all.map((event, index) => [event, 'sptrSDE'[index]]))
const grammar = /^[sp]*[str]*(?:SD|S?E)$/
const prefixes = /^[sp]*[str]*(?:S(?:D|E)?|E)?$/

function accepts(events: readonly UnnumberedStreamEvent[]): boolean {
  try {
    let state = initialStreamState
    events.forEach((event, sequence) => {
      state = advanceStream(state, { ...event, sequence })
    })
    return true
  } catch {
    return false
  }
}

describe('the grammar of the answer stream', () => {
  test.prop([fc.array(fc.constantFrom(...all), { maxLength: 12 })], { numRuns: 3000 })(
    'accepts exactly the beginnings that the written grammar allows',
    (events) => {
      const word = events.map((event) => letters.get(event)).join('')
      expect(accepts(events)).toBe(prefixes.test(word))
    },
  )

  it('ends at the terminal event and nowhere else', () => {
    for (const events of [[sources, done], [error], [status, passages, token, sources, error]]) {
      const word = events.map((event) => letters.get(event)).join('')
      expect(grammar.test(word)).toBe(true)
      expect(accepts([...events, token])).toBe(false)
    }
    expect(accepts([done])).toBe(false)
  })

  test.prop([fc.integer({ min: -3, max: 3 }).filter((gap) => gap !== 0)])(
    'refuses a gap or a repeat in the numbers',
    (gap) => {
      const first = advanceStream(initialStreamState, { ...status, sequence: 0 })
      expect(() => advanceStream(first, { ...token, sequence: 1 + gap })).toThrow(/was due/)
    },
  )
})

describe('splitting the terminal event', () => {
  const result: AnswerResult = {
    conversationId: conversationIdSchema.parse('00000000-0000-4000-8000-000000000002'),
    messageId,
    mode: 'generated',
    model: 'm',
    answer: 'text [1]',
    sources: [sampleSource(1)],
    check: emptyCitationCheck,
    finishReason: 'stop',
    usage,
  }

  it('always sends the sources before done, also when there are none', () => {
    expect(toStreamEvents({ type: 'stop', result }).map(({ type }) => type)).toEqual(['sources', 'done'])
    expect(toStreamEvents({ type: 'stop', result: { ...result, sources: [] } }).map(({ type }) => type)).toEqual([
      'sources',
      'done',
    ])
  })

  it('sends what was found before an error', () => {
    expect(toStreamEvents({ type: 'failure', error: failure, result }).map(({ type }) => type)).toEqual([
      'sources',
      'error',
    ])
    expect(
      toStreamEvents({ type: 'failure', error: failure, result: { ...result, sources: [] } }).map(({ type }) => type),
    ).toEqual(['error'])
  })
})
