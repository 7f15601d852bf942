import type { ChunkId, DocumentId } from '../../shared/ids.ts'
import type { DocumentKind } from '../../shared/document.ts'
import type { Chunk } from '../ports/chunks.ts'
import type { DocumentStore, StoredChunk } from '../ports/document-store.ts'
import type { Database } from './database.ts'
import { liveStates } from './document-records.ts'

/** Pages of the keyword index merged for each chunk added: twice what keeps 100,000 chunks merged, and still under 10 ms a batch. */
const mergedPagesPerChunk = 1
/** Merging what was deleted costs several times as much a page. */
const mergedPagesPerDeletion = 8

/** Adds chunks with their keyword terms, inside the caller's transaction. */
export function insertChunks(database: Database, documentKey: number, chunks: readonly Chunk[]): void {
  for (const chunk of chunks) {
    const endsWithText = chunk.embeddingText.endsWith(chunk.text)
    const { key } = database.run(
      `INSERT INTO chunk (document_key, ordinal, embedder, hash, id, start_offset, end_offset, page, last_page, language,
         token_count, heading_path, embedding_lead, embedding_text, text)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        documentKey,
        chunk.ordinal,
        chunk.embedder,
        chunk.hash,
        chunk.id,
        chunk.start,
        chunk.end,
        chunk.page,
        chunk.lastPage,
        chunk.language,
        chunk.tokenCount,
        JSON.stringify(chunk.headingPath),
        endsWithText ? chunk.embeddingText.slice(0, chunk.embeddingText.length - chunk.text.length) : '',
        endsWithText ? null : chunk.embeddingText,
        chunk.text,
      ],
    )
    database.run('INSERT INTO keyword (rowid, terms) VALUES (?, ?)', [key, chunk.keywordText])
  }
  if (chunks.length > 0) mergeKeywords(database, chunks.length * mergedPagesPerChunk)
}

/** Deletes up to `limit` chunks of a document with their keyword terms. @returns how many. */
export function deleteChunks(database: Database, documentKey: number, limit: number): number {
  const keys = database.all<{ key: number }>('SELECT key FROM chunk WHERE document_key = ? ORDER BY ordinal LIMIT ?', [
    documentKey,
    limit,
  ])
  for (const { key } of keys) {
    database.run('DELETE FROM keyword WHERE rowid = ?', [key])
    database.run('DELETE FROM chunk WHERE key = ?', [key])
  }
  if (keys.length > 0) mergeKeywords(database, mergedPagesPerDeletion)
  return keys.length
}

/** A bounded step of FTS5's own upkeep, see https://www.sqlite.org/fts5.html#the_merge_command */
function mergeKeywords(database: Database, pages: number): void {
  database.run("INSERT INTO keyword (keyword, rank) VALUES ('merge', ?)", [pages])
}

interface ChunkRow {
  readonly key: number
  readonly document_key: number
  readonly id: ChunkId
  readonly document_id: DocumentId
  readonly name: string
  readonly title: string | null
  readonly path: string | null
  readonly kind: DocumentKind | null
  readonly parser_version: number
  readonly ordinal: number
  readonly start_offset: number
  readonly end_offset: number
  readonly page: number | null
  readonly last_page: number | null
  readonly heading_path: string
  readonly text: string
  readonly language: string
  readonly token_count: number
  readonly has_vector: number
  readonly modified_at: number
}

/** What a search may show: the join on the document's state is what hides the chunks of removed documents. */
const selectLive = `
  SELECT c.key, c.document_key, c.id, d.id AS document_id, d.name, d.title,
    (SELECT path FROM location WHERE document_key = d.key ORDER BY key LIMIT 1) AS path,
    d.kind, d.parser_version, c.ordinal, c.start_offset, c.end_offset, c.page, c.last_page, c.heading_path, c.text,
    c.language, c.token_count, c.has_vector,
    coalesce((SELECT max(modified_at) FROM location WHERE document_key = d.key), d.added_at) AS modified_at
  FROM chunk c JOIN document d ON d.key = c.document_key AND d.state IN ${liveStates}`

/** Chunks for passages. */
export function createChunkReader(
  database: Database,
): Pick<DocumentStore, 'chunksByKey' | 'chunksById' | 'chunksByOrdinal' | 'chunksInRange' | 'oldestChunker'> {
  return {
    chunksByKey: (chunkKeys) => {
      const rows = database.all<ChunkRow>(`${selectLive} WHERE c.key IN (SELECT value FROM json_each(?))`, [
        JSON.stringify(chunkKeys),
      ])
      const found = new Map(rows.map((row) => [row.key, toStoredChunk(row)]))
      return chunkKeys.flatMap((key) => found.get(key) ?? [])
    },
    chunksById: (ids) =>
      ids.flatMap((id) => {
        const [prefix = '', ordinal = ''] = id.split('-')
        // `g` follows every hex digit: the document whose id begins so, by its index.
        const row = database.get<ChunkRow>(
          `${selectLive} WHERE d.state <> 'removed' AND d.id >= ? AND d.id < ? AND c.ordinal = ? AND c.id = ?`,
          [prefix, `${prefix}g`, Number(ordinal), id],
        )
        return row === undefined ? [] : [toStoredChunk(row)]
      }),
    chunksByOrdinal: (documentKey, firstOrdinal, lastOrdinal) =>
      database
        .all<ChunkRow>(`${selectLive} WHERE c.document_key = ? AND c.ordinal BETWEEN ? AND ? ORDER BY c.ordinal`, [
          documentKey,
          firstOrdinal,
          lastOrdinal,
        ])
        .map(toStoredChunk),
    chunksInRange: (id, { start, end }, limit) =>
      database
        .all<ChunkRow>(
          `${selectLive} WHERE d.state <> 'removed' AND d.id = ? AND c.start_offset < ? AND c.end_offset > ? ORDER BY c.ordinal LIMIT ?`,
          [id, end, start, limit],
        )
        .map(toStoredChunk),
    oldestChunker: () =>
      database.get<{ oldest: number | null }>(
        `SELECT min(chunker_version) AS oldest FROM document WHERE state IN ${liveStates}`,
      )?.oldest ?? null,
  }
}

function toStoredChunk(row: ChunkRow): StoredChunk {
  return {
    chunkKey: row.key,
    documentKey: row.document_key,
    id: row.id,
    documentId: row.document_id,
    documentName: row.name,
    title: row.title,
    path: row.path ?? row.name,
    kind: row.kind ?? 'text',
    parserVersion: row.parser_version,
    ordinal: row.ordinal,
    start: row.start_offset,
    end: row.end_offset,
    page: row.page,
    lastPage: row.last_page,
    headingPath: JSON.parse(row.heading_path) as readonly string[],
    text: row.text,
    language: row.language,
    tokenCount: row.token_count,
    isEmbedded: row.has_vector === 1,
    modifiedAt: row.modified_at,
  }
}
