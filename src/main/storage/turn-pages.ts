import type { ConversationPage } from '../../shared/conversation.ts'
import type { ConversationId } from '../../shared/ids.ts'
import type { ConversationStore, TurnPlace } from '../ports/conversation-store.ts'
import { conversationGone, selectSummary, type SummaryRow, toSummary } from './conversation-list.ts'
import type { Database } from './database.ts'
import { toTurn, turnColumns, type TurnRow } from './turn-records.ts'

/** Turns shown above the one that was searched for. */
const turnsAbove = 2

/** A conversation page by page; turns that were asked again are left out. */
export function createTurnPages(database: Database): Pick<ConversationStore, 'turns'> {
  const read = (id: ConversationId, where: string, key: number, order: 'ASC' | 'DESC', limit: number) =>
    database.all<TurnRow>(
      `SELECT ${turnColumns} FROM turn WHERE conversation_id = ? AND replaced_by IS NULL AND key ${where} ? ORDER BY key ${order} LIMIT ?`,
      [id, key, limit],
    )
  const isThere = (id: ConversationId, where: string, key: number): boolean =>
    database.get(`SELECT 1 FROM turn WHERE conversation_id = ? AND replaced_by IS NULL AND key ${where} ? LIMIT 1`, [
      id,
      key,
    ]) !== undefined

  const rowsAt = (id: ConversationId, at: TurnPlace, limit: number): readonly TurnRow[] => {
    if (at === 'newest') return read(id, '<', Number.MAX_SAFE_INTEGER, 'DESC', limit).toReversed()
    if ('before' in at) return read(id, '<', at.before, 'DESC', limit).toReversed()
    if ('after' in at) return read(id, '>', at.after, 'ASC', limit)
    if ('answer' in at)
      return database.all<TurnRow>(
        `SELECT ${turnColumns} FROM turn WHERE conversation_id = ? AND answer_id = ? AND replaced_by IS NULL`,
        [id, at.answer],
      )
    const above = read(id, '<', at.around, 'DESC', Math.min(turnsAbove, limit - 1)).toReversed()
    const rows = [...above, ...read(id, '>=', at.around, 'ASC', limit - above.length)]
    // Near the end there is room for more above.
    const [first] = rows
    const missing = limit - rows.length
    return first === undefined || missing <= 0
      ? rows
      : [...read(id, '<', first.key, 'DESC', missing).toReversed(), ...rows]
  }

  return {
    turns: (id, { at, limit }) =>
      database.transaction('turns', (): ConversationPage => {
        const summary = database.get<SummaryRow>(`${selectSummary} WHERE id = ? AND deleted_at IS NULL`, [id])
        if (summary === undefined) throw conversationGone()
        const rows = rowsAt(id, at, limit)
        const [first, last] = [rows[0], rows.at(-1)]
        return {
          conversation: toSummary(summary),
          turns: rows.map((row) => ({ ...toTurn(database, row), key: row.key })),
          hasOlder: first !== undefined && isThere(id, '<', first.key),
          hasNewer: last !== undefined && isThere(id, '>', last.key),
        }
      }),
  }
}
