import SqliteDatabase from 'better-sqlite3'
import type { Log } from '../ports/log.ts'
import { errorCode, storageLocked, translateStorageError } from './sqlite-errors.ts'

/** The one file that knows better-sqlite3. Everything is synchronous: keep statements short. */

export type SqlValue = string | number | null | Uint8Array
/** Positional values for `?`, or named ones for `@name`. */
export type SqlValues = readonly SqlValue[] | Readonly<Record<string, SqlValue>>

/**
 * A connection with cached prepared statements. Row types are claimed by the caller beside the SQL that makes them.
 * Every method @throws AppError `storage-full` `storage-corrupt` `storage-locked` `internal`
 */
export interface Database extends Disposable {
  /** @returns rows changed, and the key of the row inserted last. */
  run(sql: string, values?: SqlValues): { readonly changes: number; readonly key: number }
  get<Row>(sql: string, values?: SqlValues): Row | undefined
  all<Row>(sql: string, values?: SqlValues): readonly Row[]
  /** Row by row, for long walks off the main thread. The connection can do nothing else until it ends. */
  each<Row>(sql: string, values?: SqlValues): IterableIterator<Row>
  /** All or nothing; rolled back when `work` throws. Inside another transaction it joins that one. */
  transaction<Result>(name: string, work: () => Result): Result
  /** Several statements without values, for schemas. */
  script(sql: string): void
  /** Called after each committed change of this connection. */
  onCommit(listener: () => void): void
  /** A consistent copy, made in steps between which the process goes on. */
  copyTo(path: string): Promise<void>
}

const slowMs = 40

interface OpenOptions {
  readonly isReadOnly: boolean
  readonly log: Pick<Log, 'warn'>
}

/**
 * Opens (creates) the library's database. WAL, so that the search thread reads while main writes. `synchronous = NORMAL`:
 * in WAL mode a dead process loses nothing and a power cut can never damage the file, it can only undo the last
 * transactions. That costs a few re-read pages and re-made vectors, which import repairs by itself at the next start;
 * FULL would put a disk flush of main's thread into every slice of an import.
 */
export function openDatabase(path: string, options: OpenOptions): Database {
  return guarded(() => {
    const connection = new SqliteDatabase(path, { readonly: options.isReadOnly, timeout: 2_000 })
    try {
      if (!options.isReadOnly) {
        connection.pragma('journal_mode = WAL')
        connection.pragma('synchronous = NORMAL')
        connection.pragma('journal_size_limit = 67108864')
      }
      connection.pragma('foreign_keys = ON')
      connection.pragma('temp_store = MEMORY')
      return wrap(connection, options)
    } catch (error) {
      connection.close()
      throw error
    }
  })
}

/**
 * Holds `path` for this process alone until disposed. An open exclusive transaction is a lock that the system itself
 * releases when the process dies, however it dies; a file with a process number in it would outlive its owner.
 * @throws AppError `storage-locked` when somebody else holds it.
 */
export function holdExclusively(path: string): Disposable {
  return guarded(() => {
    const connection = new SqliteDatabase(path, { timeout: 0 })
    try {
      // Nothing is ever written to it, so it needs no journal beside it.
      connection.pragma('journal_mode = OFF')
      connection.exec('BEGIN EXCLUSIVE')
    } catch (error) {
      connection.close()
      throw errorCode(error)?.startsWith('SQLITE_BUSY') === true ? storageLocked(error) : error
    }
    return { [Symbol.dispose]: () => void connection.close() }
  })
}

function guarded<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw translateStorageError(error)
  }
}

function wrap(connection: SqliteDatabase.Database, { log }: OpenOptions): Database {
  const statements = new Map<string, SqliteDatabase.Statement>()
  let committed: () => void = () => undefined
  const prepared = (sql: string): SqliteDatabase.Statement => {
    const known = statements.get(sql)
    if (known !== undefined) return known
    const statement = connection.prepare(sql)
    statements.set(sql, statement)
    return statement
  }
  const timed = <Result>(name: string, work: () => Result): Result =>
    guarded(() => {
      const startedMs = performance.now()
      try {
        return work()
      } finally {
        const tookMs = performance.now() - startedMs
        // The statement's text only: its values may be a document's.
        if (tookMs > slowMs)
          log.warn(`slow database work, ${Math.round(tookMs)} ms: ${name.replace(/\s+/g, ' ').trim().slice(0, 200)}`)
      }
    })

  const database: Database = {
    run: (sql, values = []) =>
      timed(sql, () => {
        const { changes, lastInsertRowid } = prepared(sql).run(values)
        if (!connection.inTransaction) committed()
        return { changes, key: Number(lastInsertRowid) }
      }),
    get: <Row>(sql: string, values: SqlValues = []) => timed(sql, () => prepared(sql).get(values) as Row | undefined),
    all: <Row>(sql: string, values: SqlValues = []) => timed(sql, () => prepared(sql).all(values) as readonly Row[]),
    *each<Row>(sql: string, values: SqlValues = []) {
      try {
        // A statement of its own: a cached one could be asked for again while it runs.
        for (const row of connection.prepare(sql).iterate(values)) yield row as Row
      } catch (error) {
        throw translateStorageError(error)
      }
    },
    transaction: (name, work) => {
      if (connection.inTransaction) return work()
      return timed(`transaction ${name}`, () => {
        // A reader cannot take the write lock, and need not: DEFERRED gives it one unchanging view.
        connection.exec(connection.readonly ? 'BEGIN' : 'BEGIN IMMEDIATE')
        try {
          const result = work()
          connection.exec('COMMIT')
          if (!connection.readonly) committed()
          return result
        } finally {
          // Still open: something threw. A full disk may have made SQLite roll back by itself already.
          if (connection.inTransaction) connection.exec('ROLLBACK')
        }
      })
    },
    script: (sql) => timed('script', () => void connection.exec(sql)),
    onCommit: (listener) => {
      committed = listener
    },
    copyTo: async (path) => {
      try {
        await connection.backup(path)
      } catch (error) {
        throw translateStorageError(error)
      }
    },
    [Symbol.dispose]: () => {
      statements.clear()
      connection.close()
    },
  }
  return database
}
