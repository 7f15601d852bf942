import type { Migration } from './index.ts'

/**
 * Keys are AUTOINCREMENT: never given twice, so that a row LanceDB kept for a deleted chunk or document can never be taken
 * for a new one. Offsets are UTF-16 units. Times are milliseconds since 1970. JSON columns hold what their names say.
 */
export const firstSchema: Migration = {
  version: 1,
  name: 'first schema',
  apply: (database) => {
    database.script(documents)
    database.script(contents)
    database.script(conversations)
  },
}

const documents = `
-- A document, or a file that waits to become one: then id is 'file-<location key>'. state 'removed' is the tombstone.
CREATE TABLE document (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'reading', 'searchable', 'ready', 'needs-attention', 'removed')),
  name TEXT NOT NULL,
  folded_name TEXT NOT NULL,
  kind TEXT,
  title TEXT,
  size_bytes INTEGER NOT NULL,
  page_count INTEGER,
  notices TEXT NOT NULL DEFAULT '[]',
  problem TEXT,
  parser_version INTEGER NOT NULL DEFAULT 0,
  chunker_version INTEGER NOT NULL DEFAULT 0,
  chunk_count INTEGER NOT NULL DEFAULT 0,
  embedded_chunk_count INTEGER NOT NULL DEFAULT 0,
  added_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX document_by_id ON document (id) WHERE state <> 'removed';
CREATE INDEX document_by_state ON document (state);
CREATE INDEX document_newest ON document (added_at DESC, key DESC, folded_name) WHERE state <> 'removed';

-- A path. next_document_key: the changed file's new document, until that one is searchable and takes its place.
CREATE TABLE location (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  path TEXT NOT NULL UNIQUE,
  size_bytes INTEGER NOT NULL,
  modified_at REAL NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'settled', 'failed')),
  queue_order INTEGER,
  problem TEXT,
  document_key INTEGER NOT NULL REFERENCES document (key),
  next_document_key INTEGER REFERENCES document (key)
) STRICT;
CREATE INDEX location_queue ON location (queue_order) WHERE state = 'queued';
CREATE INDEX location_by_document ON location (document_key);
CREATE INDEX location_by_next_document ON location (next_document_key);

-- Sums by state, kept by triggers, so that totals cost nothing in a large library.
CREATE TABLE library_total (
  state TEXT PRIMARY KEY,
  documents INTEGER NOT NULL DEFAULT 0,
  chunks INTEGER NOT NULL DEFAULT 0,
  embedded_chunks INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
INSERT INTO library_total (state) VALUES ('queued'), ('reading'), ('searchable'), ('ready'), ('needs-attention'), ('removed');
CREATE TRIGGER document_inserted AFTER INSERT ON document BEGIN
  UPDATE library_total SET documents = documents + 1, chunks = chunks + new.chunk_count,
    embedded_chunks = embedded_chunks + new.embedded_chunk_count WHERE state = new.state;
END;
CREATE TRIGGER document_updated AFTER UPDATE OF state, chunk_count, embedded_chunk_count ON document BEGIN
  UPDATE library_total SET documents = documents - 1, chunks = chunks - old.chunk_count,
    embedded_chunks = embedded_chunks - old.embedded_chunk_count WHERE state = old.state;
  UPDATE library_total SET documents = documents + 1, chunks = chunks + new.chunk_count,
    embedded_chunks = embedded_chunks + new.embedded_chunk_count WHERE state = new.state;
END;
CREATE TRIGGER document_deleted AFTER DELETE ON document BEGIN
  UPDATE library_total SET documents = documents - 1, chunks = chunks - old.chunk_count,
    embedded_chunks = embedded_chunks - old.embedded_chunk_count WHERE state = old.state;
END;`

const contents = `
CREATE TABLE text_slice (
  key INTEGER PRIMARY KEY,
  document_key INTEGER NOT NULL REFERENCES document (key),
  ordinal INTEGER NOT NULL,
  start_offset INTEGER NOT NULL,
  end_offset INTEGER NOT NULL,
  page TEXT,
  blocks TEXT NOT NULL,
  -- see runs-codec.ts
  runs BLOB NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX text_slice_by_ordinal ON text_slice (document_key, ordinal);
CREATE INDEX text_slice_by_offset ON text_slice (document_key, start_offset, end_offset, ordinal);

CREATE TABLE chunk (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  document_key INTEGER NOT NULL REFERENCES document (key),
  ordinal INTEGER NOT NULL,
  has_vector INTEGER NOT NULL DEFAULT 0,
  embedder TEXT NOT NULL,
  hash TEXT NOT NULL,
  id TEXT NOT NULL,
  start_offset INTEGER NOT NULL,
  end_offset INTEGER NOT NULL,
  page INTEGER,
  last_page INTEGER,
  language TEXT NOT NULL,
  token_count INTEGER NOT NULL,
  heading_path TEXT NOT NULL,
  -- What is embedded: embedding_lead followed by the text or, where it does not end with the text, embedding_text.
  embedding_lead TEXT NOT NULL,
  embedding_text TEXT,
  text TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX chunk_by_ordinal ON chunk (document_key, ordinal);
CREATE INDEX chunk_pending ON chunk (document_key, ordinal) WHERE has_vector = 0;
CREATE INDEX chunk_embedded ON chunk (embedder, key) WHERE has_vector = 1;
CREATE INDEX chunk_vector_by_hash ON chunk (hash) WHERE has_vector = 1;

-- rowid = chunk.key. Contentless: the words are not stored a third time. detail = full, the others rank everything zero.
CREATE VIRTUAL TABLE keyword USING fts5 (
  terms, content = '', contentless_delete = 1, detail = full, tokenize = 'porter unicode61 remove_diacritics 2'
);
-- FTS5 would merge its segments whenever it likes, for up to 200 ms at once: chunk-records.ts does it in small steps.
INSERT INTO keyword (keyword, rank) VALUES ('automerge', 0), ('crisismerge', 500);`

const conversations = `
CREATE TABLE conversation (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  turn_count INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_newest ON conversation (updated_at DESC, id);

-- A question and its answer. finish_reason NULL: being written, or cut off.
CREATE TABLE turn (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation_id TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  question_id TEXT NOT NULL UNIQUE,
  answer_id TEXT NOT NULL UNIQUE,
  question TEXT NOT NULL,
  condensed_question TEXT,
  asked_at INTEGER NOT NULL,
  answer TEXT NOT NULL DEFAULT '',
  reasoning TEXT NOT NULL DEFAULT '',
  mode TEXT NOT NULL DEFAULT 'generated',
  model TEXT,
  finish_reason TEXT,
  error TEXT,
  usage TEXT
) STRICT;
CREATE INDEX turn_by_conversation ON turn (conversation_id, key);
CREATE INDEX turn_unfinished ON turn (key) WHERE finish_reason IS NULL;

-- Evidence: the whole source as it was shown, frozen. It outlives its document.
CREATE TABLE source (
  turn_key INTEGER NOT NULL REFERENCES turn (key) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  payload TEXT NOT NULL,
  PRIMARY KEY (turn_key, number)
) STRICT;

CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;`
