import type { Migration } from './index.ts'

/**
 * What a follow-up needs: what was searched for besides the question's own words, which answer took another one's place,
 * and the running summary of the older turns.
 */
export const followUpsAndMemory: Migration = {
  version: 2,
  name: 'follow-ups and memory',
  apply: (database) =>
    database.script(`
-- The question in the documents' language, as it was also searched for; NULL: languages matched, or nothing could translate.
ALTER TABLE turn ADD COLUMN translated_question TEXT;
-- This answer was asked for again: the turn that stands in its place. It is kept, but is no longer part of the conversation.
ALTER TABLE turn ADD COLUMN replaced_by INTEGER REFERENCES turn (key) ON DELETE SET NULL;
CREATE INDEX turn_replaced ON turn (replaced_by) WHERE replaced_by IS NOT NULL;
-- The older turns in a few sentences, for the prompt; it covers every turn up to and with summary_until (turn.key).
ALTER TABLE conversation ADD COLUMN summary TEXT;
ALTER TABLE conversation ADD COLUMN summary_until INTEGER;`),
}
