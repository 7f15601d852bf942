import type { DocumentSet } from '../ports/collection-store.ts'
import type { KeywordHit } from '../ports/indexes.ts'
import type { Database } from './database.ts'
import { liveStates } from './document-records.ts'
import { createKeySet } from './key-set.ts'
import { keywordMatch } from './keyword-coverage.ts'
import type { TermStatistics } from './term-statistics.ts'

/** Candidates beyond the limit, for chunks of documents that are being read or were removed. */
const spareCandidates = 50
/** Of the library's documents: from here on ranking everything first is quicker than looking up every chunk of the set. */
const largeShare = 0.2
/** Of what an even spread would need: then a set is seldom ranked twice. */
const spreadReserve = 1.5
interface HitRow {
  readonly key: number
  readonly document_key: number
  readonly rank: number
}

/**
 * Chunks that hold any term and every phrase of a query, best first by FTS5's BM25, which takes every term alike; equal ones by key.
 * Runs in the search thread: it may take tens of milliseconds. `within` restricts it inside the search: a small set is ranked alone,
 * of a large one enough is ranked until `limit` are in it. In a library of many 100,000 chunks the commonest terms of a query, which
 * tell least, are left out.
 */
export function searchKeywords(
  database: Database,
  statistics: TermStatistics,
  { query, limit, within }: { readonly query: string; readonly limit: number; readonly within: DocumentSet | null },
): readonly KeywordHit[] {
  if (limit <= 0) return []
  return database.transaction('keyword search', () => {
    const match = keywordMatch(query, statistics)
    if (match === null) return []
    const isSmall = within !== null && within.keys.length < within.libraryDocuments * largeShare
    const rows = isSmall
      ? rankAlone(database, match.expression, limit, within.keys)
      : rankAll(database, match.expression, limit, within)
    return rows.map(({ key, document_key: documentKey }) => ({ chunkKey: key, documentKey }))
  })
}

/** Ranks first and looks at the documents afterwards, because most candidates are live, and of the set where there is one. */
function rankAll(database: Database, expression: string, limit: number, within: DocumentSet | null): readonly HitRow[] {
  const wanted = within === null ? null : createKeySet()
  for (const key of within?.keys ?? []) wanted?.add(key)
  const spread = within === null ? 1 : (spreadReserve * within.libraryDocuments) / Math.max(1, within.keys.length)
  for (let candidates = Math.ceil(limit * spread) + spareCandidates; ; candidates *= 4) {
    const rows = database.all<Omit<HitRow, 'document_key'> & { readonly document_key: number | null }>(
      `SELECT hit.key, d.key AS document_key, hit.rank FROM (
         SELECT rowid AS key, rank FROM keyword WHERE keyword MATCH ? ORDER BY rank, rowid LIMIT ?
       ) hit
       LEFT JOIN chunk c ON c.key = hit.key LEFT JOIN document d ON d.key = c.document_key AND d.state IN ${liveStates}
       ORDER BY hit.rank, hit.key`,
      [expression, candidates],
    )
    const found = rows.flatMap(({ key, document_key, rank }) =>
      document_key === null || wanted?.has(document_key) === false ? [] : [{ key, document_key, rank }],
    )
    if (found.length >= limit || rows.length < candidates) return found.slice(0, limit)
  }
}

/**
 * Only chunks of these documents are ranked, by the statistics of the whole library. `+` keeps SQLite from asking FTS5 for one
 * row after another, and from ranking what the set leaves out.
 */
function rankAlone(database: Database, expression: string, limit: number, documentKeys: Int32Array): readonly HitRow[] {
  return database.all<HitRow>(
    `WITH wanted AS MATERIALIZED (
       SELECT c.key FROM json_each(@documents) d JOIN chunk c ON c.document_key = d.value
     )
     SELECT hit.key, c.document_key, hit.rank FROM (
       SELECT rowid AS key, rank FROM keyword
       WHERE keyword MATCH @expression AND rowid BETWEEN (SELECT min(key) FROM wanted) AND (SELECT max(key) FROM wanted)
         AND +rowid IN (SELECT key FROM wanted)
       ORDER BY +rank, rowid LIMIT @limit
     ) hit JOIN chunk c ON c.key = hit.key ORDER BY hit.rank, hit.key`,
    { documents: JSON.stringify([...documentKeys]), expression, limit },
  )
}
