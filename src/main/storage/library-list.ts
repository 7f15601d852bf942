import { z } from 'zod'
import {
  documentKinds,
  documentNoticeSchema,
  documentStates,
  serializedErrorSchema,
  type DocumentKind,
  type DocumentState,
  type DocumentSummary,
} from '../../shared/document.ts'
import { type CollectionId, collectionIdSchema, type DocumentId } from '../../shared/ids.ts'
import type { DocumentStore } from '../ports/document-store.ts'
import type { Database } from './database.ts'
import { foldName } from './document-records.ts'
import { parseScan } from './scan-pages.ts'

type LibraryList = Pick<
  DocumentStore,
  'list' | 'summaries' | 'resolve' | 'totals' | 'searchableDocumentCount' | 'searchableChunkCount' | 'chunksByLanguage'
>

interface SummaryRow {
  readonly id: DocumentId
  readonly name: string
  readonly title: string | null
  readonly paths: string
  readonly kind: string | null
  readonly state: DocumentState
  readonly problem: string | null
  readonly notices: string
  readonly scan: string | null
  readonly size_bytes: number
  readonly page_count: number | null
  readonly chunk_count: number
  readonly embedded_chunk_count: number
  readonly added_at: number
  readonly collection_ids: string
}

/** Keys in the order of the list, without a limit; `total` null: to be counted. */
interface KeyQuery {
  readonly keys: string
  readonly values: Readonly<Record<string, string | number>>
  readonly total: number | null
}

interface TotalRow {
  readonly state: DocumentState | 'removed'
  readonly documents: number
  readonly chunks: number
  readonly embedded_chunks: number
}

const selectSummary = `
  SELECT id, name, title, kind, state, notices, scan, size_bytes, page_count, chunk_count, embedded_chunk_count, added_at,
    coalesce(problem, (SELECT problem FROM location WHERE document_key = document.key AND state = 'failed' ORDER BY key LIMIT 1)) AS problem,
    (SELECT json_group_array(path) FROM (
      SELECT path FROM location WHERE document_key = document.key OR next_document_key = document.key ORDER BY key
    )) AS paths,
    (SELECT json_group_array(id) FROM (
      SELECT c.id FROM collection_document m JOIN collection c ON c.key = m.collection_key
      WHERE m.document_key = document.key AND c.deleted_at IS NULL ORDER BY c.folded_name
    )) AS collection_ids
  FROM document`

const newest = 'ORDER BY added_at DESC, key DESC'
const shortestPrefix = /^[0-9a-f]{8,63}$/
const noticesSchema = z.array(documentNoticeSchema)
const pathsSchema = z.array(z.string())
const collectionIdsSchema = z.array(collectionIdSchema)

/** Beyond as many documents nobody asks how many chunks they have. */
const mostCounted = 1_000

