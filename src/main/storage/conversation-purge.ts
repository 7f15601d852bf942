import type { Database } from './database.ts'
import { deleteTurnWords } from './turn-words.ts'

/** Turns deleted in one step, sources and words with them: a few milliseconds. */
const turnsPerStep = 20
const conversationsPerStep = 20

/** Conversations deleted before `before` (milliseconds since 1970) can no longer be brought back. */
export function expireDeleted(database: Database, before: number): void {
  database.run('UPDATE conversation SET deleted_at = 0 WHERE deleted_at > 0 AND deleted_at < ?', [before])
}

/** Deletes some rows of what is deleted for ever. @returns true while there are more. */
export function purgeDeleted(database: Database): boolean {
  return database.transaction('purge conversations', () => {
    const conversations = database.all<{ id: string }>('SELECT id FROM conversation WHERE deleted_at = 0 LIMIT ?', [
      conversationsPerStep,
    ])
    for (const { id } of conversations) {
      const turns = database.all<{ key: number }>(
        'SELECT key FROM turn WHERE conversation_id = ? ORDER BY key LIMIT ?',
        [id, turnsPerStep],
      )
      deleteTurnWords(
        database,
        turns.map(({ key }) => key),
      )
      // Their sources go with them.
      for (const { key } of turns) database.run('DELETE FROM turn WHERE key = ?', [key])
      if (turns.length === turnsPerStep) return true
      database.run('DELETE FROM conversation WHERE id = ?', [id])
      if (turns.length > 0) return true
    }
    return conversations.length === conversationsPerStep
  })
}
