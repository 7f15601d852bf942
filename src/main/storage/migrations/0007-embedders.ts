import type { Migration } from './index.ts'

/**
 * Embedders that were added, and which table of vectors answers for which language group. `embedder` in `vector_index` is
 * what chunks are filed under: the embedder on board of their language.
 */
export const embedders: Migration = {
  version: 7,
  name: 'embedders',
  apply: (database) =>
    database.script(`
CREATE TABLE added_embedder (
  id TEXT PRIMARY KEY,
  record TEXT NOT NULL,
  added_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- 'next' is being built beside 'serving'. The step from one to the other is one transaction.
CREATE TABLE vector_index (
  embedder TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('serving', 'next')),
  table_name TEXT NOT NULL UNIQUE,
  record TEXT NOT NULL,
  chunker_version INTEGER NOT NULL,
  PRIMARY KEY (embedder, role)
) STRICT, WITHOUT ROWID;
CREATE INDEX chunk_by_embedder ON chunk (embedder, key);`),
}
