import type { Migration } from './index.ts'

/** Pages without text of their own, which are read by recognition after the others are searchable. */
export const scanPages: Migration = {
  version: 11,
  name: 'scan pages',
  apply: (database) =>
    database.script(`
CREATE TABLE scan_page (
  document_key INTEGER NOT NULL REFERENCES document (key),
  page INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'read', 'unclear', 'empty', 'failed', 'stopped')),
  PRIMARY KEY (document_key, page)
) STRICT, WITHOUT ROWID;
CREATE INDEX scan_page_waiting ON scan_page (document_key, page) WHERE state = 'waiting';
-- How far it is, for the list: counts by state and what keeps it from going on, as JSON; NULL where every page had text.
ALTER TABLE document ADD COLUMN scan TEXT;`),
}
