import type { Migration } from './index.ts'

/** An answer keeps what the citation check found of it as a whole; what concerns a source is kept with the source. */
export const citationCheck: Migration = {
  version: 10,
  name: 'citation check',
  apply: (database) => database.script('ALTER TABLE turn ADD COLUMN citation_check TEXT;'),
}
