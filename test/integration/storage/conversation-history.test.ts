import { emptyCitationCheck } from '../../../src/shared/citation-check.ts'
import { fork } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { FinishedAnswer } from '../../../src/main/ports/conversation-store.ts'
import { openDatabase } from '../../../src/main/storage/database.ts'
import { migrate } from '../../../src/main/storage/migrate.ts'
import { migrations } from '../../../src/main/storage/migrations/index.ts'
import type { Storage } from '../../../src/main/storage/open-storage.ts'
import { type ConversationId, conversationIdSchema } from '../../../src/shared/ids.ts'
import {
  collectingLog,
  never,
  openTestStorage,
  readConversation,
  steppedClock,
  temporaryFolder,
} from './storage-fixture.ts'

const idOf = (number: number): ConversationId =>
  conversationIdSchema.parse(`00000000-0000-4000-8000-${String(number).padStart(12, '0')}`)

function finishedAs(answer: string, over: Partial<FinishedAnswer> = {}): FinishedAnswer {
  return {
    condensedQuestion: null,
    translatedQuestion: null,
    answer,
    reasoning: '',
    mode: 'generated',
    model: 'tiny:1b',
    finishReason: 'stop',
    error: null,
    sources: [],
    check: emptyCitationCheck,
    usage: { promptTokens: null, answerTokens: null, stageMs: {}, leftOutPassageIds: [], context: null },
    ...over,
  }
}

/** @returns the key of the turn. */
function say(
  storage: Storage,
  id: ConversationId,
  question: string,
  answer: string,
  over: Partial<FinishedAnswer> = {},
): number {
  const { answerId } = storage.conversations.beginTurn({ conversationId: id, question })
  storage.conversations.finishTurn(answerId, finishedAs(answer, over))
  const turn = readConversation(storage, id).turns.at(-1)
  if (turn === undefined) throw new Error('the turn is not there')
  return turn.key
}

async function search(storage: Storage, query: string, beforeKey: number | null = null, limit = 20) {
  return storage.conversations.search({ query, beforeKey, limit }, { signal: never })
}
const questionsFound = async (storage: Storage, query: string) => {
  const { turns } = await search(storage, query)
  return turns.map(({ title }) => title)
}
/** What stands inside the marks. */
const marked = ({ text, marks }: { text: string; marks: readonly { start: number; end: number }[] }) =>
  marks.map(({ start, end }) => text.slice(start, end))

