import type { ConversationSummary } from '../../shared/conversation.ts'
import { AppError } from '../../shared/errors.ts'
import { messageIdSchema, type ConversationId, type MessageId } from '../../shared/ids.ts'
import type { Clock, ConversationStore } from '../interfaces.ts'
import type { Database } from './database.ts'
import {
  rememberConversation,
  rememberOneTurn,
  saveProgress,
  saveSummary,
  toTurn,
  turnColumns,
  type TurnRow,
  writeSources,
} from './turn-records.ts'

interface SummaryRow {
  readonly id: ConversationId
  readonly title: string
  readonly created_at: number
  readonly updated_at: number
  readonly turn_count: number
}

const selectSummary = 'SELECT id, title, created_at, updated_at, turn_count FROM conversation'
const longestTitle = 80

/** Conversations with their frozen evidence. */
export function createConversationStore(database: Database, options: { readonly clock: Clock }): ConversationStore {
  const { clock } = options
  const summary = (id: ConversationId): ConversationSummary | null => {
    const row = database.get<SummaryRow>(`${selectSummary} WHERE id = ?`, [id])
    return row === undefined ? null : toSummary(row)
  }

  return {
    beginTurn: ({ conversationId, question, replaces = null }) =>
      database.transaction('begin turn', () => {
        const replaced = replaces === null ? null : keyOfLastTurn(database, conversationId, replaces)
        const questionId = messageIdSchema.parse(crypto.randomUUID())
        const answerId = messageIdSchema.parse(crypto.randomUUID())
        const now = clock.now()
        database.run(
          `INSERT INTO conversation (id, title, created_at, updated_at, turn_count) VALUES (@id, @title, @now, @now, 1)
           ON CONFLICT (id) DO UPDATE SET updated_at = @now, turn_count = turn_count + @added`,
          { id: conversationId, title: titleOf(question), now, added: replaced === null ? 1 : 0 },
        )
        database.run(
          'INSERT INTO turn (conversation_id, question_id, answer_id, question, asked_at, replaced_by) VALUES (?, ?, ?, ?, ?, ?)',
          [conversationId, questionId, answerId, question, now, replaced],
        )
        return { questionId, answerId }
      }),

    finishTurn: (answerId, finished) =>
      database.transaction('finish turn', () => {
        const turn = database.get<{ key: number; conversation_id: string; replaced_by: number | null }>(
          'SELECT key, conversation_id, replaced_by FROM turn WHERE answer_id = ?',
          [answerId],
        )
        // Its conversation was deleted while the answer was being written, which also stopped it.
        if (turn === undefined) return
        database.run(
          `UPDATE turn SET condensed_question = @condensedQuestion, translated_question = @translatedQuestion,
             answer = @answer, reasoning = @reasoning, mode = @mode, model = @model, finish_reason = @finishReason,
             error = @error, usage = @usage WHERE key = @key`,
          {
            key: turn.key,
            condensedQuestion: finished.condensedQuestion,
            translatedQuestion: finished.translatedQuestion,
            answer: finished.answer,
            reasoning: finished.reasoning,
            mode: finished.mode,
            model: finished.model,
            finishReason: finished.finishReason,
            error: finished.error === null ? null : JSON.stringify(finished.error),
            usage: JSON.stringify(finished.usage),
          },
        )
        writeSources(database, turn.key, finished.sources)
        if (turn.replaced_by !== null && finished.answer !== '') putInPlace(database, turn.key, turn.replaced_by)
        database.run('UPDATE conversation SET updated_at = ? WHERE id = ?', [clock.now(), turn.conversation_id])
      }),

    chooseAnswer: (answerId) =>
      database.transaction('choose answer', () => {
        const chosen = database.get<{ key: number; conversation_id: ConversationId; replaced_by: number | null }>(
          'SELECT key, conversation_id, replaced_by FROM turn WHERE answer_id = ? AND finish_reason IS NOT NULL',
          [answerId],
        )
        if (chosen === undefined) throw notFound()
        if (chosen.replaced_by !== null) {
          if (chosen.replaced_by !== lastTurn(database, chosen.conversation_id)?.key) throw noLongerLast()
          putInPlace(database, chosen.key, chosen.replaced_by)
        }
        const row = database.get<TurnRow>(`SELECT ${turnColumns} FROM turn WHERE key = ?`, [chosen.key])
        if (row === undefined) throw notFound()
        return toTurn(database, row)
      }),

    remember: (id) => rememberConversation(database, id),
    rememberTurn: (answerId) => rememberOneTurn(database, answerId),
    saveProgress: (answerId, progress) =>
      database.transaction('save progress', () => saveProgress(database, answerId, progress)),
    saveSummary: (id, { summary: text, until }) => saveSummary(database, id, text, until),

    recover: () => database.run("UPDATE turn SET finish_reason = 'aborted' WHERE finish_reason IS NULL").changes,

    list: ({ offset, limit }) => ({
      total: database.get<{ total: number }>('SELECT count(*) AS total FROM conversation')?.total ?? 0,
      conversations: database
        .all<SummaryRow>(`${selectSummary} ORDER BY updated_at DESC, id LIMIT ? OFFSET ?`, [limit, offset])
        .map(toSummary),
    }),

    open: (id) => {
      const found = summary(id)
      if (found === null) throw notFound()
      const rows = database.all<TurnRow>(
        `SELECT ${turnColumns} FROM turn WHERE conversation_id = ? AND replaced_by IS NULL ORDER BY key`,
        [id],
      )
      return { ...found, turns: rows.map((row) => toTurn(database, row)) }
    },

    summary,

    rename: (id, title) => {
      if (database.run('UPDATE conversation SET title = ? WHERE id = ?', [title, id]).changes === 0) throw notFound()
    },

    delete: (id) => void database.run('DELETE FROM conversation WHERE id = ?', [id]),
  }
}

