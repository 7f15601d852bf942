import { describe, expect, test } from 'vitest'
import type { FinishedAnswer } from '../../../src/main/ports/conversation-store.ts'
import {
  documentIdSchema,
  chunkIdSchema,
  type ConversationId,
  conversationIdSchema,
  messageIdSchema,
} from '../../../src/shared/ids.ts'
import type { Storage } from '../../../src/main/storage/open-storage.ts'
import type { Source } from '../../../src/shared/passage.ts'
import { openDatabase } from '../../../src/main/storage/database.ts'
import { join } from 'node:path'
import {
  collectingLog,
  openTestStorage,
  readConversation,
  readFileInto,
  sha256,
  steppedClock,
  temporaryFolder,
} from './storage-fixture.ts'

const newId = () => conversationIdSchema.parse(crypto.randomUUID())

const source: Source = {
  id: chunkIdSchema.parse('0123456789abcdef-3'),
  documentId: documentIdSchema.parse(sha256('gone')),
  documentName: 'gone.pdf',
  title: null,
  path: '/gone.pdf',
  kind: 'pdf',
  parserVersion: 3,
  page: 2,
  lastPage: 2,
  headingPath: ['A', 'B'],
  start: 5,
  end: 9,
  text: 'text',
  language: 'en',
  rank: 1,
  score: 0.9,
  vectorRank: 1,
  keywordRank: null,
  modifiedAt: null,
  versions: [],
  number: 1,
  isCited: true,
  boxes: [{ page: 2, x: 1.5, y: 2, width: 3, height: 4 }],
  claims: [
    {
      start: 0,
      end: 13,
      finding: 'differs',
      differences: [{ kind: 'number', claimed: '30', found: null }],
      numbers: 1,
      names: 0,
      carriedBy: [{ start: 5, end: 9 }],
      boxes: [{ page: 2, x: 1.5, y: 2, width: 3, height: 4 }],
    },
  ],
}

const finished: FinishedAnswer = {
  condensedQuestion: 'What is it?',
  translatedQuestion: '它是什么？',
  answer: 'It is so [1].',
  reasoning: 'thinking',
  mode: 'generated',
  model: 'tiny:1b',
  finishReason: 'error',
  error: { code: 'generation-failed', message: 'The model stopped. Try again.', retryable: true },
  sources: [source, { ...source, number: 2, isCited: false }],
  check: { addedMarks: [9], uncited: [{ start: 14, end: 20 }], droppedMarks: 1 },
  usage: {
    promptTokens: 10,
    answerTokens: null,
    stageMs: { retrieve: 12.5 },
    leftOutPassageIds: ['0123456789abcdef-9'],
    context: null,
  },
}

describe('conversations', () => {
  test('a turn is written at once and finished once, with its evidence', async () => {
    await using folder = await temporaryFolder()
    const id = newId()
    {
      await using storage = await openTestStorage(folder.path)
      const { answerId } = storage.conversations.beginTurn({ conversationId: id, question: '  What\n is   it? ' })
      expect(readConversation(storage, id)).toMatchObject({
        title: 'What is it?',
        turnCount: 1,
        turns: [{ finishReason: null, answer: '', usage: null }],
      })
      storage.conversations.finishTurn(answerId, finished)
    }
    await using storage = await openTestStorage(folder.path)
    const [turn] = readConversation(storage, id).turns
    expect(turn).toMatchObject({ ...finished, question: '  What\n is   it? ' })
    expect(storage.conversations.recover()).toBe(0)
  })

  test('long titles are cut between characters', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const id = newId()
    storage.conversations.beginTurn({ conversationId: id, question: '😀'.repeat(100) })
    expect(storage.conversations.summary(id)?.title).toBe(`${'😀'.repeat(79)}…`)
  })

  test('the latest comes first; turns come in order', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path, { clock: steppedClock() })
    const [first, second] = [newId(), newId()]
    storage.conversations.beginTurn({ conversationId: first, question: 'one' })
    storage.conversations.beginTurn({ conversationId: second, question: 'two' })
    storage.conversations.beginTurn({ conversationId: first, question: 'three' })
    const { total, conversations } = storage.conversations.list({ offset: 0, limit: 1 })
    expect(total).toBe(2)
    expect(conversations).toMatchObject([{ id: first, title: 'one', turnCount: 2 }])
    expect(storage.conversations.list({ offset: 1, limit: 5 }).conversations.map(({ id }) => id)).toEqual([second])
    expect(readConversation(storage, first).turns.map(({ question }) => question)).toEqual(['one', 'three'])
  })

  test('rename, delete, and what is unknown', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const id = newId()
    const { answerId } = storage.conversations.beginTurn({ conversationId: id, question: 'one' })
    storage.conversations.rename(id, 'Another name')
    expect(storage.conversations.summary(id)?.title).toBe('Another name')
    storage.conversations.delete(id)
    storage.conversations.finishTurn(answerId, finished)
    expect(storage.conversations.summary(id)).toBeNull()
    expect(() => readConversation(storage, id)).toThrow(expect.objectContaining({ code: 'not-found' }))
    expect(() => storage.conversations.rename(id, 'x')).toThrow(expect.objectContaining({ code: 'not-found' }))
    storage.conversations.delete(id)
    storage.conversations.finishTurn(messageIdSchema.parse(crypto.randomUUID()), finished)
    expect((await storage.verify()).problems).toEqual([])
  })

  test('evidence outlives its document', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const { documentId, documentKey } = readFileInto(storage, { path: '/a.txt', paragraphs: ['text'] })
    const id = newId()
    storage.conversations.finishTurn(storage.conversations.beginTurn({ conversationId: id, question: 'q' }).answerId, {
      ...finished,
      sources: [{ ...source, documentId }],
    })
    storage.documents.remove([documentId])
    while (!storage.documents.purgeRemoved([documentKey])) continue
    expect(readConversation(storage, id).turns[0]?.sources[0]?.text).toBe('text')
  })
})