describe('search of conversations', () => {
  test('finds words by their beginnings, in questions and answers, in both languages, newest first', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    say(storage, idOf(1), 'When does the Lease end?', 'After ninety days of notice.')
    say(storage, idOf(2), '解除劳动合同要提前多久？', '须提前三十天以书面形式通知。')
    say(storage, idOf(3), '勞動契約何時生效？', '簽字之日起。')
    say(storage, idOf(4), 'Ｃａｆé opening hours', 'Open — NOTICE the sign, naïve reader. 公司租')

    expect(await questionsFound(storage, 'leas')).toEqual(['When does the Lease end?'])
    expect(await questionsFound(storage, 'NOTI')).toEqual(['Ｃａｆé opening hours', 'When does the Lease end?'])
    expect(await questionsFound(storage, 'noti nine')).toEqual(['When does the Lease end?'])
    expect(await questionsFound(storage, 'ease')).toEqual([])
    expect(await questionsFound(storage, 'cafe naive')).toEqual(['Ｃａｆé opening hours'])
    expect(await questionsFound(storage, '劳动')).toEqual(['勞動契約何時生效？', '解除劳动合同要提前多久？'])
    expect(await questionsFound(storage, '勞動合同')).toEqual(['解除劳动合同要提前多久？'])
    expect(await questionsFound(storage, '动提')).toEqual([])
    // One character: at the beginning, inside and at the end of a run.
    expect(await questionsFound(storage, '须')).toEqual(['解除劳动合同要提前多久？'])
    expect(await questionsFound(storage, '同')).toEqual(['解除劳动合同要提前多久？'])
    expect(await questionsFound(storage, '租')).toEqual(['Ｃａｆé opening hours'])
    expect(await questionsFound(storage, '合同 书面')).toEqual(['解除劳动合同要提前多久？'])
    for (const nothing of ['', '  ', '"', '*', '— …', 'NEAR(', 'notice AND', '\0'])
      expect((await search(storage, nothing)).turns.length).toBeLessThanOrEqual(2)
  })

  test('the excerpt stands around what was found, with marks on it and no mark-up of its own', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const long = `${'Padding words before. '.repeat(30)}The <b>Überlassung</b> of the
keys, 勞動\u0301合同 and 😀 ${'after it all. '.repeat(30)}`
    const key = say(storage, idOf(1), 'Keys?', long)
    const [hit] = (await search(storage, 'uber')).turns
    expect(hit).toMatchObject({ conversationId: idOf(1), key, part: 'answer', title: 'Keys?' })
    if (hit === undefined) throw new Error('nothing was found')
    expect(marked(hit.excerpt)).toEqual(['Über'])
    expect(hit.excerpt.text).toMatch(/^….*The <b>Überlassung<\/b> of the keys, .*…$/)
    expect(hit.excerpt.text.length).toBeLessThan(200)
    const [chinese] = (await search(storage, '劳动合')).turns
    expect(chinese && marked(chinese.excerpt)).toEqual(['勞動\u0301合'])
    const [asked] = (await search(storage, 'key')).turns
    expect(asked).toMatchObject({ part: 'question', excerpt: { text: 'Keys?', marks: [{ start: 0, end: 3 }] } })
  })

  test('pages go on where the last one ended', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    for (let number = 1; number <= 7; number += 1) say(storage, idOf(1), `rent ${number}`, '')
    const seen: string[] = []
    let beforeKey: number | null = null
    do {
      const page = await search(storage, 'rent', beforeKey, 3)
      seen.push(...page.turns.map(({ excerpt }) => excerpt.text))
      beforeKey = page.nextKey
    } while (beforeKey !== null)
    expect(seen).toEqual([7, 6, 5, 4, 3, 2, 1].map((number) => `rent ${number}`))
  })

  test('a title that a person gave is found; a deleted conversation and a replaced turn are not', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const replaced = say(storage, idOf(1), 'What about the deposit?', 'Twice the rent.')
    const later = say(storage, idOf(1), 'What about the pledge?', 'Twice the rent.')
    say(storage, idOf(2), 'deposit again', '')
    storage.conversations.rename(idOf(1), 'Kaution und Pfand')
    expect((await search(storage, 'kaut')).titles).toMatchObject([
      { conversation: { id: idOf(1), title: 'Kaution und Pfand' }, title: { marks: [{ start: 0, end: 4 }] } },
    ])
    expect((await search(storage, 'deposit')).titles).toEqual([])
    {
      using database = openDatabase(join(folder.path, 'carrel.sqlite'), { isReadOnly: false, log: collectingLog() })
      database.run('UPDATE turn SET replaced_by = ? WHERE key = ?', [later, replaced])
    }
    expect((await search(storage, 'deposit')).turns.map(({ conversationId }) => conversationId)).toEqual([idOf(2)])
    storage.conversations.delete(idOf(2))
    storage.conversations.delete(idOf(1))
    expect(await search(storage, 'deposit')).toMatchObject({ titles: [], turns: [] })
    expect((await search(storage, 'kaut')).titles).toEqual([])
    storage.conversations.restore(idOf(2))
    expect((await search(storage, 'deposit')).turns.map(({ conversationId }) => conversationId)).toEqual([idOf(2)])
  })
})

