import { open, stat } from 'node:fs/promises'
import { openDatabase, type Database } from './database.ts'
import { errorCode, storageCorrupt } from './sqlite-errors.ts'

const headerBytes = 100
const magic = 'SQLite format 3\0'
/** Big-endian 32 bits, see "The Database Header" in SQLite's file format documentation. */
const userVersionOffset = 60

/**
 * The schema version of a database file without changing a byte of it (0: not there yet, or empty). Read from the header;
 * only where a write-ahead log was left behind, a read-only connection is asked, because the log may be ahead.
 * Call it with the library's lock and before any connection: closing a plain file handle would drop SQLite's own locks.
 * @throws AppError `storage-corrupt` when it is not a SQLite file.
 */
export async function readSchemaVersionOfFile(path: string): Promise<number> {
  const header = await readHeader(path)
  if (header.length === 0) return 0
  if (header.length < headerBytes || header.toString('latin1', 0, magic.length) !== magic) throw storageCorrupt()
  if ((await sizeBytes(`${path}-wal`)) > 0) {
    using database = openDatabase(path, { isReadOnly: true, log: { warn: () => undefined } })
    return readSchemaVersion(database)
  }
  return header.readInt32BE(userVersionOffset)
}

/** The schema version as the connection sees it. */
export function readSchemaVersion(database: Database): number {
  return database.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0
}

async function readHeader(path: string): Promise<Buffer> {
  if ((await sizeBytes(path)) === 0) return Buffer.alloc(0)
  await using file = await open(path, 'r')
  const { buffer, bytesRead } = await file.read(Buffer.alloc(headerBytes), 0, headerBytes, 0)
  return buffer.subarray(0, bytesRead)
}

async function sizeBytes(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 0
    throw error
  }
}