describe('settings', () => {
  test('have defaults, are kept one by one, and survive a damaged value', async () => {
    await using folder = await temporaryFolder()
    {
      await using storage = await openTestStorage(folder.path)
      expect(storage.settings.get()).toMatchObject({ language: 'system', model: null, contextTokens: 8192 })
      expect(storage.settings.set({ language: 'zh-CN', model: 'tiny:1b' })).toMatchObject({
        language: 'zh-CN',
        model: 'tiny:1b',
        theme: 'system',
      })
      storage.settings.set({ theme: 'dark' })
    }
    {
      using database = openDatabase(join(folder.path, 'carrel.sqlite'), { isReadOnly: false, log: collectingLog() })
      database.script(
        "UPDATE setting SET value = '{broken' WHERE name = 'language'; UPDATE setting SET value = '-5' WHERE name = 'contextTokens'",
      )
    }
    const log = collectingLog()
    await using storage = await openTestStorage(folder.path, { log })
    expect(storage.settings.get()).toMatchObject({
      language: 'system',
      theme: 'dark',
      model: 'tiny:1b',
      contextTokens: 8192,
    })
    expect(log.lines.join()).toContain('the setting language could not be read')
  })
})

describe('asking again', () => {
  const finishedWith = (answer: string): FinishedAnswer => ({ ...finished, answer, finishReason: 'stop', error: null })

  async function twoTurns(storage: Storage) {
    const { conversations } = storage
    const conversationId = newId()
    const first = conversations.beginTurn({ conversationId, question: 'first?' })
    conversations.finishTurn(first.answerId, finishedWith('one'))
    const second = conversations.beginTurn({ conversationId, question: 'second?' })
    conversations.finishTurn(second.answerId, finishedWith('two'))
    return { conversations, conversationId, first, second }
  }
  const answers = (conversations: Storage['conversations'], id: ConversationId) =>
    readConversation({ conversations }, id).turns.map(({ answer }) => answer)

  test('puts the new answer in place of the last one, keeps that, and brings it back', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const { conversations, conversationId, second } = await twoTurns(storage)
    const again = conversations.beginTurn({ conversationId, question: 'second?', replaces: second.answerId })
    // While it is written, the earlier one stands.
    expect(answers(conversations, conversationId)).toEqual(['one', 'two'])
    conversations.finishTurn(again.answerId, finishedWith('two, better'))
    expect(answers(conversations, conversationId)).toEqual(['one', 'two, better'])
    expect(conversations.remember(conversationId).turns.map(({ answer }) => answer)).toEqual(['one', 'two, better'])
    expect(conversations.summary(conversationId)?.turnCount).toBe(2)
    expect(readConversation({ conversations }, conversationId).turns[1]?.otherAnswerIds).toEqual([second.answerId])
    const third = conversations.beginTurn({ conversationId, question: 'second?', replaces: again.answerId })
    conversations.finishTurn(third.answerId, finishedWith('two, best'))
    expect(conversations.chooseAnswer(second.answerId)).toMatchObject({
      answer: 'two',
      otherAnswerIds: [again.answerId, third.answerId],
    })
    expect(answers(conversations, conversationId)).toEqual(['one', 'two'])
    expect(conversations.remember(conversationId).turns.map(({ answer }) => answer)).toEqual(['one', 'two'])
  })

  test('loses nothing when nothing was written, or in a crash', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const { conversations, conversationId, second } = await twoTurns(storage)
    const stopped = conversations.beginTurn({ conversationId, question: 'second?', replaces: second.answerId })
    conversations.finishTurn(stopped.answerId, { ...finishedWith(''), finishReason: 'aborted' })
    conversations.beginTurn({ conversationId, question: 'second?', replaces: second.answerId })
    expect(conversations.recover()).toBe(1)
    expect(answers(conversations, conversationId)).toEqual(['one', 'two'])
    expect(readConversation({ conversations }, conversationId).turns[1]?.otherAnswerIds).toEqual([])
  })

  test('is refused for any but the last answer, with the next step', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const { conversations, conversationId, first, second } = await twoTurns(storage)
    const refused = { code: 'invalid-request', message: expect.stringContaining('Ask the question anew') }
    expect(() => conversations.beginTurn({ conversationId, question: 'x', replaces: first.answerId })).toThrow(
      expect.objectContaining(refused),
    )
    const again = conversations.beginTurn({ conversationId, question: 'second?', replaces: second.answerId })
    conversations.finishTurn(again.answerId, finishedWith('two, better'))
    const next = conversations.beginTurn({ conversationId, question: 'third?' })
    conversations.finishTurn(next.answerId, finishedWith('three'))
    expect(() => conversations.chooseAnswer(second.answerId)).toThrow(expect.objectContaining(refused))
    expect(answers(conversations, conversationId)).toEqual(['one', 'two, better', 'three'])
  })
})
