import type { DocumentKind } from '../../shared/document.ts'
import type { DocumentSet } from '../ports/collection-store.ts'
import type { Database } from './database.ts'
import { liveStates } from './document-records.ts'

/** What a search is restricted to, as the records know it. Documents of any of the collections or named; then of these kinds. */
export interface ScopeKeys {
  readonly collectionKeys: readonly number[]
  readonly documentIds: readonly string[]
  readonly kinds: readonly DocumentKind[]
}

/** Scopes whose documents are kept while nothing changes. */
const mostKept = 4

/**
 * The live documents of a scope. 50,000 of them take tens of milliseconds: for the search thread, where they are kept until
 * another connection has written.
 */
export function createScopeReader(database: Database): (scope: ScopeKeys) => DocumentSet {
  const kept = new Map<string, DocumentSet>()
  let keptVersion = -1
  return (scope) =>
    database.transaction('documents in scope', () => {
      const version = database.get<{ data_version: number }>('PRAGMA data_version')?.data_version ?? -1
      if (version !== keptVersion) kept.clear()
      keptVersion = version
      const name = JSON.stringify([scope.collectionKeys, scope.documentIds, scope.kinds])
      const known = kept.get(name)
      if (known !== undefined) return known
      const found = readScope(database, scope)
      if (kept.size >= mostKept) kept.clear()
      kept.set(name, found)
      return found
    })
}

function readScope(database: Database, { collectionKeys, documentIds, kinds }: ScopeKeys): DocumentSet {
  const isNamed = collectionKeys.length + documentIds.length > 0
  // As one JSON text: rows would cost an object each.
  const row = database.get<{ keys: string; live: number }>(
    `SELECT (
       SELECT json_group_array(key) FROM (
         SELECT d.key FROM document d WHERE d.state IN ${liveStates}
           AND (@isNamed = 0 OR d.key IN (
             SELECT document_key FROM collection_document WHERE collection_key IN (SELECT value FROM json_each(@collections))
             UNION SELECT key FROM document WHERE id IN (SELECT value FROM json_each(@documents)) AND state <> 'removed'))
           AND (@anyKind = 1 OR d.kind IN (SELECT value FROM json_each(@kinds)))
         ORDER BY d.key
       )
     ) AS keys, (SELECT sum(documents) FROM library_total WHERE state IN ${liveStates}) AS live`,
    {
      isNamed: isNamed ? 1 : 0,
      collections: JSON.stringify(collectionKeys),
      documents: JSON.stringify(documentIds),
      anyKind: kinds.length === 0 ? 1 : 0,
      kinds: JSON.stringify(kinds),
    },
  )
  return { keys: Int32Array.from(JSON.parse(row?.keys ?? '[]') as readonly number[]), libraryDocuments: row?.live ?? 0 }
}
