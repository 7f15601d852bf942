import type { Expectation, ExpectationId, FoundPlace, SelfTestReport, SelfTestRow } from '../../shared/self-test.ts'
import type { SelfTestRun } from '../ports/self-test-store.ts'

/** A run with what it found. */
export interface TestedRun extends SelfTestRun {
  readonly results: ReadonlyMap<ExpectationId, FoundPlace>
}

/** Sets the last run beside the one before it. What was removed since is in neither. Pure. */
export function compareRuns(
  expectations: readonly Expectation[],
  last: TestedRun,
  before: TestedRun | null,
  considered: number,
): SelfTestReport {
  const isFound = (place: FoundPlace | null): boolean =>
    place !== null && !place.isGone && place.rank !== null && place.rank <= considered
  const rows = expectations.flatMap(({ id, origin, question, documentName, page }): SelfTestRow[] => {
    const now = last.results.get(id)
    return now === undefined
      ? []
      : [{ id, origin, question, documentName, page, before: before?.results.get(id) ?? null, now }]
  })
  const isLost = (row: SelfTestRow): boolean => isFound(row.before) && !isFound(row.now)
  const isGained = (row: SelfTestRow): boolean => row.before !== null && !isFound(row.before) && isFound(row.now)
  const isMoved = ({ before: then, now }: SelfTestRow): boolean => then !== null && then.rank !== now.rank
  const order = (row: SelfTestRow): number =>
    isLost(row) ? 0 : isGained(row) ? 1 : !isFound(row.now) ? 2 : isMoved(row) ? 3 : 4
  return {
    finishedAt: last.finishedAt,
    setup: last.setup,
    considered,
    before: before === null ? null : { finishedAt: before.finishedAt, setup: before.setup },
    tested: rows.length,
    found: rows.filter(({ now }) => isFound(now)).length,
    lost: rows.filter(isLost).length,
    gained: rows.filter(isGained).length,
    gone: rows.filter(({ now }) => now.isGone).length,
    rows: rows.toSorted((one, other) => order(one) - order(other)),
  }
}
