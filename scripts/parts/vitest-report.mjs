// A Vitest reporter that writes counts and skip reasons as JSON (the built-in one leaves the reasons out)
// into the file named by CARREL_VITEST_REPORT.
import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { firstLine } from './test-counts.mjs'

export default class CountsReporter {
  onTestRunEnd(modules, unhandledErrors = []) {
    const file = process.env.CARREL_VITEST_REPORT
    if (file) writeFileSync(file, JSON.stringify(countVitest(modules, unhandledErrors)))
  }
}

/** Counts of Vitest's own test modules. A file or suite that failed outside its tests, or an error that no test caught, is one failure. */
export function countVitest(modules, unhandledErrors = []) {
  const counts = { passed: 0, failed: 0, skipped: [], failures: [] }
  const fail = (name, reason) => {
    counts.failed += 1
    counts.failures.push({ name, reason: firstLine(reason) })
  }
  for (const error of unhandledErrors) fail('outside any test', error.message)
  for (const module of modules) {
    const file = relative(process.cwd(), module.moduleId)
    const [error] = module.errors()
    // Also a module that never finished, because its process died.
    if (error || !['passed', 'failed', 'skipped'].includes(module.state()))
      fail(file, error?.message ?? 'never finished')
    for (const suite of module.children.allSuites()) {
      const [suiteError] = suite.errors()
      if (suiteError) fail(`${file} > ${suite.fullName}`, suiteError.message)
    }
    for (const test of module.children.allTests()) {
      const name = `${file} > ${test.fullName}`
      const result = test.result()
      if (result.state === 'passed') counts.passed += 1
      else if (result.state === 'failed') fail(name, result.errors?.[0]?.message)
      else if (result.state === 'skipped') counts.skipped.push({ name, reason: reasonToSkip(test, result) })
      else fail(name, 'never finished')
    }
  }
  return counts
}

function reasonToSkip(test, result) {
  return result.note ?? (test.options?.mode === 'todo' ? 'todo' : '')
}
