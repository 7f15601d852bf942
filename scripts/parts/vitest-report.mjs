// A Vitest reporter that writes counts and skip reasons as JSON (the built-in one leaves the reasons out)
// into the file named by CARREL_VITEST_REPORT.
import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'

export default class CountsReporter {
  onTestRunEnd(modules, unhandledErrors = []) {
    const file = process.env.CARREL_VITEST_REPORT
    if (file) writeFileSync(file, JSON.stringify(countVitest(modules, unhandledErrors)))
  }
}

/** Counts of Vitest's own test modules. A file or suite that failed outside its tests, or an error that no test caught, is one failure. */
export function countVitest(modules, unhandledErrors = []) {
  const counts = { passed: 0, failed: unhandledErrors.length, skipped: [] }
  for (const module of modules) {
    // Also a module that never finished, because its process died.
    if (module.errors().length > 0 || !['passed', 'failed', 'skipped'].includes(module.state())) counts.failed += 1
    for (const suite of module.children.allSuites()) if (suite.errors().length > 0) counts.failed += 1
    for (const test of module.children.allTests()) {
      const result = test.result()
      if (result.state === 'passed') counts.passed += 1
      else if (result.state === 'failed') counts.failed += 1
      else if (result.state === 'skipped') counts.skipped.push(skippedTest(module, test, result))
      else counts.failed += 1 // still pending at the end
    }
  }
  return counts
}

function skippedTest(module, test, result) {
  const reason = result.note ?? (test.options?.mode === 'todo' ? 'todo' : '')
  return { name: `${relative(process.cwd(), module.moduleId)} > ${test.fullName}`, reason }
}
