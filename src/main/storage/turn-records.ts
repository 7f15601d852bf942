import { sourceSchema } from '../../shared/passage.ts'
import { rememberedTurns, type Turn, turnSchema } from '../../shared/conversation.ts'
import type { ConversationId, MessageId } from '../../shared/ids.ts'
import type { RememberedConversation, RememberedTurn } from '../interfaces.ts'
import type { Database } from './database.ts'

/** A turn as its row holds it; JSON columns are still text. */
export interface TurnRow {
  readonly key: number
  readonly question_id: string
  readonly answer_id: string
  readonly question: string
  readonly condensed_question: string | null
  readonly asked_at: number
  readonly answer: string
  readonly reasoning: string
  readonly mode: string
  readonly model: string | null
  readonly finish_reason: string | null
  readonly error: string | null
  readonly usage: string | null
}

export const turnColumns =
  'key, question_id, answer_id, question, condensed_question, asked_at, answer, reasoning, mode, model, finish_reason, error, usage'

/** With its sources, in order. */
export function toTurn(database: Database, row: TurnRow): Turn {
  return turnSchema.parse({
    questionId: row.question_id,
    answerId: row.answer_id,
    question: row.question,
    condensedQuestion: row.condensed_question,
    askedAt: row.asked_at,
    answer: row.answer,
    reasoning: row.reasoning,
    mode: row.mode,
    model: row.model,
    finishReason: row.finish_reason,
    error: row.error === null ? null : JSON.parse(row.error),
    sources: readSources(database, row.key),
    usage: row.usage === null ? null : JSON.parse(row.usage),
  })
}

/** See `ConversationStore.remember`. */
export function rememberConversation(database: Database, id: ConversationId): RememberedConversation {
  const row = database.get<{ summary: string | null; summary_until: number | null }>(
    'SELECT summary, summary_until FROM conversation WHERE id = ?',
    [id],
  )
  const rows = database.all<TurnRow>(
    `SELECT ${turnColumns} FROM turn
     WHERE conversation_id = ? AND key > ? AND finish_reason IS NOT NULL AND replaced_by IS NULL ORDER BY key DESC LIMIT ?`,
    [id, row?.summary_until ?? 0, rememberedTurns],
  )
  return {
    summary: row?.summary ?? null,
    turns: rows.toReversed().map((turn) => toRememberedTurn(database, turn)),
  }
}

/** See `ConversationStore.rememberTurn`. */
export function rememberOneTurn(database: Database, answerId: MessageId): RememberedTurn | null {
  const row = database.get<TurnRow>(
    `SELECT ${turnColumns} FROM turn WHERE answer_id = ? AND finish_reason IS NOT NULL AND replaced_by IS NULL`,
    [answerId],
  )
  return row === undefined ? null : toRememberedTurn(database, row)
}

function toRememberedTurn(database: Database, row: TurnRow): RememberedTurn {
  const { answer_id, mode, finish_reason } = row
  const {
    answerId,
    mode: knownMode,
    finishReason,
  } = turnSchema
    .pick({ answerId: true, mode: true, finishReason: true })
    .parse({ answerId: answer_id, mode, finishReason: finish_reason })
  if (finishReason === null) throw new Error('an unfinished turn is not remembered')
  return {
    answerId,
    question: row.question,
    condensedQuestion: row.condensed_question,
    answer: row.answer,
    mode: knownMode,
    finishReason,
    sources: readSources(database, row.key).map((source) => sourceSchema.parse(source)),
  }
}

function readSources(database: Database, turnKey: number): unknown[] {
  return database
    .all<{ payload: string }>('SELECT payload FROM source WHERE turn_key = ? ORDER BY number', [turnKey])
    .map(({ payload }) => JSON.parse(payload) as unknown)
}
