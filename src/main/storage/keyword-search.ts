import { queryTerms } from '../../shared/keyword-terms.ts'
import type { IndexHit } from '../interfaces.ts'
import type { Database } from './database.ts'
import { liveStates } from './document-records.ts'
import { matchExpression } from './match-expression.ts'
import type { TermStatistics } from './term-statistics.ts'

/** Candidates beyond the limit, for chunks of documents that are being read or were removed. */
const spareCandidates = 50

interface HitRow {
  readonly key: number
  readonly document_key: number | null
  readonly rank: number
}

/**
 * BM25 (k1 1.2, b 0.75) over every chunk, as a share of what a chunk would have that holds every term over and over: 0..1, best
 * first, equal scores by key. Runs in the search thread: it may take tens of
 * milliseconds. Ranks first and looks at the documents' states afterwards, because most candidates are live.
 */
export function searchKeywords(
  database: Database,
  statistics: TermStatistics,
  query: string,
  limit: number,
): readonly IndexHit[] {
  const match = matchExpression(queryTerms(query))
  if (match === null || limit <= 0) return []
  return database.transaction('keyword search', () => {
    const highest = statistics.highestScore(match.expected)
    for (let candidates = limit + spareCandidates; ; candidates *= 4) {
      const rows = database.all<HitRow>(
        `SELECT hit.key, d.key AS document_key, hit.rank FROM (
           SELECT rowid AS key, rank FROM keyword WHERE keyword MATCH ? ORDER BY rank, rowid LIMIT ?
         ) hit
         LEFT JOIN chunk c ON c.key = hit.key LEFT JOIN document d ON d.key = c.document_key AND d.state IN ${liveStates}
         ORDER BY hit.rank, hit.key`,
        [match.expression, candidates],
      )
      const live = rows.flatMap(({ key, document_key: documentKey, rank }) =>
        documentKey === null ? [] : [{ chunkKey: key, documentKey, score: Math.min(1, Math.max(0, -rank) / highest) }],
      )
      if (live.length >= limit || rows.length < candidates) return live.slice(0, limit)
    }
  })
}