describe('deleting', () => {
  test('hides at once, keeps a stopped answer, and can be undone, also after a restart', async () => {
    await using folder = await temporaryFolder()
    const clock = steppedClock()
    {
      await using storage = await openTestStorage(folder.path, { clock })
      say(storage, idOf(1), 'one', 'first')
      const { answerId } = storage.conversations.beginTurn({ conversationId: idOf(1), question: 'two' })
      expect(storage.conversations.summary(idOf(1))?.state).toBe('answering')
      storage.conversations.delete(idOf(1))
      storage.conversations.finishTurn(answerId, finishedAs('half', { finishReason: 'aborted' }))
      expect(storage.conversations.summary(idOf(1))).toBeNull()
      expect(storage.conversations.list({ offset: 0, limit: 5 })).toEqual({ total: 0, conversations: [] })
      expect(() => readConversation(storage, idOf(1))).toThrow(expect.objectContaining({ code: 'not-found' }))
      expect(() => storage.conversations.rename(idOf(1), 'x')).toThrow(expect.objectContaining({ code: 'not-found' }))
      expect(() => storage.conversations.beginTurn({ conversationId: idOf(1), question: 'three' })).toThrow(
        expect.objectContaining({ code: 'not-found' }),
      )
    }
    await using storage = await openTestStorage(folder.path, { clock })
    expect(storage.conversations.deleted()).toMatchObject([{ id: idOf(1), title: 'one', state: 'stopped' }])
    storage.conversations.restore(idOf(1))
    expect(storage.conversations.deleted()).toEqual([])
    expect(readConversation(storage, idOf(1)).turns.map(({ answer }) => answer)).toEqual(['first', 'half'])
    expect(() => storage.conversations.restore(idOf(1))).toThrow(expect.objectContaining({ code: 'not-found' }))
  })

  test('for ever: nothing of it is left, in short steps', async () => {
    await using folder = await temporaryFolder()
    const clock = steppedClock()
    await using storage = await openTestStorage(folder.path, { clock })
    for (let turn = 0; turn < 45; turn += 1) say(storage, idOf(1), `secret ${turn}`, 'hidden')
    say(storage, idOf(2), 'kept', 'hidden too')
    say(storage, idOf(3), 'old', 'x')
    storage.conversations.delete(idOf(3))
    const later = clock.now() + 1
    storage.conversations.delete(idOf(1))
    storage.conversations.deleteForEver(idOf(2))
    expect(storage.conversations.summary(idOf(2))).not.toBeNull()
    storage.conversations.expireDeleted(later)
    expect(storage.conversations.deleted().map(({ id }) => id)).toEqual([idOf(1)])
    storage.conversations.deleteForEver(null)
    expect(() => storage.conversations.restore(idOf(1))).toThrow(expect.objectContaining({ code: 'not-found' }))
    let steps = 1
    while (storage.conversations.tidy()) steps += 1
    expect(steps).toBeGreaterThan(2)
    using database = openDatabase(join(folder.path, 'carrel.sqlite'), { isReadOnly: true, log: collectingLog() })
    expect(database.all('SELECT id FROM conversation')).toEqual([{ id: idOf(2) }])
    expect(database.get('SELECT count(*) AS turns FROM turn')).toEqual({ turns: 1 })
    expect(database.all("SELECT rowid FROM turn_word WHERE turn_word MATCH 'secret OR hidden'")).toHaveLength(1)
    // The id is free again: a program that keeps its own starts anew.
    say(storage, idOf(1), 'anew', '')
    expect(readConversation(storage, idOf(1)).turns).toHaveLength(1)
    expect((await storage.verify()).problems).toEqual([])
  })
})

describe('pages of a conversation', () => {
  test('from the end, on both sides, around a turn', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const keys = Array.from({ length: 10 }, (_, turn) => say(storage, idOf(1), `q${turn}`, ''))
    say(storage, idOf(2), 'another', '')
    const at = (place: Parameters<Storage['conversations']['turns']>[1]['at']) => {
      const page = storage.conversations.turns(idOf(1), { at: place, limit: 4 })
      return [page.turns.map(({ question }) => question).join(' '), page.hasOlder, page.hasNewer]
    }
    const [first = 0, , , , fifth = 0, , seventh = 0, , , last = 0] = keys
    expect(at('newest')).toEqual(['q6 q7 q8 q9', true, false])
    expect(at({ before: seventh })).toEqual(['q2 q3 q4 q5', true, true])
    expect(at({ before: fifth })).toEqual(['q0 q1 q2 q3', false, true])
    expect(at({ after: fifth })).toEqual(['q5 q6 q7 q8', true, true])
    expect(at({ around: fifth })).toEqual(['q2 q3 q4 q5', true, true])
    expect(at({ around: first })).toEqual(['q0 q1 q2 q3', false, true])
    expect(at({ around: last })).toEqual(['q6 q7 q8 q9', true, false])
    expect(() => storage.conversations.turns(idOf(9), { at: 'newest', limit: 4 })).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    )
  })
})

