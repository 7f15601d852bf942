import type { ConversationState, ConversationSummary, DeletedConversation } from '../../shared/conversation.ts'
import { AppError } from '../../shared/errors.ts'
import type { ConversationId } from '../../shared/ids.ts'
import type { Clock } from '../ports/clock.ts'
import type { ConversationStore } from '../ports/conversation-store.ts'
import type { Database } from './database.ts'

export interface SummaryRow {
  readonly id: ConversationId
  readonly title: string
  readonly created_at: number
  readonly updated_at: number
  readonly turn_count: number
  readonly last_finish_reason: string | null
}

/** The last turn's ending comes from an index alone. */
export const selectSummary = `
  SELECT id, title, created_at, updated_at, turn_count, (
    SELECT finish_reason FROM turn WHERE conversation_id = conversation.id AND replaced_by IS NULL ORDER BY key DESC LIMIT 1
  ) AS last_finish_reason FROM conversation`

/** Told in one answer: more than anybody looks through. */
const mostDeleted = 500

type ConversationList = Pick<
  ConversationStore,
  'list' | 'summary' | 'rename' | 'delete' | 'restore' | 'deleted' | 'deleteForEver'
>

/** The rows of the list. A deleted one keeps its rows, out of sight, until it is brought back or deleted for ever. */
export function createConversationList(database: Database, { clock }: { readonly clock: Clock }): ConversationList {
  return {
    list: ({ offset, limit }) => ({
      total:
        database.get<{ total: number }>('SELECT count(*) AS total FROM conversation WHERE deleted_at IS NULL')?.total ??
        0,
      conversations: database
        .all<SummaryRow>(`${selectSummary} WHERE deleted_at IS NULL ORDER BY updated_at DESC, id LIMIT ? OFFSET ?`, [
          limit,
          offset,
        ])
        .map(toSummary),
    }),

    summary: (id) => {
      const row = database.get<SummaryRow>(`${selectSummary} WHERE id = ? AND deleted_at IS NULL`, [id])
      return row === undefined ? null : toSummary(row)
    },

    rename: (id, title) => {
      const { changes } = database.run(
        'UPDATE conversation SET title = ?, is_renamed = 1 WHERE id = ? AND deleted_at IS NULL',
        [title, id],
      )
      if (changes === 0) throw conversationGone()
    },

    delete: (id) => {
      database.run('UPDATE conversation SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL', [clock.now(), id])
    },

    restore: (id) => {
      if (database.run('UPDATE conversation SET deleted_at = NULL WHERE id = ? AND deleted_at > 0', [id]).changes === 0)
        throw new AppError('not-found', 'This conversation was deleted for ever and cannot be brought back.')
    },

    deleted: () =>
      database
        .all<SummaryRow & { readonly deleted_at: number }>(
          `${selectSummary.replace('SELECT id,', 'SELECT deleted_at, id,')} WHERE deleted_at > 0 ORDER BY deleted_at DESC, id LIMIT ?`,
          [mostDeleted],
        )
        .map((row): DeletedConversation => ({ ...toSummary(row), deletedAt: row.deleted_at })),

    deleteForEver: (id) => {
      if (id === null) database.run('UPDATE conversation SET deleted_at = 0 WHERE deleted_at > 0')
      else database.run('UPDATE conversation SET deleted_at = 0 WHERE id = ? AND deleted_at > 0', [id])
    },
  }
}

/** What is asked about an unknown or deleted conversation. */
export function conversationGone(): AppError {
  return new AppError('not-found', 'This conversation no longer exists.')
}

export function toSummary(row: SummaryRow): ConversationSummary {
  return {
    id: row.id,
    title: row.title,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    turnCount: row.turn_count,
    state: stateOf(row.last_finish_reason),
  }
}

function stateOf(finishReason: string | null): ConversationState {
  if (finishReason === null) return 'answering'
  if (finishReason === 'aborted') return 'stopped'
  return finishReason === 'error' ? 'failed' : 'complete'
}
