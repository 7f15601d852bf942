import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { openDatabase } from '../../src/main/storage/database.ts'
import { writeTurnWords } from '../../src/main/storage/turn-words.ts'
import { writeParagraph } from './corpus.ts'
import { isThere, openBenchStorage } from './filled-library.ts'
import { createRandom } from './statistics.ts'

/** Raised when the filled history no longer fits what is measured on it. */
const fillVersion = 1
const turnsPerTransaction = 500
const sourcesPerTurn = 3

/** One conversation is long: it is the one that is opened. */
export const longConversationId = '00000000-0000-4000-8000-000000000000'

/**
 * A library of conversations, made once and kept: `turns` questions with answers and evidence, a third of them Chinese, spread
 * over `conversations`, one of which has a hundredth of all. Written beside the storage's interface, which takes one answer at a
 * time, but into the same tables. @returns its data folder
 */
export async function findFilledHistory(cacheFolder: string, conversations: number, turns: number): Promise<string> {
  const folder = join(cacheFolder, `history-${conversations}-${turns}-${fillVersion}`)
  if (await isThere(folder)) return folder
  const partial = `${folder}.partial-${process.pid}`
  await (await openBenchStorage(partial))[Symbol.asyncDispose]()
  {
    const log = { warn: () => undefined }
    using database = openDatabase(join(partial, 'carrel.sqlite'), { isReadOnly: false, log })
    const random = createRandom(turns)
    const longTurns = Math.floor(turns / 100)
    for (let conversation = 0; conversation < conversations; conversation += 1) {
      const at = 1_700_000_000_000 + conversation * 60_000
      database.run('INSERT INTO conversation (id, title, created_at, updated_at, turn_count) VALUES (?, ?, ?, ?, ?)', [
        idOf(conversation),
        `Conversation ${conversation}: ${writeParagraph('en', random).slice(0, 60)}`,
        at,
        at,
        conversation === 0 ? longTurns : Math.round((turns - longTurns) / (conversations - 1)),
      ])
    }
    for (let first = 0; first < turns; first += turnsPerTransaction) {
      database.transaction('fill', () => {
        for (let turn = first; turn < Math.min(turns, first + turnsPerTransaction); turn += 1) {
          const conversation = turn % 100 === 0 ? 0 : 1 + (turn % (conversations - 1))
          const language = turn % 3 === 2 ? 'zh' : 'en'
          const question = writeParagraph(language, random).slice(0, 80)
          const answer = `${writeParagraph(language, random)} [1]\n\n${writeParagraph(language, random)} [2]`
          const { key } = database.run(
            `INSERT INTO turn (conversation_id, question_id, answer_id, question, asked_at, answer, finish_reason, usage)
             VALUES (?, ?, ?, ?, ?, ?, 'stop', NULL)`,
            [idOf(conversation), crypto.randomUUID(), crypto.randomUUID(), question, 1_700_000_000_000 + turn, answer],
          )
          for (let number = 1; number <= sourcesPerTurn; number += 1)
            database.run('INSERT INTO source (turn_key, number, payload) VALUES (?, ?, ?)', [
              key,
              number,
              JSON.stringify(sourceOf(number, writeParagraph(language, random), language)),
            ])
          writeTurnWords(database, key, { question, answer })
        }
      })
    }
  }
  await rm(folder, { recursive: true, force: true })
  await rename(partial, folder)
  return folder
}

function idOf(conversation: number): string {
  return `00000000-0000-4000-8000-${String(conversation).padStart(12, '0')}`
}

function sourceOf(number: number, text: string, language: string): Record<string, unknown> {
  return {
    id: `0123456789abcdef-${number}`,
    documentId: '0'.repeat(64),
    documentName: `Document ${number}.pdf`,
    title: null,
    path: `/library/${number}.pdf`,
    kind: 'pdf',
    parserVersion: 1,
    page: number,
    lastPage: number,
    headingPath: ['A chapter', 'A section'],
    start: 0,
    end: text.length,
    text,
    language,
    rank: number,
    score: 1 / number,
    vectorRank: number,
    keywordRank: null,
    number,
    isCited: number < 3,
    boxes: [{ page: number, x: 72, y: 90, width: 400, height: 12 }],
  }
}