/** What the library shows of its documents. */
export function createLibraryList(database: Database): LibraryList {
  const totalRows = (): readonly TotalRow[] =>
    database.all<TotalRow>(
      "SELECT state, documents, chunks, embedded_chunks FROM library_total WHERE state <> 'removed'",
    )
  const liveTotals = (): readonly TotalRow[] =>
    totalRows().filter(({ state }) => state === 'searchable' || state === 'ready')
  const sum = (rows: readonly TotalRow[], column: 'documents' | 'chunks' | 'embedded_chunks'): number =>
    rows.reduce((total, row) => total + row[column], 0)

  const listedKeys = (wanted: string): KeyQuery =>
    wanted === ''
      ? {
          keys: `SELECT key FROM document WHERE state <> 'removed' ${newest}`,
          values: {},
          total: sum(totalRows(), 'documents'),
        }
      : {
          keys: `SELECT key FROM document WHERE state <> 'removed' AND instr(folded_name, @wanted) > 0 ${newest}`,
          values: { wanted },
          total: null,
        }
  // By an index of their own: they may be three of 50,000, or all of them.
  const attentionKeys = (wanted: string, collectionId: CollectionId | null): KeyQuery => ({
    keys: `SELECT key FROM document INDEXED BY document_attention
           WHERE (state = 'needs-attention' OR (state = 'searchable' AND problem IS NOT NULL))
             AND instr(folded_name, @wanted) > 0 AND (@collectionId = '' OR EXISTS (
               SELECT 1 FROM collection_document m JOIN collection c ON c.key = m.collection_key
               WHERE m.document_key = document.key AND c.id = @collectionId AND c.deleted_at IS NULL
             )) ${newest}`,
    values: { wanted, collectionId: collectionId ?? '' },
    total: null,
  })
  const memberKeys = (wanted: string, id: CollectionId): KeyQuery => {
    const collection = database.get<{ key: number; document_count: number }>(
      'SELECT key, document_count FROM collection WHERE id = ? AND deleted_at IS NULL',
      [id],
    )
    const values = { collection: collection?.key ?? -1 }
    return wanted === ''
      ? {
          keys: `SELECT document_key FROM collection_document WHERE collection_key = @collection
                 ORDER BY added_at DESC, document_key DESC`,
          values,
          total: collection?.document_count ?? 0,
        }
      : {
          keys: `SELECT key FROM document WHERE state <> 'removed' AND instr(folded_name, @wanted) > 0 AND EXISTS (
                   SELECT 1 FROM collection_document WHERE collection_key = @collection AND document_key = document.key
                 ) ${newest}`,
          values: { ...values, wanted },
          total: null,
        }
  }

  return {
    list: ({ offset, limit, filter, collectionId = null, onlyAttention = false }) => {
      const wanted = foldName(filter.trim())
      const { keys, values, total } = onlyAttention
        ? attentionKeys(wanted, collectionId)
        : collectionId === null
          ? listedKeys(wanted)
          : memberKeys(wanted, collectionId)
      // The keys come from a covering index, so that a long list is never read for one page of it.
      const page = database.all<SummaryRow>(
        `${selectSummary} WHERE key IN (${keys} LIMIT @limit OFFSET @offset) ORDER BY added_at DESC, key DESC`,
        { ...values, limit, offset },
      )
      const counted =
        total ?? database.get<{ total: number }>(`SELECT count(*) AS total FROM (${keys})`, values)?.total ?? 0
      return { total: counted, documents: page.map(toSummary) }
    },

    summaries: (ids) => {
      const rows = database.all<SummaryRow>(
        `${selectSummary} WHERE id IN (SELECT value FROM json_each(?)) AND state <> 'removed'`,
        [JSON.stringify(ids)],
      )
      const found = new Map(rows.map((row) => [row.id, toSummary(row)]))
      return ids.flatMap((id) => found.get(id) ?? [])
    },

    resolve: (idOrPath) => {
      const prefix = shortestPrefix.test(idOrPath) ? idOrPath : null
      return database
        .all<{ id: DocumentId }>(
          `SELECT id FROM document WHERE id = @exact AND state <> 'removed'
           UNION SELECT id FROM document WHERE id >= @prefix AND id < @prefix || 'g' AND state <> 'removed'
           UNION SELECT d.id FROM location l JOIN document d ON d.key = l.document_key OR d.key = l.next_document_key WHERE l.path = @exact`,
          { exact: idOrPath, prefix },
        )
        .map(({ id }) => id)
    },

    totals: () => {
      const rows = totalRows()
      const counts = new Map(rows.map(({ state, documents }) => [state, documents]))
      const byState = Object.fromEntries(documentStates.map((state) => [state, counts.get(state) ?? 0])) as Record<
        DocumentState,
        number
      >
      return {
        byState,
        documents: sum(rows, 'documents'),
        chunks: sum(rows, 'chunks'),
        embeddedChunks: sum(rows, 'embedded_chunks'),
      }
    },

    chunksByLanguage: () =>
      new Map(
        database
          .all<{ language: string; chunks: number }>('SELECT language, chunks FROM language_total WHERE chunks > 0')
          .map(({ language, chunks }) => [language, chunks]),
      ),

    searchableDocumentCount: () => sum(liveTotals(), 'documents'),

    searchableChunkCount: (documentKeys) => {
      if (documentKeys === null) return sum(liveTotals(), 'chunks')
      if (documentKeys.length > mostCounted) return documentKeys.length
      const sql = 'SELECT sum(chunk_count) AS chunks FROM document WHERE key IN (SELECT value FROM json_each(?))'
      return database.get<{ chunks: number | null }>(sql, [JSON.stringify([...documentKeys])])?.chunks ?? 0
    },
  }
}

function toSummary(row: SummaryRow): DocumentSummary {
  return {
    id: row.id,
    name: row.name,
    title: row.title,
    paths: pathsSchema.parse(JSON.parse(row.paths)),
    kind: documentKinds.find((kind): kind is DocumentKind => kind === row.kind) ?? null,
    state: row.state,
    problem: row.problem === null ? null : serializedErrorSchema.parse(JSON.parse(row.problem)),
    notices: noticesSchema.parse(JSON.parse(row.notices)),
    scan: parseScan(row.scan),
    sizeBytes: row.size_bytes,
    pageCount: row.page_count,
    chunkCount: row.chunk_count,
    embeddedChunkCount: row.embedded_chunk_count,
    addedAt: row.added_at,
    collectionIds: collectionIdsSchema.parse(JSON.parse(row.collection_ids)),
  }
}
