import { type Source, sourceSchema } from '../../shared/passage.ts'
import { type NamedScope, namedScopeSchema } from '../../shared/collection.ts'
import { rememberedTurns, type Turn, turnSchema } from '../../shared/conversation.ts'
import type { ConversationId, MessageId } from '../../shared/ids.ts'
import type { AnswerProgress, RememberedConversation, RememberedTurn } from '../ports/conversation-store.ts'
import type { Database } from './database.ts'

/** A turn as its row holds it; JSON columns are still text. */
export interface TurnRow {
  readonly key: number
  readonly question_id: string
  readonly answer_id: string
  readonly question: string
  readonly condensed_question: string | null
  readonly translated_question: string | null
  readonly asked_at: number
  readonly scope: string | null
  readonly answer: string
  readonly reasoning: string
  readonly mode: string
  readonly model: string | null
  readonly finish_reason: string | null
  readonly error: string | null
  readonly usage: string | null
  readonly citation_check: string | null
}

export const turnColumns =
  'key, question_id, answer_id, question, condensed_question, translated_question, asked_at, scope, answer, reasoning, mode, model, finish_reason, error, usage, citation_check'

/** With its sources, in order. */
export function toTurn(database: Database, row: TurnRow): Turn {
  return turnSchema.parse({
    questionId: row.question_id,
    answerId: row.answer_id,
    question: row.question,
    condensedQuestion: row.condensed_question,
    translatedQuestion: row.translated_question,
    askedAt: row.asked_at,
    scope: row.scope === null ? null : JSON.parse(row.scope),
    otherAnswerIds: database
      .all<{ answer_id: string }>(
        "SELECT answer_id FROM turn WHERE replaced_by = ? AND finish_reason IS NOT NULL AND answer <> '' ORDER BY key",
        [row.key],
      )
      .map(({ answer_id }) => answer_id),
    answer: row.answer,
    reasoning: row.reasoning,
    mode: row.mode,
    model: row.model,
    finishReason: row.finish_reason,
    error: row.error === null ? null : JSON.parse(row.error),
    sources: readSources(database, row.key),
    check: row.citation_check === null ? null : JSON.parse(row.citation_check),
    usage: row.usage === null ? null : JSON.parse(row.usage),
  })
}

/** See `ConversationStore.lastScope`. */
export function readLastScope(database: Database, id: ConversationId): NamedScope | null {
  const row = database.get<{ scope: string | null }>(
    'SELECT scope FROM turn WHERE conversation_id = ? AND replaced_by IS NULL ORDER BY key DESC LIMIT 1',
    [id],
  )
  return row === undefined || row.scope === null ? null : namedScopeSchema.parse(JSON.parse(row.scope))
}

const isRemembered = 'finish_reason IS NOT NULL AND replaced_by IS NULL'

/** See `ConversationStore.remember`. */
export function rememberConversation(database: Database, id: ConversationId): RememberedConversation {
  const row = database.get<{ summary: string | null; summary_until: number | null }>(
    'SELECT summary, summary_until FROM conversation WHERE id = ?',
    [id],
  )
  const until = row?.summary_until ?? 0
  const rows = database.all<TurnRow>(
    `SELECT ${turnColumns} FROM turn WHERE conversation_id = ? AND key > ? AND ${isRemembered} ORDER BY key DESC LIMIT ?`,
    [id, until, rememberedTurns],
  )
  const counts = database.get<{ summarised: number; later: number }>(
    `SELECT count(*) FILTER (WHERE key <= @until) AS summarised, count(*) FILTER (WHERE key > @until) AS later
     FROM turn WHERE conversation_id = @id AND ${isRemembered}`,
    { id, until },
  )
  return {
    summary: row?.summary ?? null,
    summarisedTurns: counts?.summarised ?? 0,
    turns: rows.toReversed().map((turn) => toRememberedTurn(database, turn)),
    olderTurns: (counts?.later ?? 0) - rows.length,
  }
}

/** See `ConversationStore.saveSummary`. */
export function saveSummary(database: Database, id: ConversationId, summary: string, until: MessageId): boolean {
  return (
    database.run(
      `UPDATE conversation SET summary = @summary, summary_until = turn.key FROM turn
       WHERE conversation.id = @id AND turn.answer_id = @until AND turn.conversation_id = @id AND turn.${isRemembered}`,
      { id, summary, until },
    ).changes === 1
  )
}

/** See `ConversationStore.rememberTurn`. */
export function rememberOneTurn(database: Database, answerId: MessageId): RememberedTurn | null {
  const row = database.get<TurnRow>(`SELECT ${turnColumns} FROM turn WHERE answer_id = ? AND ${isRemembered}`, [
    answerId,
  ])
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

/** In place of those that are there. */
export function writeSources(database: Database, turnKey: number, sources: readonly Source[]): void {
  database.run('DELETE FROM source WHERE turn_key = ?', [turnKey])
  for (const source of sources) {
    database.run('INSERT INTO source (turn_key, number, payload) VALUES (?, ?, ?)', [
      turnKey,
      source.number,
      JSON.stringify(source),
    ])
  }
}

/** See `ConversationStore.saveProgress`. */
export function saveProgress(database: Database, answerId: MessageId, progress: AnswerProgress): void {
  const turn = database.get<{ key: number }>('SELECT key FROM turn WHERE answer_id = ? AND finish_reason IS NULL', [
    answerId,
  ])
  if (turn === undefined) return
  const { condensedQuestion, translatedQuestion, answer, reasoning, mode, model, check } = progress
  database.run(
    `UPDATE turn SET condensed_question = ?, translated_question = ?, answer = ?, reasoning = ?, mode = ?, model = ?, citation_check = ? WHERE key = ?`,
    [condensedQuestion, translatedQuestion, answer, reasoning, mode, model, JSON.stringify(check), turn.key],
  )
  if (progress.sources !== null) writeSources(database, turn.key, progress.sources)
}
