import type { Migration } from './index.ts'

/** Named sets of documents, and what each question was restricted to. */
export const collections: Migration = {
  version: 8,
  name: 'collections',
  apply: (database) =>
    database.script(`
-- deleted_at NULL: there; 0: deleted for ever, its rows go in slices; else when it was deleted: it can be brought back.
CREATE TABLE collection (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  folded_name TEXT NOT NULL,
  document_count INTEGER NOT NULL DEFAULT 0,
  deleted_at INTEGER
) STRICT;
CREATE UNIQUE INDEX collection_by_name ON collection (folded_name) WHERE deleted_at IS NULL;

-- added_at is the document's own, which never changes: a page of a large collection is read from the index alone.
CREATE TABLE collection_document (
  collection_key INTEGER NOT NULL REFERENCES collection (key),
  document_key INTEGER NOT NULL REFERENCES document (key) ON DELETE CASCADE,
  added_at INTEGER NOT NULL,
  PRIMARY KEY (collection_key, document_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX collection_document_newest ON collection_document (collection_key, added_at DESC, document_key DESC);
CREATE INDEX collection_document_by_document ON collection_document (document_key, collection_key);
CREATE TRIGGER collection_document_inserted AFTER INSERT ON collection_document BEGIN
  UPDATE collection SET document_count = document_count + 1 WHERE key = new.collection_key;
END;
CREATE TRIGGER collection_document_deleted AFTER DELETE ON collection_document BEGIN
  UPDATE collection SET document_count = document_count - 1 WHERE key = old.collection_key;
END;
-- A removed document leaves its collections at once; its other rows follow in slices.
CREATE TRIGGER document_leaves_collections AFTER UPDATE OF state ON document WHEN new.state = 'removed' BEGIN
  DELETE FROM collection_document WHERE document_key = new.key;
END;
CREATE INDEX document_live_by_kind ON document (kind, key) WHERE state IN ('searchable', 'ready');

-- JSON as the questions name it; NULL: everything.
ALTER TABLE turn ADD COLUMN scope TEXT;`),
}
