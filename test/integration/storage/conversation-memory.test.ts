import { emptyCitationCheck } from '../../../src/shared/citation-check.ts'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createConversationMemory } from '../../../src/main/answer/conversation-memory.ts'
import type { ConversationStore, FinishedAnswer } from '../../../src/main/ports/conversation-store.ts'
import { rememberedTurns } from '../../../src/shared/conversation.ts'
import { type ConversationId, conversationIdSchema, type MessageId } from '../../../src/shared/ids.ts'
import { openDatabase } from '../../../src/main/storage/database.ts'
import { sampleSource } from '../../support/sample-passage.ts'
import { collectingLog, openTestStorage, temporaryFolder } from './storage-fixture.ts'

const newId = () => conversationIdSchema.parse(crypto.randomUUID())

const finished = (answer: string, overrides: Partial<FinishedAnswer> = {}): FinishedAnswer => ({
  condensedQuestion: null,
  translatedQuestion: null,
  answer,
  reasoning: '',
  mode: 'generated',
  model: 'tiny:1b',
  finishReason: 'stop',
  error: null,
  sources: [sampleSource(1)],
  check: emptyCitationCheck,
  usage: { promptTokens: 10, answerTokens: 2, stageMs: {}, leftOutPassageIds: [], context: null },
  ...overrides,
})

describe('what a conversation remembers', () => {
  test('finished turns in order, with their sources; not the one being written', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const { conversations } = storage
    const id = newId()
    expect(conversations.remember(id)).toEqual({ summary: null, summarisedTurns: 0, turns: [], olderTurns: 0 })
    const first = conversations.beginTurn({ conversationId: id, question: 'one' })
    conversations.finishTurn(first.answerId, finished('1 [1]'))
    const second = conversations.beginTurn({ conversationId: id, question: 'two' })
    expect(conversations.rememberTurn(second.answerId)).toBeNull()
    expect(conversations.remember(id)).toEqual({
      summary: null,
      summarisedTurns: 0,
      olderTurns: 0,
      turns: [
        {
          answerId: first.answerId,
          question: 'one',
          condensedQuestion: null,
          answer: '1 [1]',
          mode: 'generated',
          finishReason: 'stop',
          sources: [sampleSource(1)],
        },
      ],
    })
    conversations.finishTurn(second.answerId, finished('half', { finishReason: 'aborted' }))
    expect(conversations.remember(id).turns.map(({ answer, finishReason }) => [answer, finishReason])).toEqual([
      ['1 [1]', 'stop'],
      ['half', 'aborted'],
    ])
  })

  test('a summary takes the place of the turns it covers', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const memory = createConversationMemory(storage.conversations, { capacity: 2 })
    const id = newId()
    const answerIds = ['one', 'two', 'three'].map((question) => {
      const { answerId } = memory.beginTurn({ conversationId: id, question })
      memory.finishTurn(answerId, finished(question))
      return answerId
    })
    memory.remember(id)
    const [, second] = answerIds
    if (second === undefined) throw new Error('three turns were asked')
    expect(memory.saveSummary(newId(), { summary: 'of another one', until: second })).toBe(false)
    expect(memory.saveSummary(id, { summary: 'One, then two.', until: second })).toBe(true)
    for (const store of [memory, storage.conversations]) {
      expect(store.remember(id)).toMatchObject({
        summary: 'One, then two.',
        summarisedTurns: 2,
        turns: [{ question: 'three' }],
        olderTurns: 0,
      })
    }
  })

  test('a summary is forgotten when a turn that it covers is asked again, and kept when a later one is', async () => {
    await using folder = await temporaryFolder()
    const id = newId()
    {
      await using storage = await openTestStorage(folder.path)
      const { conversations } = storage
      const answerIds = ['one', 'two', 'three'].map((question) => {
        const { answerId } = conversations.beginTurn({ conversationId: id, question })
        conversations.finishTurn(answerId, finished(question))
        return answerId
      })
      const [, second] = answerIds
      if (second === undefined) throw new Error('three turns were asked')
      conversations.saveSummary(id, { summary: 'One, then two.', until: second })
    }
    const replace = (question: string): void => {
      using database = openDatabase(join(folder.path, 'carrel.sqlite'), { isReadOnly: false, log: collectingLog() })
      database.run('UPDATE turn SET replaced_by = (SELECT max(key) FROM turn) WHERE question = ?', [question])
    }
    replace('three')
    {
      await using storage = await openTestStorage(folder.path)
      expect(storage.conversations.remember(id)).toMatchObject({ summary: 'One, then two.', turns: [] })
    }
    replace('one')
    await using storage = await openTestStorage(folder.path)
    expect(storage.conversations.remember(id)).toMatchObject({
      summary: null,
      summarisedTurns: 0,
      turns: [{ question: 'two' }],
    })
  })

  test('the latest turns where there are many', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const memory = createConversationMemory(storage.conversations, { capacity: 2 })
    const id = newId()
    for (let turn = 0; turn < rememberedTurns + 3; turn += 1) {
      memory.remember(id)
      memory.finishTurn(
        memory.beginTurn({ conversationId: id, question: `q${turn}` }).answerId,
        finished(`a${turn}`, { sources: [] }),
      )
    }
    expect(memory.remember(id)).toEqual(storage.conversations.remember(id))
    expect(memory.remember(id).turns).toHaveLength(rememberedTurns)
    expect(memory.remember(id).turns[0]?.question).toBe('q3')
    expect(memory.remember(id).olderTurns).toBe(3)
  })
})

