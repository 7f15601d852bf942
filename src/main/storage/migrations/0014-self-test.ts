import type { Migration } from './index.ts'

/** Questions with the passage that each should find, and where each came in the last runs. */
export const selfTest: Migration = {
  version: 14,
  name: 'self-test',
  apply: (database) =>
    database.script(`
-- document_id and path name the document as it was then: it may be gone, or have other bytes at the same path.
CREATE TABLE expectation (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  origin TEXT NOT NULL CHECK (origin IN ('kept', 'generated')),
  question TEXT NOT NULL,
  document_id TEXT NOT NULL,
  document_name TEXT NOT NULL,
  path TEXT NOT NULL,
  page INTEGER,
  text TEXT NOT NULL,
  UNIQUE (question, document_id, text)
) STRICT;

-- finished_at NULL: running, or ended early; it is no result then.
CREATE TABLE self_test_run (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  finished_at INTEGER,
  setup TEXT NOT NULL
) STRICT;

-- rank NULL: not found.
CREATE TABLE self_test_result (
  run_key INTEGER NOT NULL REFERENCES self_test_run (key) ON DELETE CASCADE,
  expectation_key INTEGER NOT NULL REFERENCES expectation (key) ON DELETE CASCADE,
  rank INTEGER,
  is_gone INTEGER NOT NULL,
  PRIMARY KEY (run_key, expectation_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX self_test_result_by_expectation ON self_test_result (expectation_key);`),
}
