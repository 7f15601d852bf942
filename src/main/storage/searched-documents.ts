import type { NamedScope } from '../../shared/collection.ts'
import { documentStates, serializedErrorSchema } from '../../shared/document.ts'
import type { DocumentId } from '../../shared/ids.ts'
import type { Unread, UnreadDocument } from '../../shared/findings.ts'
import type { SearchedDocuments } from '../ports/findings-index.ts'
import type { Database, SqlValue } from './database.ts'
import { liveStates } from './document-records.ts'

/** Documents named of those that could not be searched; the rest are counted. */
const mostNamed = 500
/** Notices of a document of which a part was not read. */
const partlyCodes = `('pages-left-out', 'parts-left-out', 'truncated-file')`
const partly = `d.state IN ${liveStates} AND (
  EXISTS (SELECT 1 FROM scan_page s WHERE s.document_key = d.key AND s.state IN ('waiting', 'failed', 'stopped'))
  OR (d.notices <> '[]' AND EXISTS (SELECT 1 FROM json_each(d.notices) n WHERE n.value ->> 'code' IN ${partlyCodes})))`
/** The new version of a file that changed: its earlier one answers until it is ready. */
const isSuccessor = `EXISTS (SELECT 1 FROM location l WHERE l.next_document_key = d.key AND l.document_key <> d.key)`

/** Documents of a scope, as `d`. What kind an unread one is may not be known yet. */
const ofScope = `d.state <> 'removed'
  AND (@isNamed = 0 OR d.key IN (
    SELECT document_key FROM collection_document WHERE collection_key IN (
      SELECT key FROM collection WHERE deleted_at IS NULL AND id IN (SELECT value FROM json_each(@collections)))
    UNION SELECT key FROM document WHERE id IN (SELECT value FROM json_each(@documents)) AND state <> 'removed'))
  AND (@anyKind = 1 OR d.kind IS NULL OR d.kind IN (SELECT value FROM json_each(@kinds)))`

function scopeValues(scope: NamedScope | null): Record<string, SqlValue> {
  const { collections = [], documents = [], kinds = [] } = scope ?? {}
  return {
    isNamed: collections.length + documents.length > 0 ? 1 : 0,
    collections: JSON.stringify(collections.map(({ id }) => id)),
    documents: JSON.stringify(documents.map(({ id }) => id)),
    anyKind: kinds.length === 0 ? 1 : 0,
    kinds: JSON.stringify(kinds),
  }
}

/** The documents that a search of a scope covers, at this moment. Tens of milliseconds for 50,000: for the search thread. */
export function searchedDocuments(database: Database, scope: NamedScope | null): SearchedDocuments {
  return database.transaction('searched documents', () => {
    const values = scopeValues(scope)
    const live = `SELECT d.key FROM document d WHERE d.state IN ${liveStates} AND ${ofScope}`
    const row = database.get<{ keys: string }>(
      `SELECT json_group_array(key) AS keys FROM (${live} ORDER BY d.key)`,
      values,
    )
    // Of everything, the ends of the table do; of a part, those of its own chunks.
    const range =
      scope === null
        ? database.get<Range>('SELECT min(key) AS first, max(key) AS last FROM chunk')
        : database.get<Range>(
            `SELECT min(c.key) AS first, max(c.key) AS last FROM (${live}) wanted JOIN chunk c ON c.document_key = wanted.key`,
            values,
          )
    return {
      keys: Int32Array.from(JSON.parse(row?.keys ?? '[]') as readonly number[]),
      firstChunk: range?.first ?? 1,
      lastChunk: range?.last ?? 0,
    }
  })
}

interface Range {
  readonly first: number | null
  readonly last: number | null
}

interface UnreadRow {
  readonly id: DocumentId
  readonly name: string
  readonly state: UnreadDocument['state']
  readonly problem: string | null
}

/** What of a scope could not be searched, or only in part. Those that need attention first, then by name. */
export function unreadDocuments(database: Database, scope: NamedScope | null): Unread {
  return database.transaction('unread documents', () => {
    const values = scopeValues(scope)
    const unread = `SELECT d.key, d.id, d.name, d.folded_name, CASE WHEN d.state IN ${liveStates} THEN 'partly' ELSE d.state END AS state,
        coalesce(d.problem, (SELECT problem FROM location WHERE document_key = d.key AND state = 'failed' ORDER BY key LIMIT 1)) AS problem
      FROM document d WHERE ${ofScope} AND ((d.state NOT IN ${liveStates} AND NOT ${isSuccessor}) OR (${partly}))`
    const counts = new Map(
      database
        .all<{ state: string; count: number }>(
          `SELECT state, count(*) AS count FROM (${unread}) GROUP BY state`,
          values,
        )
        .map(({ state, count }) => [state, count]),
    )
    const outdated = database.get<{ count: number }>(
      `SELECT count(*) AS count FROM document d WHERE d.state IN ${liveStates} AND ${ofScope} AND EXISTS (
         SELECT 1 FROM location l WHERE l.document_key = d.key AND (l.state = 'queued' OR l.next_document_key IS NOT NULL))`,
      values,
    )
    const rows = database.all<UnreadRow>(
      `SELECT id, name, state, problem FROM (${unread})
       ORDER BY CASE state WHEN 'needs-attention' THEN 0 WHEN 'partly' THEN 1 ELSE 2 END, folded_name, key LIMIT @limit`,
      { ...values, limit: mostNamed },
    )
    return {
      needsAttention: counts.get('needs-attention') ?? 0,
      waiting: documentStates
        .filter((state) => state === 'queued' || state === 'reading')
        .reduce((sum, state) => sum + (counts.get(state) ?? 0), 0),
      partly: counts.get('partly') ?? 0,
      outdated: outdated?.count ?? 0,
      documents: rows.map(({ id, name, state, problem }) => ({
        documentId: id,
        name,
        state,
        problem: problem === null ? null : serializedErrorSchema.parse(JSON.parse(problem)),
      })),
    }
  })
}
