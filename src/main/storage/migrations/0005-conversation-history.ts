import { titleOf } from '../conversation-title.ts'
import type { Database } from '../database.ts'
import type { Migration } from './index.ts'

/** Conversations can be searched, and be deleted in a way that can be undone. */
export const conversationHistory: Migration = {
  version: 5,
  name: 'conversation history',
  apply: (database) => {
    database.script(schema)
    noteRenamed(database)
  },
}

const schema = `
-- NULL: there. 0: deleted for ever, its rows go in slices. Else when it was deleted: it can be brought back.
ALTER TABLE conversation ADD COLUMN deleted_at INTEGER;
-- 1: the title is a person's own words; else it is the beginning of the first question, which is searched anyway.
ALTER TABLE conversation ADD COLUMN is_renamed INTEGER NOT NULL DEFAULT 0;
DROP INDEX conversation_newest;
CREATE INDEX conversation_newest ON conversation (updated_at DESC, id) WHERE deleted_at IS NULL;
CREATE INDEX conversation_renamed ON conversation (updated_at DESC, id) WHERE deleted_at IS NULL AND is_renamed = 1;
CREATE INDEX conversation_deleted ON conversation (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
-- Covers "the last turn's state" and the pages of a conversation without touching the answers.
CREATE INDEX turn_shown ON turn (conversation_id, key, finish_reason) WHERE replaced_by IS NULL;

-- rowid = turn.key, of finished turns. Without stemming: it is searched by the beginnings of words while somebody types.
CREATE VIRTUAL TABLE turn_word USING fts5 (
  question, answer, content = '', contentless_delete = 1, detail = full, tokenize = 'unicode61 remove_diacritics 2'
);
-- As with the chunks' keywords: merged in small steps, see turn-words.ts.
INSERT INTO turn_word (turn_word, rank) VALUES ('automerge', 0), ('crisismerge', 500);
-- Older turns are indexed in slices, newest first: those with keys up to next_key are still to come. No row: all are.
CREATE TABLE turn_word_backlog (
  next_key INTEGER NOT NULL
) STRICT;
INSERT INTO turn_word_backlog (next_key) SELECT max(key) FROM turn HAVING max(key) IS NOT NULL;`

function noteRenamed(database: Database): void {
  const titles = database.all<{ id: string; title: string; question: string | null }>(
    `SELECT id, title, (SELECT question FROM turn WHERE conversation_id = conversation.id ORDER BY key LIMIT 1) AS question
     FROM conversation`,
  )
  for (const { id, title, question } of titles) {
    if (question === null || titleOf(question) !== title)
      database.run('UPDATE conversation SET is_renamed = 1 WHERE id = ?', [id])
  }
}
