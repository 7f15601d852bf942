import { mkdir, rename, rm } from 'node:fs/promises'
import type { Connection, Table } from '@lancedb/lancedb'
import { cosineSimilarity } from '../../shared/cosine-similarity.ts'
import { AppError } from '../../shared/errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { TablePlace } from '../ports/embedder-store.ts'
import type { EmbedderId } from '../ports/embedding.ts'
import type { ChunkIndex, VectorRow } from '../ports/indexes.ts'
import type { Log } from '../ports/log.ts'
import { abandonOnAbort } from './abandon-on-abort.ts'
import { createKeySet } from './key-set.ts'
import { libraryGone, translateStorageError } from './sqlite-errors.ts'
import { searchWithin, type FilteredSearch } from './vector-filter.ts'
import { toHits, toVectors, vectorSchema } from './vector-rows.ts'
import { isOneOf, openVectorTable, readChunkKeys, type VectorTable } from './vector-table.ts'
import { searchEffort } from './vector-upkeep.ts'

/**
 * The one file that loads LanceDB; what happens within a table is in vector-table.ts. One table for each embedder, and while one is being replaced another beside it; all of it
 * can be made again from the records.
 */

/** LanceDB's own defaults are gigabytes. */
const indexCacheBytes = 256n * 1024n * 1024n
const metadataCacheBytes = 64n * 1024n * 1024n

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

async function openTables(folder: string, options: ChunkIndexOptions): Promise<OpenTables> {
  const { serving, beside, log } = options
  const { connect, Session } = await import('@lancedb/lancedb')
  const connection = await connect(folder, {}, new Session(indexCacheBytes, metadataCacheBytes))
  try {
    const tables = new Map<string, VectorTable>()
    const known = new Map([...Object.values(serving), ...beside].map((place) => [place.name, place]))
    for (const name of await connection.tableNames()) {
      const place = known.get(name)
      if (place !== undefined) tables.set(name, await adoptTable(await connection.openTable(name), place, options))
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

async function adoptTable(
  table: Table,
  { name, dimensions }: TablePlace,
  { clock, log }: ChunkIndexOptions,
): Promise<VectorTable> {
  return openVectorTable(table, {
    name,
    dimensions,
    clock,
    createIndex: async ({ name: indexName, partitions, kind }) => {
      const { Index } = await import('@lancedb/lancedb')
      const options = { distanceType: 'cosine', numPartitions: partitions } as const
      const config = kind === 'quantised' ? Index.ivfRq(options) : Index.ivfFlat(options)
      await table.createIndex('vector', { config, name: indexName })
    },
    log,
  })
}

function createChunkIndex({ connection, tables }: OpenTables, options: ChunkIndexOptions): ChunkIndex {
  const { serving: servingAtStart, isLibraryThere = () => true, log } = options
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
  const tableFor = async (place: TablePlace): Promise<VectorTable> => {
    const known = tables.get(place.name)
    if (known !== undefined) return known
    const table = await connection.createEmptyTable(place.name, vectorSchema(place.dimensions))
    const created = await adoptTable(table, place, options)
    tables.set(place.name, created)
    return created
  }
  const servingVectors = (embedder: EmbedderId): VectorTable | undefined => tables.get(serving[embedder].name)
  const addRows = async (place: TablePlace, rows: readonly VectorRow[]): Promise<void> => {
    // A document may be removed between the embedding of its chunks and now.
    const live = rows.filter(({ documentKey }) => !removedDocuments.has(documentKey))
    if (live.length > 0) await (await tableFor(place)).add(live)
  }
  const dropTable = async (name: string): Promise<void> => {
    tables.get(name)?.table.close()
    if (tables.delete(name)) await connection.dropTable(name)
  }
  const read: ChunkIndex['read'] = (embedder, chunkKeys) =>
    guarded(async () => {
      const vectors = servingVectors(embedder)
      const maybeStored = chunkKeys.filter((key) => vectors?.keys.has(key) === true)
      if (vectors === undefined || maybeStored.length === 0) return new Map()
      const query = vectors.table.query().where(isOneOf('chunk_key', maybeStored)).select(['chunk_key', 'vector'])
      return toVectors(await vectors.versions.read(() => query.toArrow()))
    })

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
        await (await tableFor(place)).optimise()
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
            const { parts, refineFactor } = searchEffort(vectors.indexName, wanted)
            const nearest = vectors.table
              .query()
              .nearestTo(vector)
              .distanceType('cosine')
              .select(['chunk_key', 'document_key', '_distance'])
              .limit(wanted)
            const query = refineFactor === null ? nearest : nearest.refineFactor(refineFactor)
            if (documentKeys === null) return toHits(await vectors.versions.read(() => query.nprobes(parts).toArrow()))
            // Without a maximum (lance: 0 is no limit), which is said first, since a minimum above the usual one is refused: further parts are
            // searched until there are enough.
            const filtered = query.maximumNprobes(0).minimumNprobes(parts).where(isOneOf('document_key', documentKeys))
            return toHits(await vectors.versions.read(() => filtered.toArrow()))
          }
          return within === null
            ? search({ wanted: limit, documentKeys: null })
            : searchWithin(within, limit, search, signal)
        }),
      ),

    similarities: (embedder, vector, chunkKeys, { signal }) =>
      abandonOnAbort(signal, async () => {
        const vectors = await read(embedder, chunkKeys)
        return new Map([...vectors].map(([key, other]) => [key, cosineSimilarity(vector, other)]))
      }),

    read,

    removeDocuments: (documentKeys) =>
      write(async () => {
        for (const key of documentKeys) removedDocuments.add(key)
        for (const vectors of tables.values()) await vectors.remove('document_key', documentKeys)
      }),

    removeChunks: (embedder, chunkKeys) =>
      write(async () => {
        await servingVectors(embedder)?.remove('chunk_key', chunkKeys)
      }),

    chunkKeys: (embedder) =>
      guarded(async () => {
        const vectors = servingVectors(embedder)
        return vectors === undefined
          ? []
          : Array.from(Int32Array.from(await vectors.versions.read(() => readChunkKeys(vectors.table))).toSorted())
      }),

    optimise: () =>
      write(async () => {
        let isMoreLeft = false
        for (const vectors of tables.values()) isMoreLeft = (await vectors.optimiseAtRest()) || isMoreLeft
        return isMoreLeft
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