describe('a library of an earlier version', () => {
  const turnCount = 130

  /** As version 4 left it: turns without words, one renamed title, one answer cut off. */
  async function writeEarlierLibrary(dataFolder: string): Promise<void> {
    using database = openDatabase(join(dataFolder, 'carrel.sqlite'), { isReadOnly: false, log: collectingLog() })
    const earlier = migrations.filter(({ version }) => version <= 4)
    await migrate(database, { migrations: earlier, backupFolder: dataFolder, log: collectingLog() })
    database.transaction('fill', () => {
      for (const [number, title] of [
        [1, 'the first question'],
        [2, 'My own title'],
      ] as const)
        database.run(
          'INSERT INTO conversation (id, title, created_at, updated_at, turn_count) VALUES (?, ?, 1, 1, 1)',
          [idOf(number), title],
        )
      for (let turn = 0; turn < turnCount; turn += 1) {
        database.run(
          'INSERT INTO turn (conversation_id, question_id, answer_id, question, asked_at, answer, finish_reason) VALUES (?, ?, ?, ?, 1, ?, ?)',
          [
            idOf(turn % 2 === 0 ? 1 : 2),
            crypto.randomUUID(),
            crypto.randomUUID(),
            turn < 2 ? 'the first question' : `question ${turn}`,
            `the answer about leases 租赁 ${turn}`,
            turn === turnCount - 1 ? null : 'stop',
          ],
        )
      }
    })
  }

  test('is migrated, indexed in steps newest first, and says when the index is whole', async () => {
    await using folder = await temporaryFolder()
    await writeEarlierLibrary(folder.path)
    await using storage = await openTestStorage(folder.path)
    expect(storage.conversations.recover()).toBe(1)
    expect(storage.conversations.list({ offset: 0, limit: 5 }).total).toBe(2)
    expect((await search(storage, 'own')).titles.map(({ conversation }) => conversation.id)).toEqual([idOf(2)])
    expect((await search(storage, 'first')).titles).toEqual([])
    // The answer that was cut off is indexed with its ending.
    expect(await search(storage, '赁')).toMatchObject({ turns: [{ excerpt: {} }], isComplete: false })
    expect(storage.conversations.tidy()).toBe(true)
    const partly = (await search(storage, 'leas', null, 500)).turns.map(({ key }) => key)
    expect(partly[0]).toBe(turnCount)
    expect(partly.length).toBeLessThan(turnCount)
    while (storage.conversations.tidy()) continue
    expect(await search(storage, 'leas', null, 500)).toMatchObject({ isComplete: true, nextKey: null })
    expect((await search(storage, 'leas', null, 500)).turns).toHaveLength(turnCount)
    expect((await search(storage, '租赁', null, 500)).turns).toHaveLength(turnCount)
  })

  test('a process killed while it indexes leaves an index that is gone on with', { timeout: 120_000 }, async () => {
    await using folder = await temporaryFolder()
    await writeEarlierLibrary(folder.path)
    {
      const child = fork(join(import.meta.dirname, 'backlog-writer.ts'), [folder.path], { stdio: 'inherit' })
      const ended = new Promise((resolve) => child.once('exit', resolve))
      await new Promise<void>((resolve, reject) => {
        child.once('message', () => resolve())
        child.once('exit', () => reject(new Error('the writer ended too early')))
      })
      child.kill('SIGKILL')
      await ended
    }
    await using storage = await openTestStorage(folder.path)
    expect((await search(storage, 'leas')).isComplete).toBe(false)
    while (storage.conversations.tidy()) continue
    const keys = (await search(storage, 'leas', null, 500)).turns.map(({ key }) => key)
    // The last turn has no ending yet: nobody recovered it here.
    expect(keys).toEqual(Array.from({ length: turnCount - 1 }, (_, index) => turnCount - 1 - index))
  })
})
