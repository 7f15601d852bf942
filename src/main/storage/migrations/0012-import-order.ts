import type { Migration } from './index.ts'

/** What is wanted first is read and embedded first; a document is ready only after a search has found it; some are held back. */
export const importOrder: Migration = {
  version: 12,
  name: 'import order',
  apply: (database) =>
    database.script(`
-- When somebody wanted it last: added it, asked about it, told Carrel to read it again. The latest goes first.
ALTER TABLE document ADD COLUMN wanted_at INTEGER NOT NULL DEFAULT 0;
UPDATE document SET wanted_at = added_at;
ALTER TABLE location ADD COLUMN wanted_at INTEGER NOT NULL DEFAULT 0;
-- size_bytes is there to add up without reading a row.
CREATE INDEX location_wanted ON location (wanted_at DESC, queue_order, size_bytes) WHERE state = 'queued';
-- A searchable document with a problem is held back: found by its words, not embedded any further.
CREATE INDEX document_to_embed ON document (wanted_at DESC, key)
  WHERE state = 'searchable' AND problem IS NULL AND embedded_chunk_count < chunk_count;
CREATE INDEX document_to_check ON document (wanted_at DESC, key)
  WHERE state = 'searchable' AND problem IS NULL AND embedded_chunk_count = chunk_count;
CREATE INDEX document_held ON document (key, chunk_count, embedded_chunk_count)
  WHERE state = 'searchable' AND problem IS NOT NULL;`),
}
