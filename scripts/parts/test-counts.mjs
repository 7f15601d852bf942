// Counting over several runners: how many passed and failed, and the names of what failed or was skipped.

import { stripVTControlCharacters } from 'node:util'

/** `{ passed, failed, skipped: [{ name, reason }], failures: [{ name, reason }] }` of nothing yet. */
export const noCounts = Object.freeze({ passed: 0, failed: 0, skipped: Object.freeze([]), failures: Object.freeze([]) })

/** Adds up any number of counts. */
export function addCounts(...all) {
  return {
    passed: all.reduce((sum, counts) => sum + counts.passed, 0),
    failed: all.reduce((sum, counts) => sum + counts.failed, 0),
    skipped: all.flatMap((counts) => counts.skipped),
    failures: all.flatMap((counts) => counts.failures),
  }
}

/** The closing line: `N passed, N failed, N skipped`. */
export function formatCounts({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped.length} skipped`
}

/**
 * A runner's own report can look clean although the runner was not: it crashed, failed outside any test, or ran nothing.
 *
 * @param counts what the report says, null when there is none
 * @param exitCode the runner's
 * @returns the counts with such a failure added, and `problem`, a phrase or null
 */
export function judgeRun(counts, exitCode) {
  const seen = counts ?? noCounts
  const problem = findProblem(counts, exitCode)
  return { ...seen, failed: seen.failed + (problem ? 1 : 0), problem }
}

function findProblem(counts, exitCode) {
  if (counts === null) return `ended with code ${exitCode} and left no report`
  if (counts.passed + counts.failed === 0) return 'ran no test'
  if (exitCode !== 0 && counts.failed === 0) return `ended with code ${exitCode} although no test failed`
  return null
}

/** Counts of Playwright's JSON report. A test that passed only on a retry counts as passed. */
export function countPlaywright(report) {
  const tests = listSpecs(report.suites ?? [], []).flatMap(({ names, spec }) =>
    spec.tests.map((test) => ({
      name: names.join(' > '),
      status: test.status,
      annotations: test.annotations ?? [],
      reason: firstLine(test.results?.findLast(({ error }) => error)?.error?.message),
    })),
  )
  const failed = tests.filter(({ status }) => status === 'unexpected')
  const outside = (report.errors ?? []).map(({ message }) => ({ name: 'outside any test', reason: firstLine(message) }))
  const skipped = tests
    .filter((test) => test.status === 'skipped')
    .map(({ name, annotations }) => ({
      name,
      reason: annotations.find(({ type }) => type === 'skip' || type === 'fixme')?.description ?? '',
    }))
  return {
    passed: tests.filter((test) => test.status === 'expected' || test.status === 'flaky').length,
    // An error outside any test (a file that does not load) has no test to be counted by.
    failed: failed.length + outside.length,
    skipped,
    failures: [...failed.map(({ name, reason }) => ({ name, reason })), ...outside],
  }
}

/** The first line of an error's message without its colours: what a summary has room for. */
export function firstLine(message) {
  return stripVTControlCharacters(message ?? '')
    .trim()
    .split('\n')[0]
    .slice(0, 300)
}

function listSpecs(suites, above) {
  return suites.flatMap((suite) => {
    const names = [...above, suite.title].filter(Boolean)
    const own = (suite.specs ?? []).map((spec) => ({ names: [...names, spec.title], spec }))
    return [...own, ...listSpecs(suite.suites ?? [], names)]
  })
}
