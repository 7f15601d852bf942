import type { OptimizeStats, Table } from '@lancedb/lancedb'
import type { Clock } from '../ports/clock.ts'
import type { VectorRow } from '../ports/indexes.ts'
import type { Log } from '../ports/log.ts'
import { createKeySet, type KeySet } from './key-set.ts'
import { translateStorageError } from './sqlite-errors.ts'
import { trackVersionsInUse, type VersionsInUse } from './versions-in-use.ts'
import { toArrowTable } from './vector-rows.ts'
import {
  annIndexFor,
  chooseAnnIndex,
  isCompactionDue,
  isCompactionDueAtRest,
  isIndexInPieces,
  rowsOfIndex,
  type AnnIndex,
  type SinceCompaction,
  type TableSize,
} from './vector-upkeep.ts'

const keysPerPredicate = 500
/**
 * LanceDB is told an age and counts it from the moment when it removes files, after it has joined others: so what nobody needs
 * is kept for longer than that takes.
 */
const shortestKeptMs = 1_000
const unknownCompactionMs = 10_000

/** One table of vectors: what is in it, and its upkeep. Its changes must be made one at a time; reads go through `versions`. */
export interface VectorTable {
  readonly table: Table
  /** Keys that may be stored: all that were when it was opened and all added since. */
  readonly keys: KeySet
  readonly versions: VersionsInUse
  /** The name of the ANN index; null without one. See vector-upkeep.ts. */
  readonly indexName: string | null
  /** Rows whose chunk is stored already take its place. Compacts where that is due. */
  add(rows: readonly VectorRow[]): Promise<void>
  /** Compacts where that is due. */
  remove(column: KeyColumn, keys: readonly number[]): Promise<void>
  /** Compacts, drops versions that nobody reads, and makes the index anew where the number of rows asks for that. */
  optimise(): Promise<void>
  /**
   * Does so where enough has changed. What one leaves, since it reads old files and writes new ones, the next one joins or
   * removes. @returns whether there is such a thing.
   */
  optimiseAtRest(): Promise<boolean>
}

/** Of what the last compaction left: small files, only the files of old versions, or nothing. */
type Upkeep = 'changed' | 'joined' | 'swept'

export type KeyColumn = 'chunk_key' | 'document_key'

export interface VectorTableOptions {
  readonly name: string
  readonly dimensions: number
  readonly clock: Clock
  /** Makes the index of the column `vector` by the driver. */
  readonly createIndex: (index: AnnIndex) => Promise<void>
  readonly log: Log
}

