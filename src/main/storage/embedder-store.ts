import { boardEmbedders } from '../../shared/board-embedders.ts'
import { type EmbedderRecord, embedderRecordSchema } from '../../shared/embedder.ts'
import type { Clock } from '../ports/clock.ts'
import type { EmbedderStore, TablePlace, VectorIndexRecord } from '../ports/embedder-store.ts'
import type { EmbedderId } from '../ports/embedding.ts'
import type { Database } from './database.ts'
import { embedderIds } from './embedder-ids.ts'

interface IndexRow {
  readonly table_name: string
  readonly record: string
  readonly chunker_version: number
}

/**
 * {@link EmbedderStore} in SQLite. A library that does not say yet what made its vectors (it is new, or older than this
 * record) gets the embedders on board, in the tables that earlier versions made.
 */
export function createEmbedderStore(
  database: Database,
  options: {
    readonly chunkerVersion: number
    readonly clock: Clock
  },
): EmbedderStore {
  const { chunkerVersion, clock } = options
  const read = (embedder: EmbedderId, role: VectorIndexRecord['role']): VectorIndexRecord | null => {
    const row = database.get<IndexRow>(
      'SELECT table_name, record, chunker_version FROM vector_index WHERE embedder = ? AND role = ?',
      [embedder, role],
    )
    if (row === undefined) return null
    const record = embedderRecordSchema.parse(JSON.parse(row.record))
    return { embedder, role, table: row.table_name, record, chunkerVersion: row.chunker_version }
  }
  const write = (
    embedder: EmbedderId,
    role: VectorIndexRecord['role'],
    { table, record }: { readonly table: string; readonly record: EmbedderRecord },
  ): void =>
    void database.run(
      'INSERT OR REPLACE INTO vector_index (embedder, role, table_name, record, chunker_version) VALUES (?, ?, ?, ?, ?)',
      [embedder, role, table, JSON.stringify(record), chunkerVersion],
    )

  database.transaction('vector indexes', () => {
    for (const embedder of embedderIds) {
      const record = boardEmbedders[embedder]
      if (read(embedder, 'serving') === null)
        write(embedder, 'serving', { table: `${embedder}-${record.identity.dimensions}`, record })
    }
  })

  return {
    added: () =>
      database
        .all<{ record: string }>('SELECT record FROM added_embedder ORDER BY added_at, id')
        .map(({ record }) => embedderRecordSchema.parse(JSON.parse(record))),
    add: (record) =>
      void database.run('INSERT OR REPLACE INTO added_embedder (id, record, added_at) VALUES (?, ?, ?)', [
        record.id,
        JSON.stringify(record),
        clock.now(),
      ]),
    remove: (id) => void database.run('DELETE FROM added_embedder WHERE id = ?', [id]),
    serving: (embedder) => {
      const serving = read(embedder, 'serving')
      if (serving === null) throw new Error(`no index answers for ${embedder}`)
      return serving
    },
    next: (embedder) => read(embedder, 'next'),
    begin: (embedder, next) => write(embedder, 'next', next),
    finish: (embedder) =>
      database.transaction('switch the index', () => {
        if (read(embedder, 'next') === null) throw new Error(`no index is being built for ${embedder}`)
        database.run("DELETE FROM vector_index WHERE embedder = ? AND role = 'serving'", [embedder])
        database.run("UPDATE vector_index SET role = 'serving' WHERE embedder = ? AND role = 'next'", [embedder])
      }),
    cancel: (embedder) =>
      void database.run("DELETE FROM vector_index WHERE embedder = ? AND role = 'next'", [embedder]),
  }
}

export function placeOf({ table, record }: VectorIndexRecord): TablePlace {
  return { name: table, dimensions: record.identity.dimensions }
}

export function servingPlaces(embedders: EmbedderStore): Readonly<Record<EmbedderId, TablePlace>> {
  return {
    'all-MiniLM-L6-v2': placeOf(embedders.serving('all-MiniLM-L6-v2')),
    'bge-small-zh-v1.5': placeOf(embedders.serving('bge-small-zh-v1.5')),
  }
}

/** Tables that are being built. */
export function nextPlaces(embedders: EmbedderStore): readonly TablePlace[] {
  return embedderIds.flatMap((embedder) => {
    const next = embedders.next(embedder)
    return next === null ? [] : [placeOf(next)]
  })
}
