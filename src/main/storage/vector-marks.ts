import { z } from 'zod'
import { documentNoticeSchema } from '../../shared/document.ts'
import type { DocumentStore, PendingChunk } from '../ports/document-store.ts'
import type { EmbedderId } from '../ports/embedding.ts'
import type { Database } from './database.ts'
import { showSuccessor } from './document-locations.ts'
import { documentByKey, isSuccessor, keptStates, setDocumentState } from './document-records.ts'
import type { LibraryChanges } from './library-changes.ts'
import { setAsideNotice, takePlace } from './recut-place.ts'

type VectorMarks = Pick<
  DocumentStore,
  | 'pendingChunks'
  | 'chunkKeysWithVectors'
  | 'markEmbedded'
  | 'markPending'
  | 'setAsideChunks'
  | 'embeddedChunkKeys'
  | 'keptChunkKeys'
  | 'embeddableChunks'
  | 'embeddableTotals'
>

interface PendingRow {
  readonly key: number
  readonly document_key: number
  readonly embedder: EmbedderId
  readonly embedding_lead: string
  readonly embedding_text: string | null
  readonly text: string
  readonly hash: string
  readonly wanted_at: number
}

/** `has_vector`: waits for it, has it, or gets none (see `setAsideChunks`); the last two count as done. */
const waits = 0
const stored = 1
const setAside = 2
/** Enough for an average; all of them would hold up main. */
const sampledChunks = 500

/** Which chunks have their vectors in LanceDB: SQLite says so, one batch after LanceDB has it. */
export function createVectorMarks(database: Database, changes: LibraryChanges): VectorMarks {
  return {
    pendingChunks: (limit) => {
      const searchable = "d.state = 'searchable' AND d.problem IS NULL AND d.embedded_chunk_count < d.chunk_count"
      // Stable: of two that were wanted at the same time the new version goes first, since what answers in its place is out of date.
      return [
        ...pendingOf(database, 'document_by_state', "d.state = 'reading' AND d.awaits_vectors = 1", limit),
        ...pendingOf(database, 'document_to_embed', searchable, limit),
        ...pendingOf(database, 'document_recut', 'd.recut_of IS NOT NULL AND d.awaits_vectors = 1', limit),
      ]
        .toSorted((one, other) => other.wanted_at - one.wanted_at)
        .slice(0, limit)
        .map(toPendingChunk)
    },

    chunkKeysWithVectors: (hashes) =>
      new Map(
        database
          .all<{ hash: string; key: number }>(
            `SELECT c.hash, min(c.key) AS key FROM json_each(?) wanted
             CROSS JOIN chunk c ON c.hash = wanted.value AND c.has_vector = 1
             JOIN document d ON d.key = c.document_key AND ${keptStates} GROUP BY c.hash`,
            [JSON.stringify(hashes)],
          )
          .map(({ hash, key }) => [hash, key]),
      ),

    markEmbedded: (chunkKeys) => mark(database, changes, chunkKeys, stored),
    markPending: (chunkKeys) => void mark(database, changes, chunkKeys, waits),
    setAsideChunks: (chunkKeys) => mark(database, changes, chunkKeys, setAside),

    embeddedChunkKeys: (embedder, afterKey, limit) =>
      database
        .all<{ key: number }>(
          `SELECT c.key FROM chunk c JOIN document d ON d.key = c.document_key AND ${keptStates}
           WHERE c.embedder = ? AND c.has_vector = 1 AND c.key > ? ORDER BY c.key LIMIT ?`,
          [embedder, afterKey, limit],
        )
        .map(({ key }) => key),

    keptChunkKeys: (chunkKeys) =>
      database
        .all<{ key: number }>(
          `SELECT c.key FROM chunk c JOIN document d ON d.key = c.document_key AND ${keptStates}
           WHERE c.key IN (SELECT value FROM json_each(?))`,
          [JSON.stringify(chunkKeys)],
        )
        .map(({ key }) => key),

    embeddableChunks: (embedder, afterKey, limit) =>
      database
        .all<PendingRow>(
          `SELECT c.key, c.document_key, c.embedder, c.embedding_lead, c.embedding_text, c.text, c.hash
           FROM chunk c JOIN document d ON d.key = c.document_key AND ${keptStates}
           WHERE c.key > ? AND c.embedder = ? AND c.has_vector <> ${setAside} ORDER BY c.key LIMIT ?`,
          [afterKey, embedder, limit],
        )
        .map(toPendingChunk),

    embeddableTotals: (embedder) => {
      const total = database.get<{ chunks: number }>(
        'SELECT count(*) AS chunks FROM chunk INDEXED BY chunk_by_embedder WHERE embedder = ?',
        [embedder],
      )
      const sample = database.get<{ tokens: number | null }>(
        `SELECT avg(token_count) AS tokens FROM (SELECT token_count FROM chunk WHERE embedder = ? ORDER BY key DESC LIMIT ${sampledChunks})`,
        [embedder],
      )
      return { chunks: total?.chunks ?? 0, averageTokens: sample?.tokens ?? 0 }
    },
  }
}