/** Reads all keys, and so touches every data file: a damaged folder shows itself now. @throws the driver's errors. */
export async function openVectorTable(
  table: Table,
  { name, dimensions, clock, createIndex, log }: VectorTableOptions,
): Promise<VectorTable> {
  const keys = createKeySet()
  for (const key of await readChunkKeys(table)) keys.add(key)
  const versions = trackVersionsInUse(clock)
  let indexName = await presentIndex(table)
  // Each addition and each deletion leaves a small file and a version of the table. Those of earlier processes count;
  // one file is as many as it can be.
  const { numFragments } = (await table.stats()).fragmentStats
  let since: SinceCompaction = { changes: Math.max(0, numFragments - 1), addedRows: 0 }

  let upkeep: Upkeep = 'swept'
  let compactionMs = unknownCompactionMs

  const readSize = async (): Promise<TableSize> => ({ rows: await table.countRows(), dimensions })

  const deleteWhere = async (column: KeyColumn, unwanted: readonly number[]): Promise<void> => {
    for (let from = 0; from < unwanted.length; from += keysPerPredicate) {
      const predicate = isOneOf(column, unwanted.slice(from, from + keysPerPredicate))
      await versions.change(() => table.delete(predicate))
      since = { ...since, changes: since.changes + 1 }
    }
  }

  const compact = async (): Promise<void> => {
    // Whatever becomes of it: it is tried again when it is due again, or at rest.
    since = { changes: 0, addedRows: 0 }
    upkeep = 'changed'
    const beganMs = clock.now()
    const keptMs = shortestKeptMs + 2 * compactionMs
    const joined = await optimiseTable(versions.oldestNeededMs() - keptMs)
    compactionMs = clock.now() - beganMs
    const { numFragments } = (await table.stats()).fragmentStats
    if (joined !== null && (joined.compaction.fragmentsRemoved === 0 || numFragments <= 1)) upkeep = 'joined'
    const size = await readSize()
    const wanted =
      chooseAnnIndex(size, indexName) ??
      (isIndexInPieces(numFragments, size.rows, indexName) ? annIndexFor(size) : null)
    if (wanted !== null) await makeIndex(wanted)
  }

  /** Versions made before that moment go. @returns null: the index was made anew instead. */
  const optimiseTable = (olderThanMs: number): Promise<OptimizeStats | null> =>
    versions.change(() => table.optimize({ cleanupOlderThan: new Date(olderThanMs) })).catch(remakeIndex)

  /**
   * LanceDB panics where it merges two parts of an index that know rows of a file which is gone: all of its rows were deleted
   * (lance#7701 is of this kind). An index that is made anew knows only rows that are there. @throws the problem, where there is no index.
   */
  const remakeIndex = async (problem: unknown): Promise<null> => {
    if (indexName === null || translateStorageError(problem).code === 'storage-full') throw problem
    log.warn(`vectors of ${name}: the index could not be extended and is made anew`, problem)
    await makeIndex(annIndexFor(await readSize()))
    return null
  }

  const makeIndex = async (index: AnnIndex): Promise<void> => {
    const outgrown = indexName
    await versions.change(async () => {
      await createIndex(index)
      if (outgrown !== null && outgrown !== index.name) await table.dropIndex(outgrown)
    })
    indexName = index.name
    upkeep = 'changed'
    log.info(`vectors of ${name}: indexed in ${index.partitions} parts`)
  }

  /** With nothing to join, the present version is the one that every new read finds; so all others may go. */
  const sweep = async (): Promise<void> => {
    const swept = await optimiseTable(clock.now())
    if (swept !== null) upkeep = 'swept'
  }

  /** A search reads every small file, and every row that the index does not know. */
  const compactWhenDue = async (): Promise<void> => {
    const size = await readSize()
    if (!isCompactionDue(since, size.rows) && chooseAnnIndex(size, indexName) === null) return
    // What was to be stored or removed is: that must not fail because of the tidying.
    await compact().catch((problem: unknown) => log.warn(`vectors of ${name}: could not be compacted`, problem))
  }

  return {
    table,
    keys,
    versions,
    get indexName() {
      return indexName
    },

    add: async (rows) => {
      // Stored before, but never marked in SQLite: the process died between the two.
      await deleteWhere(
        'chunk_key',
        rows.map(({ chunkKey }) => chunkKey).filter((key) => keys.has(key)),
      )
      const data = toArrowTable(rows, dimensions)
      for (const { chunkKey } of rows) keys.add(chunkKey)
      await versions.change(() => table.add(data))
      since = { changes: since.changes + 1, addedRows: since.addedRows + rows.length }
      await compactWhenDue()
    },

    remove: async (column, unwanted) => {
      await deleteWhere(column, unwanted)
      await compactWhenDue()
    },

    optimise: compact,

    optimiseAtRest: async () => {
      const size = await readSize()
      const isSweepable = upkeep === 'joined' && since.changes === 0
      const isLeft = upkeep !== 'swept' && !isSweepable
      if (isLeft || isCompactionDueAtRest(since, size.rows) || chooseAnnIndex(size, indexName) !== null) await compact()
      else if (isSweepable && !versions.isRead) await sweep()
      return upkeep !== 'swept'
    },
  }
}

/** The one that was made for most rows; a process that died while it was replaced left another, which goes. Null: there is none. */
async function presentIndex(table: Table): Promise<string | null> {
  const ofVectors = (await table.listIndices()).filter(({ columns }) => columns.includes('vector'))
  const names = ofVectors.map(({ name }) => name).toSorted((a, b) => rowsOfIndex(b) - rowsOfIndex(a))
  for (const name of names.slice(1)) await table.dropIndex(name)
  return names[0] ?? null
}

export async function readChunkKeys(table: Table): Promise<readonly number[]> {
  const keys: number[] = []
  for await (const batch of table.query().select(['chunk_key'])) {
    for (const key of (batch.getChild('chunk_key')?.toArray() ?? []) as Int32Array) keys.push(key)
  }
  return keys
}

/** A predicate of SQL. Only whole numbers ever reach one. @throws Error for any other. */
export function isOneOf(column: KeyColumn, keys: Iterable<number>): string {
  const numbers = Array.from(keys, (key) => {
    if (!Number.isSafeInteger(key)) throw new Error(`not a key: ${key}`)
    return String(key)
  })
  return `${column} IN (${numbers.join(', ')})`
}
