// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from 'vitest'
import { streamingTurn, useConversations } from '../../../src/renderer/features/conversation/conversation-store.ts'
import { conversationIdSchema, type MessageId, messageIdSchema } from '../../../src/shared/ids.ts'
import type { UnnumberedStreamEvent } from '../../../src/shared/answer-stream.ts'
import { fakePassages } from '../../support/fake-library.ts'
import { createFakePageApi, type FakeAnswer, fakeConversation, type FakeWorld } from '../../support/fake-page-api.ts'

const messageId = messageIdSchema.parse('5d0c2c1e-6f0a-4f0e-9a57-1d1f3d2f4a10')
const stored = conversationIdSchema.parse('5d0c2c1e-6f0a-4f0e-9a57-1d1f3d2f4a01')
const usage = { promptTokens: null, answerTokens: null, stageMs: {}, leftOutPassageIds: [], context: null }
const turn = {
  questionId: messageId,
  answerId: messageId,
  question: 'old question',
  condensedQuestion: null,
  translatedQuestion: null,
  otherAnswerIds: [],
  askedAt: 1,
  answer: 'old answer',
  reasoning: '',
  mode: 'generated' as const,
  model: 'small',
  finishReason: 'stop' as const,
  error: null,
  sources: [],
  usage: null,
}

let world: FakeWorld
beforeEach(() => {
  const fake = createFakePageApi({ conversations: [fakeConversation(stored, 'Old', 1, [turn])] })
  world = fake.world
  Object.assign(window, { api: fake.api })
  useConversations.setState(useConversations.getInitialState(), true)
})

const state = () => useConversations.getState()
const turns = (id = state().currentId) => state().byId.get(id)?.turns ?? []
function asked(question = 'why?'): FakeAnswer {
  state().ask(question, { mode: 'auto' })
  const answer = world.answers.at(-1)
  if (answer === undefined) throw new Error('nothing was asked')
  return answer
}

describe('conversations', () => {
  it('shows the question at once and the answer as it comes', () => {
    const answer = asked()
    expect(turns().map(({ question }) => question)).toEqual(['why?'])
    answer.send(
      { type: 'passages', passages: [...fakePassages] },
      { type: 'token', text: 'Be' },
      { type: 'token', text: 'cause' },
    )
    expect(turns()[0]?.answer.text).toBe('Because')
    expect(turns()[0]?.answer.passages).toHaveLength(fakePassages.length)
  })

  it('goes on writing into its own conversation while another one is shown', async () => {
    const answer = asked()
    const first = state().currentId
    answer.send({ type: 'token', text: 'one ' })
    await state().open(stored)
    expect(turns().map(({ answer: view }) => view.text)).toEqual(['old answer'])
    answer.send({ type: 'token', text: 'two' })
    expect(turns()).toHaveLength(1)
    await state().open(first)
    expect(turns().map(({ answer: view }) => view.text)).toEqual(['one two'])
    expect(world.requests.filter(({ channel }) => channel === 'conversations:open')).toHaveLength(1)
  })

  it('stops the answer shown and waits for its terminal event', () => {
    const answer = asked()
    answer.send({ type: 'token', text: 'half' })
    state().stop()
    expect(answer.isAborted()).toBe(true)
    expect(turns()[0]?.isStopping).toBe(true)
    expect(streamingTurn(state().byId.get(state().currentId))).not.toBeNull()
    answer.send(
      { type: 'sources', sources: [] },
      { type: 'done', messageId, mode: 'generated', model: 'small', finishReason: 'aborted', usage },
    )
    expect(turns()[0]?.answer).toMatchObject({ state: 'stopped', text: 'half' })
  })

  const done = (id: MessageId, finishReason: 'stop' | 'aborted' = 'stop'): UnnumberedStreamEvent[] => [
    { type: 'sources', sources: [] },
    { type: 'done', messageId: id, mode: 'generated', model: 'small', finishReason, usage },
  ]

  it('searches the last question again in its place, and brings the other answer back', async () => {
    await state().open(stored)
    const [before] = turns()
    state().searchAgain(before?.key ?? '', 'better words', { mode: 'auto' })
    const answer = world.answers.at(-1)
    expect(answer?.request).toMatchObject({
      question: before?.question,
      condensedQuestion: 'better words',
      replaces: turn.answerId,
    })
    expect(turns()).toHaveLength(1)
    answer?.send({ type: 'token', text: 'new' }, ...done(messageId))
    expect(turns()[0]).toMatchObject({ answerId: messageId, otherAnswerIds: [turn.answerId], answer: { text: 'new' } })
    await state().showOther(turns()[0]?.key ?? '')
    expect(turns().map(({ answer: view }) => view.text)).toEqual(['old answer'])
  })

  it.each([
    ['stopped', done(messageId, 'aborted')],
    ['failed', [{ type: 'error', error: { code: 'generation-failed', message: '', retryable: true } }]],
  ] satisfies [string, UnnumberedStreamEvent[]][])(
    'keeps the earlier answer when the one in its place %s before anything was written',
    async (_name, events) => {
      await state().open(stored)
      const before = turns()
      state().searchAgain(before[0]?.key ?? '', 'better words', { mode: 'auto' })
      expect(turns()[0]?.answer.text).toBe('')
      world.answers.at(-1)?.send(...events)
      expect(turns()).toEqual(before)
    },
  )

  it('searches an older question again at the end', () => {
    asked('one').send({ type: 'token', text: '1' }, ...done(messageId))
    asked('two').send({ type: 'token', text: '2' }, ...done(messageId))
    state().searchAgain(turns()[0]?.key ?? '', 'the first', { mode: 'auto' })
    expect(world.answers.at(-1)?.request).toMatchObject({ question: 'one', condensedQuestion: 'the first' })
    expect(world.answers.at(-1)?.request.replaces).toBeUndefined()
    expect(turns().map(({ question }) => question)).toEqual(['one', 'two', 'one'])
  })

  it('does not ask twice at a time in one conversation, but does in two', () => {
    asked('one')
    state().ask('two', { mode: 'auto' })
    expect(world.answers).toHaveLength(1)
    state().startNew()
    asked('three')
    expect(world.answers.map(({ request }) => request.question)).toEqual(['one', 'three'])
    expect(new Set(world.answers.map(({ request }) => request.conversationId)).size).toBe(2)
  })

  it('ends an answer whose stream breaks its grammar, and closes it', () => {
    const answer = asked()
    answer.send(
      { type: 'token', text: 'a' },
      { type: 'done', messageId, mode: 'generated', model: null, finishReason: 'stop', usage },
    )
    expect(turns()[0]?.answer).toMatchObject({ state: 'failed', text: 'a', error: { code: 'internal' } })
    expect(answer.isAborted()).toBe(true)
  })

  it('says when a conversation cannot be opened, and opens it on the second try', async () => {
    world.failures['conversations:open'] = { code: 'storage-corrupt', message: '', retryable: false }
    await state().open(stored)
    expect(state().byId.get(stored)).toMatchObject({ state: 'failed', error: { code: 'storage-corrupt' } })
    world.failures = {}
    await state().open(stored)
    expect(state().byId.get(stored)?.state).toBe('ready')
  })

  it('a deleted conversation stops its answer and gives way to a new one', () => {
    const answer = asked()
    const id = state().currentId
    state().forget(id)
    expect(answer.isAborted()).toBe(true)
    expect(state().currentId).not.toBe(id)
    expect(state().byId.get(state().currentId)?.state).toBe('new')
  })
})
