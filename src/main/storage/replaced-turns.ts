import type { Turn } from '../../shared/conversation.ts'
import { AppError } from '../../shared/errors.ts'
import type { ConversationId, MessageId } from '../../shared/ids.ts'
import { conversationGone } from './conversation-list.ts'
import type { Database } from './database.ts'
import { toTurn, turnColumns, type TurnRow } from './turn-records.ts'

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
export function keyOfLastTurn(database: Database, id: ConversationId, answerId: MessageId): number {
  const last = lastTurn(database, id)
  if (last?.answer_id !== answerId) throw noLongerLast()
  return last.key
}

/** `key` stands where `placeHolder` stood, which is kept behind it with all that it had replaced. */
export function putInPlace(database: Database, key: number, placeHolder: number): void {
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

/** See `ConversationStore.chooseAnswer`. */
export function chooseAnswer(database: Database, answerId: MessageId): Turn {
  return database.transaction('choose answer', () => {
    const chosen = database.get<{ key: number; conversation_id: ConversationId; replaced_by: number | null }>(
      'SELECT key, conversation_id, replaced_by FROM turn WHERE answer_id = ? AND finish_reason IS NOT NULL',
      [answerId],
    )
    if (chosen === undefined) throw conversationGone()
    if (chosen.replaced_by !== null) {
      if (chosen.replaced_by !== lastTurn(database, chosen.conversation_id)?.key) throw noLongerLast()
      putInPlace(database, chosen.key, chosen.replaced_by)
    }
    const row = database.get<TurnRow>(`SELECT ${turnColumns} FROM turn WHERE key = ?`, [chosen.key])
    if (row === undefined) throw conversationGone()
    return toTurn(database, row)
  })
}
