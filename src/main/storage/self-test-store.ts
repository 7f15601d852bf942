import { randomUUID } from 'node:crypto'
import {
  type Expectation,
  expectationIdSchema,
  expectationSchema,
  type ExpectationId,
  type FoundPlace,
  selfTestSetupSchema,
} from '../../shared/self-test.ts'
import type { NewExpectation, SelfTestRun, SelfTestStore } from '../ports/self-test-store.ts'
import type { Database } from './database.ts'

interface ExpectationRow {
  readonly id: string
  readonly origin: string
  readonly question: string
  readonly document_id: string
  readonly document_name: string
  readonly path: string
  readonly page: number | null
  readonly text: string
}

/** Runs that are kept: what is compared is the last and the one before it. */
const keptRuns = 10

/** See {@link SelfTestStore}. */
export function createSelfTestStore(database: Database): SelfTestStore {
  const insert = (expectations: readonly NewExpectation[]): readonly ExpectationId[] =>
    expectations.flatMap(({ origin, question, documentId, documentName, path, page, text }) => {
      const id = expectationIdSchema.parse(randomUUID())
      const { changes } = database.run(
        `INSERT INTO expectation (id, origin, question, document_id, document_name, path, page, text)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
        [id, origin, question, documentId, documentName, path, page, text],
      )
      return changes === 0 ? [] : [id]
    })

  return {
    expectations: () =>
      database
        .all<ExpectationRow>(
          'SELECT id, origin, question, document_id, document_name, path, page, text FROM expectation ORDER BY key',
        )
        .map(toExpectation),
    counts: () => {
      const count = (origin: Expectation['origin']): number =>
        database.get<{ count: number }>('SELECT count(*) AS count FROM expectation WHERE origin = ?', [origin])
          ?.count ?? 0
      return { kept: count('kept'), generated: count('generated') }
    },
    keep: (expectation) => database.transaction('keep expectation', () => insert([expectation])[0] ?? null),
    replaceGenerated: (expectations) =>
      database.transaction('generated expectations', () => {
        database.run("DELETE FROM expectation WHERE origin = 'generated'")
        return insert(expectations).length
      }),
    remove: (id) => database.run('DELETE FROM expectation WHERE id = ?', [id]).changes > 0,
    beginRun: (setup) =>
      database.transaction('begin self-test', () => {
        database.run('DELETE FROM self_test_run WHERE finished_at IS NULL')
        return database.run('INSERT INTO self_test_run (setup) VALUES (?)', [JSON.stringify(setup)]).key
      }),
    record: (runKey, id, { rank, isGone }) =>
      void database.run(
        `INSERT OR REPLACE INTO self_test_result (run_key, expectation_key, rank, is_gone)
         SELECT ?, key, ?, ? FROM expectation WHERE id = ?`,
        [runKey, rank, isGone ? 1 : 0, id],
      ),
    finishRun: (runKey, finishedAt) =>
      database.transaction('finish self-test', () => {
        database.run('UPDATE self_test_run SET finished_at = ? WHERE key = ?', [finishedAt, runKey])
        database.run(
          `DELETE FROM self_test_run WHERE finished_at IS NOT NULL AND key NOT IN (
             SELECT key FROM self_test_run WHERE finished_at IS NOT NULL ORDER BY key DESC LIMIT ?
           )`,
          [keptRuns],
        )
      }),
    lastRuns: (limit) =>
      database
        .all<{ key: number; finished_at: number; setup: string }>(
          'SELECT key, finished_at, setup FROM self_test_run WHERE finished_at IS NOT NULL ORDER BY key DESC LIMIT ?',
          [limit],
        )
        .map(({ key, finished_at, setup }): SelfTestRun => ({
          key,
          finishedAt: finished_at,
          setup: selfTestSetupSchema.parse(JSON.parse(setup)),
        })),
    results: (runKey) =>
      new Map(
        database
          .all<{ id: string; rank: number | null; is_gone: 0 | 1 }>(
            `SELECT e.id, r.rank, r.is_gone FROM self_test_result r JOIN expectation e ON e.key = r.expectation_key
             WHERE r.run_key = ?`,
            [runKey],
          )
          .map(({ id, rank, is_gone }): readonly [ExpectationId, FoundPlace] => [
            expectationIdSchema.parse(id),
            { rank, isGone: is_gone === 1 },
          ]),
      ),
  }
}

function toExpectation(row: ExpectationRow): Expectation {
  return expectationSchema.parse({
    id: row.id,
    origin: row.origin,
    question: row.question,
    documentId: row.document_id,
    documentName: row.document_name,
    path: row.path,
    page: row.page,
    text: row.text,
  })
}
