import type { Migration } from './index.ts'

/** A document that an earlier version of the chunker cut is cut anew in a row beside it, which takes its place when it is whole. */
export const recuts: Migration = {
  version: 13,
  name: 'recuts',
  apply: (database) =>
    database.script(`
-- The key of the document whose place this row will take. No reference: that row may be purged first.
ALTER TABLE document ADD COLUMN recut_of INTEGER;
CREATE INDEX document_recut ON document (recut_of) WHERE recut_of IS NOT NULL;
-- What is listed alone, in the order of the list; its condition is that of the query, word for word.
CREATE INDEX document_attention ON document (added_at DESC, key DESC, folded_name)
  WHERE (state = 'needs-attention' OR (state = 'searchable' AND problem IS NOT NULL));
CREATE INDEX location_failed ON location (document_key) WHERE state = 'failed';
CREATE INDEX document_by_chunker ON document (chunker_version, key) WHERE state IN ('searchable', 'ready');`),
}