/**
 * CROSS JOIN keeps this order: documents by one index, then their chunks by another, and of the many that are searchable none is
 * sorted. The first is named: by itself SQLite takes the one by state, and sorts them all for each batch.
 */
function pendingOf(database: Database, index: string, condition: string, limit: number): readonly PendingRow[] {
  return database.all<PendingRow>(
    `SELECT c.key, c.document_key, c.embedder, c.embedding_lead, c.embedding_text, c.text, c.hash, d.wanted_at
     FROM document d INDEXED BY ${index} CROSS JOIN chunk c ON c.document_key = d.key AND c.has_vector = 0
     WHERE ${condition} ORDER BY d.wanted_at DESC, d.key, c.ordinal LIMIT ?`,
    [limit],
  )
}

/**
 * Sets the marks. A `ready` document that lost a vector is `searchable`; a new version that waits for none takes its paths
 * over from the version before. @returns keys of documents that wait for no vector any more.
 */
function mark(
  database: Database,
  changes: LibraryChanges,
  chunkKeys: readonly number[],
  hasVector: typeof waits | typeof stored | typeof setAside,
): readonly number[] {
  return changes.during((note) =>
    database.transaction('mark vectors', () => {
      const rows = database.all<{ document_key: number }>(
        `UPDATE chunk SET has_vector = ? WHERE key IN (SELECT value FROM json_each(?)) AND has_vector ${hasVector === waits ? '<>' : '='} ${waits}
         RETURNING document_key`,
        [hasVector, JSON.stringify(chunkKeys)],
      )
      const counts = new Map<number, number>()
      for (const { document_key } of rows) counts.set(document_key, (counts.get(document_key) ?? 0) + 1)
      const complete: number[] = []
      for (const [documentKey, count] of counts) {
        database.run('UPDATE document SET embedded_chunk_count = embedded_chunk_count + ? WHERE key = ?', [
          hasVector === waits ? -count : count,
          documentKey,
        ])
        const document = documentByKey(database, documentKey)
        if (document === undefined || (document.state === 'removed' && document.recut_of === null)) continue
        if (hasVector === setAside) noteSetAside(database, documentKey)
        if (document.recut_of !== null) {
          const isComplete =
            document.awaits_vectors === 1 && hasVector !== waits && hasAllVectors(database, documentKey)
          if (isComplete && takePlace(database, document, note)) complete.push(documentKey)
          continue
        }
        if (document.state === 'ready' && hasVector === waits) setDocumentState(database, documentKey, 'searchable')
        const isWaiting = document.state === 'searchable' || isSuccessor(document)
        if (isWaiting && hasVector !== waits && hasAllVectors(database, documentKey)) {
          if (isSuccessor(document)) showSuccessor(database, document, note)
          complete.push(documentKey)
        }
        note.changed(document.id)
      }
      return complete
    }),
  )
}

/** The document says how many of its passages have no vector. */
function noteSetAside(database: Database, documentKey: number): void {
  const code = setAsideNotice
  const row = database.get<{ notices: string; count: number }>(
    'SELECT notices, (SELECT count(*) FROM chunk WHERE document_key = document.key AND has_vector = ?) AS count FROM document WHERE key = ?',
    [setAside, documentKey],
  )
  const notices = z.array(documentNoticeSchema).parse(JSON.parse(row?.notices ?? '[]'))
  const others = notices.filter((notice) => notice.code !== code)
  database.run('UPDATE document SET notices = ? WHERE key = ?', [
    JSON.stringify([...others, { code, values: { count: row?.count ?? 0 } }]),
    documentKey,
  ])
}

/** True where no chunk of a document waits for its vector. */
export function hasAllVectors(database: Database, documentKey: number): boolean {
  return (
    database.get('SELECT 1 FROM chunk WHERE document_key = ? AND has_vector = 0 LIMIT 1', [documentKey]) === undefined
  )
}

function toPendingChunk(row: PendingRow): PendingChunk {
  return {
    chunkKey: row.key,
    documentKey: row.document_key,
    embedder: row.embedder,
    embeddingText: row.embedding_text ?? row.embedding_lead + row.text,
    hash: row.hash,
  }
}