/** The last turn that is part of the conversation. */
function lastTurn(
  database: Database,
  id: ConversationId,
): { readonly key: number; readonly answer_id: string } | undefined {
  return database.get(
    'SELECT key, answer_id FROM turn WHERE conversation_id = ? AND replaced_by IS NULL ORDER BY key DESC',
    [id],
  )
}

/** @throws AppError `invalid-request` when that answer is not the last one of the conversation. */
function keyOfLastTurn(database: Database, id: ConversationId, answerId: MessageId): number {
  const last = lastTurn(database, id)
  if (last?.answer_id !== answerId) throw noLongerLast()
  return last.key
}

/** `key` stands where `placeHolder` stood, which is kept behind it with all that it had replaced. */
function putInPlace(database: Database, key: number, placeHolder: number): void {
  database.run('UPDATE turn SET replaced_by = NULL WHERE key = ?', [key])
  database.run(
    'UPDATE turn SET replaced_by = @key WHERE (key = @placeHolder OR replaced_by = @placeHolder) AND key <> @key',
    {
      key,
      placeHolder,
    },
  )
}

function noLongerLast(): AppError {
  return new AppError(
    'invalid-request',
    'Only the last answer of a conversation can be asked for again. Ask the question anew at the end.',
  )
}

function notFound(): AppError {
  return new AppError('not-found', 'This conversation no longer exists.')
}

/** The first question in one line, cut by characters (never inside one). */
function titleOf(question: string): string {
  const characters = [...question.replace(/\s+/gu, ' ').trim()]
  return characters.length <= longestTitle
    ? characters.join('')
    : `${characters
        .slice(0, longestTitle - 1)
        .join('')
        .trimEnd()}…`
}

function toSummary(row: SummaryRow): ConversationSummary {
  return {
    id: row.id,
    title: row.title,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    turnCount: row.turn_count,
  }
}
