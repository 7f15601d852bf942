import type { Database } from './database.ts'

/** Chunks of a stretch that match an FTS5 expression, in order of key. */
export function keysOf(
  database: Database,
  expression: string,
  firstChunk: number,
  lastChunk: number,
): readonly number[] {
  return database
    .all<{ key: number }>('SELECT rowid AS key FROM keyword WHERE keyword MATCH ? AND rowid BETWEEN ? AND ?', [
      expression,
      firstChunk,
      lastChunk,
    ])
    .map(({ key }) => key)
}
