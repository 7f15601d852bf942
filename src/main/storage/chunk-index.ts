import { mkdir, rename, rm } from 'node:fs/promises'
import type { Connection, Table } from '@lancedb/lancedb'
import { AppError } from '../../shared/errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { TablePlace } from '../ports/embedder-store.ts'
import type { EmbedderId } from '../ports/embedding.ts'
import type { ChunkIndex, VectorRow } from '../ports/indexes.ts'
import type { Log } from '../ports/log.ts'
import { abandonOnAbort } from './abandon-on-abort.ts'
import { createKeySet, type KeySet } from './key-set.ts'
import { libraryGone, translateStorageError } from './sqlite-errors.ts'
import { chooseAnnIndex, isCompactionDue, partsToSearch, type SinceCompaction } from './vector-upkeep.ts'
import { searchWithin, type FilteredSearch } from './vector-filter.ts'
import { toArrowTable, toHits, toVectors, vectorSchema } from './vector-rows.ts'

/**
 * The one file that knows LanceDB. One table for each embedder, and while one is being replaced another beside it; all of it
 * can be made again from the records.
 */

/** LanceDB's own defaults are gigabytes. */
const indexCacheBytes = 256n * 1024n * 1024n
const metadataCacheBytes = 64n * 1024n * 1024n
/** A search that runs reads the version that was there when it began; none runs for so long. */
export const keepVersionsMs = 20_000
const keysPerPredicate = 500

const unchanged: SinceCompaction = { changes: 0, addedRows: 0 }

interface VectorTable {
  readonly table: Table
  readonly dimensions: number
  /** Keys that may be stored: all that were when it was opened and all added since. */
  readonly keys: KeySet
  /** Each addition and each deletion leaves a small file and a version of the table. */
  since: SinceCompaction
  /** Of the ANN index; null without one. See vector-upkeep.ts. */
  indexName: string | null
}

export interface ChunkIndexOptions {
  /** The tables that answer. */
  readonly serving: Readonly<Record<EmbedderId, TablePlace>>
  /** Tables that are being built. Every other one is what a crash left, and is removed. */
  readonly beside: readonly TablePlace[]
  /** Asked before each write; by default it is. */
  readonly isLibraryThere?: () => boolean
  readonly clock: Clock
  readonly log: Log
}

/**
 * Opens the vectors. A folder that cannot be read is put aside as `<folder>.damaged` and begun anew: reconciliation then
 * finds that every vector is missing.
 * @throws AppError `storage-full` `internal`
 */
export async function openChunkIndex(folder: string, options: ChunkIndexOptions): Promise<ChunkIndex> {
  // Read by the native library when it is loaded: its index builds deadlock on two cores with fewer (lancedb#3568).
  process.env['LANCE_CPU_THREADS'] ??= '4'
  process.env['RUST_LOG'] ??= 'error'
  try {
    await mkdir(folder, { recursive: true })
    return createChunkIndex(await openTables(folder, options), options)
  } catch (error) {
    if (translateStorageError(error).code === 'storage-full') throw translateStorageError(error)
    options.log.warn('the vectors cannot be read; they are put aside and made again', error)
  }
  try {
    await rm(`${folder}.damaged`, { recursive: true, force: true })
    await rename(folder, `${folder}.damaged`)
    await mkdir(folder, { recursive: true })
    return createChunkIndex(await openTables(folder, options), options)
  } catch (error) {
    throw translateStorageError(error)
  }
}

interface OpenTables {
  readonly connection: Connection
  /** By name. */
  readonly tables: Map<string, VectorTable>
}

async function openTables(folder: string, { serving, beside, log }: ChunkIndexOptions): Promise<OpenTables> {
  const { connect, Session } = await import('@lancedb/lancedb')
  const connection = await connect(folder, {}, new Session(indexCacheBytes, metadataCacheBytes))
  try {
    const tables = new Map<string, VectorTable>()
    const known = new Map([...Object.values(serving), ...beside].map((place) => [place.name, place]))
    for (const name of await connection.tableNames()) {
      const place = known.get(name)
      if (place !== undefined) tables.set(name, await adoptTable(await connection.openTable(name), place.dimensions))
      else {
        await connection.dropTable(name)
        log.info(`vectors: ${name} belongs to no index any more and was removed`)
      }
    }
    return { connection, tables }
  } catch (error) {
    connection.close()
    throw error
  }
}