type Step =
  | {
      readonly type: 'again' | 'begin' | 'choose' | 'remember' | 'delete' | 'restore' | 'for-ever' | 'rename'
      readonly conversation: number
    }
  | { readonly type: 'finish'; readonly which: number; readonly answer: string }
  | { readonly type: 'progress'; readonly which: number; readonly answer: string }
  | { readonly type: 'summarise'; readonly conversation: number; readonly which: number }
  | { readonly type: 'recover' }

const conversation = fc.nat({ max: 3 })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('begin' as const), conversation }) },
  { weight: 5, arbitrary: fc.record({ type: fc.constant('remember' as const), conversation }) },
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('finish' as const), which: fc.nat({ max: 5 }), answer: fc.string() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('progress' as const), which: fc.nat({ max: 5 }), answer: fc.string() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('summarise' as const), conversation, which: fc.nat({ max: 5 }) }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom('again', 'choose'), conversation }) },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constantFrom('delete', 'restore', 'for-ever', 'rename'), conversation }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('recover' as const) }) },
)

describe('the cache', () => {
  test('gives what the store would give, over any sequence of turns, edits and deletions', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const store = storage.conversations
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 3 }), (steps, capacity) => {
        const memory: ConversationStore = createConversationMemory(store, { capacity })
        const ids = [newId(), newId(), newId(), newId()]
        const idOf = (index: number) => ids[index] ?? newId()
        const open: MessageId[] = []
        const isDeleted = (id: ConversationId) => store.deleted().some((deleted) => deleted.id === id)
        for (const next of steps) {
          if (next.type === 'begin') {
            if (!isDeleted(idOf(next.conversation)))
              open.push(memory.beginTurn({ conversationId: idOf(next.conversation), question: 'q' }).answerId)
          } else if (next.type === 'again' || next.type === 'choose') {
            const conversationId = idOf(next.conversation)
            const last =
              store.summary(conversationId) === null
                ? undefined
                : store.turns(conversationId, { at: 'newest', limit: 1 }).turns.at(-1)
            const [other] = last?.otherAnswerIds ?? []
            if (next.type === 'choose') {
              if (other !== undefined) memory.chooseAnswer(other)
            } else if (last !== undefined && last.finishReason !== null) {
              open.push(memory.beginTurn({ conversationId, question: 'q', replaces: last.answerId }).answerId)
            }
          } else if (next.type === 'finish') {
            const [answerId] = open.splice(next.which, 1)
            if (answerId !== undefined) memory.finishTurn(answerId, finished(next.answer))
          } else if (next.type === 'progress') {
            const answerId = open[next.which]
            if (answerId !== undefined)
              memory.saveProgress(answerId, { ...finished(next.answer), sources: [sampleSource(1)] })
          } else if (next.type === 'summarise') {
            const id = idOf(next.conversation)
            const { turns } = store.remember(id)
            const turn = turns[next.which % Math.max(1, turns.length)]
            if (turn !== undefined) memory.saveSummary(id, { summary: 'so far', until: turn.answerId })
          } else if (next.type === 'recover') {
            memory.recover()
            open.length = 0
          } else if (next.type === 'delete') {
            memory.delete(idOf(next.conversation))
          } else if (next.type === 'restore') {
            if (isDeleted(idOf(next.conversation))) memory.restore(idOf(next.conversation))
          } else if (next.type === 'for-ever') {
            memory.deleteForEver(idOf(next.conversation))
            while (memory.tidy()) continue
          } else if (next.type === 'rename') {
            const id = idOf(next.conversation)
            if (memory.summary(id) !== null) memory.rename(id, 'name')
          }
          for (const id of ids)
            if (next.type !== 'remember' || id === idOf(next.conversation)) {
              expect(memory.remember(id)).toEqual(store.remember(id))
            }
        }
      }),
      { numRuns: 60 },
    )
  })

  test('a conversation used lately is read from the store once', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    let reads = 0
    const memory = createConversationMemory(
      {
        ...storage.conversations,
        remember(id) {
          reads += 1
          return storage.conversations.remember(id)
        },
      },
      { capacity: 1 },
    )
    const [id, other] = [newId(), newId()]
    memory.remember(id)
    memory.finishTurn(memory.beginTurn({ conversationId: id, question: 'one' }).answerId, finished('1'))
    expect(memory.remember(id).turns).toHaveLength(1)
    expect(reads).toBe(1)
    memory.remember(other)
    memory.remember(id)
    expect(reads).toBe(3)
  })
})
