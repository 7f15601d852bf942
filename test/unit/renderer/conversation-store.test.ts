// @vitest-environment jsdom
import { emptyCitationCheck } from '../../../src/shared/citation-check.ts'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { useConversations } from '../../../src/renderer/features/conversation/conversation-store.ts'
import { streamingTurn } from '../../../src/renderer/features/conversation/turn-window.ts'
import { collectionIdSchema, conversationIdSchema, type MessageId, messageIdSchema } from '../../../src/shared/ids.ts'
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
  scope: null,
  otherAnswerIds: [],
  askedAt: 1,
  answer: 'old answer',
  reasoning: '',
  mode: 'generated' as const,
  model: 'small',
  finishReason: 'stop' as const,
  error: null,
  sources: [],
  check: null,
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
  state().ask(question, { mode: 'auto', basis: 'documents', scope: null })
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
    expect(world.requests.filter(({ channel }) => channel === 'conversations:turns')).toHaveLength(1)
  })

  it('stops the answer shown and waits for its terminal event', () => {
    const answer = asked()
    answer.send({ type: 'token', text: 'half' })
    state().stop()
    expect(answer.isAborted()).toBe(true)
    expect(turns()[0]?.isStopping).toBe(true)
    expect(streamingTurn(state().byId.get(state().currentId))).not.toBeNull()
    answer.send(
      { type: 'sources', sources: [], check: emptyCitationCheck },
      { type: 'done', messageId, mode: 'generated', model: 'small', finishReason: 'aborted', usage },
    )
    expect(turns()[0]?.answer).toMatchObject({ state: 'stopped', text: 'half' })
  })

  const done = (id: MessageId, finishReason: 'stop' | 'aborted' = 'stop'): UnnumberedStreamEvent[] => [
    { type: 'sources', sources: [], check: emptyCitationCheck },
    { type: 'done', messageId: id, mode: 'generated', model: 'small', finishReason, usage },
  ]

  it('searches the last question again in its place, and brings the other answer back', async () => {
    await state().open(stored)
    const [before] = turns()
    state().searchAgain(before?.key ?? '', 'better words', { mode: 'auto', basis: 'documents' })
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
      state().searchAgain(before[0]?.key ?? '', 'better words', { mode: 'auto', basis: 'documents' })
      expect(turns()[0]?.answer.text).toBe('')
      world.answers.at(-1)?.send(...events)
      expect(turns()).toEqual(before)
    },
  )

  it('searches an older question again at the end', () => {
    asked('one').send({ type: 'token', text: '1' }, ...done(messageId))
    asked('two').send({ type: 'token', text: '2' }, ...done(messageId))
    state().searchAgain(turns()[0]?.key ?? '', 'the first', { mode: 'auto', basis: 'documents' })
    expect(world.answers.at(-1)?.request).toMatchObject({ question: 'one', condensedQuestion: 'the first' })
    expect(world.answers.at(-1)?.request.replaces).toBeUndefined()
    expect(turns().map(({ question }) => question)).toEqual(['one', 'two', 'one'])
  })

  it('does not ask twice at a time in one conversation, but does in two', () => {
    asked('one')
    state().ask('two', { mode: 'auto', basis: 'documents', scope: null })
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
    world.failures['conversations:turns'] = { code: 'storage-corrupt', message: '', retryable: false }
    await state().open(stored)
    expect(state().byId.get(stored)).toMatchObject({ state: 'failed', error: { code: 'storage-corrupt' } })
    world.failures = {}
    await state().open(stored)
    expect(state().byId.get(stored)?.state).toBe('ready')
  })

  it('shows what another window asked in the same conversation, once it is answered, and keeps what was refused here', async () => {
    await state().open(stored)
    asked('meanwhile').send({
      type: 'error',
      error: { code: 'busy', message: '', retryable: true },
    })
    const other = { ...turn, answerId: messageIdSchema.parse(crypto.randomUUID()), question: 'from elsewhere' }
    world.conversations = [fakeConversation(stored, 'Old', 2, [turn, { ...other, finishReason: null }])]
    await state().catchUp(stored)
    expect(turns(stored).map(({ question }) => question)).toEqual(['old question', 'meanwhile'])
    world.conversations = [fakeConversation(stored, 'Old', 3, [turn, other])]
    await Promise.all([state().catchUp(stored), state().catchUp(stored)])
    expect(turns(stored).map(({ question }) => question)).toEqual(['old question', 'meanwhile', 'from elsewhere'])
    // Nothing new: nothing is replaced, so that what is open beside it stays.
    const before = turns(stored)
    await state().catchUp(stored)
    expect(turns(stored)).toBe(before)
  })

  it('a deleted conversation stops its answer and gives way to a new one', () => {
    const answer = asked()
    const id = state().currentId
    state().forget(id)
    expect(answer.isAborted()).toBe(true)
    expect(state().currentId).not.toBe(id)
    expect(state().byId.get(state().currentId)?.state).toBe('new')
  })

  describe('a long one', () => {
    const long = Array.from({ length: 130 }, (_, index) => ({
      ...turn,
      answerId: messageIdSchema.parse(`5d0c2c1e-6f0a-4f0e-9a57-${String(index + 1).padStart(12, '0')}`),
      question: `q${index + 1}`,
    }))
    const edges = () => [turns()[0]?.question, turns().at(-1)?.question]
    const view = () => state().byId.get(stored)
    beforeEach(() => {
      world.conversations = [fakeConversation(stored, 'Long', 1, long)]
    })

    it('is opened at its end and read page by page upwards; never more of it is kept than 80 turns', async () => {
      await state().open(stored)
      expect(edges()).toEqual(['q111', 'q130'])
      await Promise.all([state().loadMore('older'), state().loadMore('older')])
      expect(edges()).toEqual(['q91', 'q130'])
      await state().loadMore('newer')
      expect(edges()).toEqual(['q91', 'q130'])
      for (let page = 0; page < 10; page += 1) await state().loadMore('older')
      expect(edges()).toEqual(['q1', 'q80'])
      expect(view()).toMatchObject({ hasOlder: false, hasNewer: true })
      for (let page = 0; page < 10; page += 1) await state().loadMore('newer')
      expect(edges()).toEqual(['q51', 'q130'])
      expect(view()).toMatchObject({ hasOlder: true, hasNewer: false })
    })

    it('opens at a turn that was searched for, read from there or already shown', async () => {
      await state().open(stored, 10)
      expect(view()).toMatchObject({ sought: { key: 10 }, hasOlder: true, hasNewer: true })
      expect(edges()).toEqual(['q8', 'q27'])
      const requests = world.requests.length
      await state().open(stored, 12)
      expect(view()?.sought).toEqual({ key: 12 })
      expect(world.requests.slice(requests).filter(({ channel }) => channel === 'conversations:turns')).toEqual([])
    })

    it('a question is asked below the newest turn, wherever the reader is', async () => {
      await state().open(stored, 10)
      state().ask('and now?', { mode: 'auto', basis: 'documents', scope: null })
      await vi.waitFor(() => expect(edges()).toEqual(['q111', 'and now?']))
      expect(world.answers.map(({ request }) => request.question)).toEqual(['and now?'])
    })

    it('a page that cannot be read says so and can be asked for again', async () => {
      await state().open(stored)
      world.failures['conversations:turns'] = { code: 'storage-corrupt', message: '', retryable: false }
      await state().loadMore('older')
      expect(view()).toMatchObject({ state: 'ready', loading: null, hasOlder: true })
      world.failures = {}
      await state().loadMore('older')
      expect(edges()).toEqual(['q91', 'q130'])
    })
  })

  it('keeps only some conversations as they were read', async () => {
    const ids = Array.from({ length: 30 }, (_, index) =>
      conversationIdSchema.parse(`5d0c2c1e-6f0a-4f0e-9a57-${String(index + 1).padStart(12, '0')}`),
    )
    world.conversations = ids.map((id) => fakeConversation(id, 'One of many', 1, [turn]))
    const answer = asked('still being answered')
    const answering = state().currentId
    for (const id of ids) await state().open(id)
    expect(state().byId.size).toBeLessThan(15)
    answer.send({ type: 'token', text: 'goes on' })
    expect(state().byId.get(answering)?.turns[0]?.answer.text).toBe('goes on')
  })

  it('asks of what was chosen, says so with the turn, and goes on with it', () => {
    const id = collectionIdSchema.parse('5d0c2c1e-6f0a-4f0e-9a57-1d1f3d2f4b00')
    const scope = { collections: [{ id, name: 'Leases' }], documents: [], kinds: ['pdf' as const] }
    state().ask('In the leases?', { mode: 'auto', basis: 'documents', scope })
    expect(world.answers.at(-1)?.request.scope).toEqual({ collections: [id], documents: [], kinds: ['pdf'] })
    expect(turns().at(-1)?.scope).toEqual(scope)
    world.answers
      .at(-1)
      ?.send(
        { type: 'sources', sources: [], check: emptyCitationCheck },
        { type: 'done', messageId, mode: 'generated', model: null, finishReason: 'stop', usage },
      )
    state().startNew()
    state().ask('In everything?', { mode: 'auto', basis: 'documents', scope: null })
    expect(world.answers.at(-1)?.request.scope).toEqual({ collections: [], documents: [], kinds: [] })
  })
})
