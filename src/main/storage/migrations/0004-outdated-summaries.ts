import type { Migration } from './index.ts'

/** A turn that is asked again, or comes back, changes what was said: a summary that covers it is forgotten, whoever changes it. */
export const outdatedSummaries: Migration = {
  version: 4,
  name: 'outdated summaries',
  apply: (database) =>
    database.script(`
CREATE TRIGGER turn_replaced_outdates_summary AFTER UPDATE OF replaced_by ON turn
WHEN old.replaced_by IS NOT new.replaced_by BEGIN
  UPDATE conversation SET summary = NULL, summary_until = NULL WHERE id = new.conversation_id AND summary_until >= new.key;
END;
CREATE TRIGGER turn_deleted_outdates_summary AFTER DELETE ON turn BEGIN
  UPDATE conversation SET summary = NULL, summary_until = NULL WHERE id = old.conversation_id AND summary_until >= old.key;
END;`),
}
