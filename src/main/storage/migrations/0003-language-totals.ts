import type { Migration } from './index.ts'

/** Chunks by language, kept by triggers, so that a question need not count 100,000 of them. */
export const languageTotals: Migration = {
  version: 3,
  name: 'language totals',
  apply: (database) =>
    database.script(`
CREATE TABLE language_total (
  language TEXT PRIMARY KEY,
  chunks INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO language_total (language, chunks) SELECT language, count(*) FROM chunk GROUP BY language;
CREATE TRIGGER chunk_language_inserted AFTER INSERT ON chunk BEGIN
  INSERT INTO language_total (language, chunks) VALUES (new.language, 1)
    ON CONFLICT (language) DO UPDATE SET chunks = chunks + 1;
END;
CREATE TRIGGER chunk_language_deleted AFTER DELETE ON chunk BEGIN
  UPDATE language_total SET chunks = chunks - 1 WHERE language = old.language;
END;`),
}
