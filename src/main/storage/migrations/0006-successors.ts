import type { Migration } from './index.ts'

/** The new version of a changed file answers when it has all its vectors; the earlier one lends them and answers until then. */
export const successors: Migration = {
  version: 6,
  name: 'successors',
  apply: (database) =>
    database.script(`
-- 1, in state 'reading': read whole; only vectors are missing.
ALTER TABLE document ADD COLUMN awaits_vectors INTEGER NOT NULL DEFAULT 0;`),
}