async function adoptTable(table: Table, dimensions: number): Promise<VectorTable> {
  const keys = createKeySet()
  // Also touches every data file, so that a damaged folder shows itself now.
  for (const key of await readChunkKeys(table)) keys.add(key)
  const index = (await table.listIndices()).find(({ columns }) => columns.includes('vector'))
  return { table, dimensions, keys, since: unchanged, indexName: index?.name ?? null }
}

async function readChunkKeys(table: Table): Promise<readonly number[]> {
  const keys: number[] = []
  for await (const batch of table.query().select(['chunk_key'])) {
    for (const key of (batch.getChild('chunk_key')?.toArray() ?? []) as Int32Array) keys.push(key)
  }
  return keys
}

function createChunkIndex(
  { connection, tables }: OpenTables,
  { serving: servingAtStart, isLibraryThere = () => true, clock, log }: ChunkIndexOptions,
): ChunkIndex {
  const serving: Record<EmbedderId, TablePlace> = { ...servingAtStart }
  const removedDocuments = createKeySet()
  let lastWrite: Promise<unknown> = Promise.resolve()
  let isClosed = false

  /** Writes one after another, searches whenever they like. */
  const write = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const result = lastWrite.then(() =>
      guarded(async () => {
        // LanceDB would make the folder anew, and SQLite write into a file that nobody finds again.
        if (!isLibraryThere()) throw libraryGone()
        return work()
      }),
    )
    lastWrite = result.catch(() => undefined) // the caller has the same rejection
    return result
  }
  const guarded = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (isClosed) throw new AppError('internal', 'The library is closed.')
    try {
      return await work()
    } catch (error) {
      throw translateStorageError(error)
    }
  }
  const tableFor = async ({ name, dimensions }: TablePlace): Promise<VectorTable> => {
    const known = tables.get(name)
    if (known !== undefined) return known
    const created = await adoptTable(await connection.createEmptyTable(name, vectorSchema(dimensions)), dimensions)
    tables.set(name, created)
    return created
  }
  const servingVectors = (embedder: EmbedderId): VectorTable | undefined => tables.get(serving[embedder].name)
  const addRows = async (place: TablePlace, rows: readonly VectorRow[]): Promise<void> => {
    // A document may be removed between the embedding of its chunks and now.
    const live = rows.filter(({ documentKey }) => !removedDocuments.has(documentKey))
    if (live.length === 0) return
    const vectors = await tableFor(place)
    // Stored before, but never marked in SQLite: the process died between the two.
    await deleteWhere(
      vectors,
      'chunk_key',
      live.map(({ chunkKey }) => chunkKey).filter((key) => vectors.keys.has(key)),
    )
    const data = toArrowTable(live, vectors.dimensions)
    for (const { chunkKey } of live) vectors.keys.add(chunkKey)
    await vectors.table.add(data)
    const { changes, addedRows } = vectors.since
    vectors.since = { changes: changes + 1, addedRows: addedRows + live.length }
    await compactWhenDue(vectors, place.name)
  }
  /** A search reads every small file, and every row that the index does not know. */
  const compactWhenDue = async (vectors: VectorTable, name: string): Promise<void> => {
    const rows = await vectors.table.countRows()
    if (isCompactionDue(vectors.since, rows) || chooseAnnIndex(rows, vectors.indexName) !== null)
      await optimiseTable(vectors, name)
  }
  const dropTable = async (name: string): Promise<void> => {
    tables.get(name)?.table.close()
    if (tables.delete(name)) await connection.dropTable(name)
  }
  const deleteWhere = async (
    vectors: VectorTable,
    column: 'chunk_key' | 'document_key',
    keys: readonly number[],
  ): Promise<void> => {
    for (let from = 0; from < keys.length; from += keysPerPredicate) {
      await vectors.table.delete(
        `${column} IN (${keys
          .slice(from, from + keysPerPredicate)
          .map(integer)
          .join(', ')})`,
      )
      vectors.since = { ...vectors.since, changes: vectors.since.changes + 1 }
    }
  }
  const optimiseTable = async (vectors: VectorTable, name: string): Promise<void> => {
    await vectors.table.optimize({ cleanupOlderThan: new Date(clock.now() - keepVersionsMs) })
    vectors.since = unchanged
    const wanted = chooseAnnIndex(await vectors.table.countRows(), vectors.indexName)
    if (wanted === null) return
    const { Index } = await import('@lancedb/lancedb')
    const config = Index.ivfFlat({ distanceType: 'cosine', numPartitions: wanted.partitions })
    await vectors.table.createIndex('vector', { config, name: wanted.name })
    if (vectors.indexName !== null) await vectors.table.dropIndex(vectors.indexName)
    vectors.indexName = wanted.name
    log.info(`vectors of ${name}: indexed in ${wanted.partitions} parts`)
  }

  return {
    servingTable: (embedder) => serving[embedder].name,

    add: (embedder, rows, { table } = { table: serving[embedder].name }) =>
      write(async () => {
        if (table !== serving[embedder].name)
          throw new AppError('index-outdated', 'The index was replaced meanwhile. This is done again by itself.', {
            retryable: true,
          })
        await addRows(serving[embedder], rows)
      }),

    openBeside: (place) =>
      write(async () => {
        const { keys } = await tableFor(place)
        return (chunkKey) => keys.has(chunkKey)
      }),

    addBeside: (place, rows) => write(() => addRows(place, rows)),

    serve: (embedder, place, commit) =>
      write(async () => {
        await optimiseTable(await tableFor(place), place.name)
        const { name } = serving[embedder]
        commit()
        serving[embedder] = place
        // Nothing answers from it any more; what cannot be removed now is removed at the next start.
        if (name !== place.name)
          await dropTable(name).catch((error: unknown) => log.warn(`vectors: ${name} is removed later`, error))
      }),

    removeBeside: ({ name }) => write(() => dropTable(name)),

    search: (embedder, vector, { limit, within = null, signal }) =>
      abandonOnAbort(signal, () =>
        guarded(async () => {
          const vectors = servingVectors(embedder)
          if (vectors === undefined) return []
          const search: FilteredSearch = async ({ wanted, documentKeys }) => {
            const parts = partsToSearch(vectors.indexName)
            const query = vectors.table
              .query()
              .nearestTo(vector)
              .distanceType('cosine')
              .select(['chunk_key', 'document_key', '_distance'])
              .limit(wanted)
            if (documentKeys === null) return toHits(await query.nprobes(parts).toArrow())
            // Without a maximum (lance: 0 is no limit), which is said first, since a minimum above the usual one is refused: further parts are
            // searched until there are enough.
            const filtered = query.maximumNprobes(0).minimumNprobes(parts)
            return toHits(
              await filtered.where(`document_key IN (${Array.from(documentKeys, integer).join(', ')})`).toArrow(),
            )
          }
          return within === null
            ? search({ wanted: limit, documentKeys: null })
            : searchWithin(within, limit, search, signal)
        }),
      ),

    read: (embedder, chunkKeys) =>
      guarded(async () => {
        const vectors = servingVectors(embedder)
        const maybeStored = chunkKeys.filter((key) => vectors?.keys.has(key) === true)
        if (vectors === undefined || maybeStored.length === 0) return new Map()
        const predicate = `chunk_key IN (${maybeStored.map(integer).join(', ')})`
        return toVectors(await vectors.table.query().where(predicate).select(['chunk_key', 'vector']).toArrow())
      }),

    removeDocuments: (documentKeys) =>
      write(async () => {
        for (const key of documentKeys) removedDocuments.add(key)
        for (const [name, vectors] of tables) {
          await deleteWhere(vectors, 'document_key', documentKeys)
          await compactWhenDue(vectors, name)
        }
      }),

    removeChunks: (embedder, chunkKeys) =>
      write(async () => {
        const vectors = servingVectors(embedder)
        if (vectors === undefined) return
        await deleteWhere(vectors, 'chunk_key', chunkKeys)
        await compactWhenDue(vectors, serving[embedder].name)
      }),

    chunkKeys: (embedder) =>
      guarded(async () => {
        const vectors = servingVectors(embedder)
        return vectors === undefined ? [] : Array.from(Int32Array.from(await readChunkKeys(vectors.table)).toSorted())
      }),

    optimise: () =>
      write(async () => {
        for (const [name, vectors] of tables) await optimiseTable(vectors, name)
      }),

    close: async () => {
      await lastWrite
      if (isClosed) return
      isClosed = true
      for (const { table } of tables.values()) table.close()
      connection.close()
    },
  }
}

/** Only whole numbers ever reach a predicate. */
function integer(key: number): string {
  if (!Number.isSafeInteger(key)) throw new Error(`not a key: ${key}`)
  return String(key)
}
