import { expect, test } from 'vitest'
import { addCounts, countPlaywright, formatCounts, judgeRun, noCounts } from '../../../scripts/parts/test-counts.mjs'
import { countVitest } from '../../../scripts/parts/vitest-report.mjs'

const skip = (name, reason = '') => ({ name, reason })

test('counts of all runners are added up in one line', () => {
  const total = addCounts(
    { passed: 4, failed: 0, skipped: [], failures: [] },
    { passed: 100, failed: 2, skipped: [skip('a')], failures: [skip('c'), skip('d')] },
    { passed: 7, failed: 1, skipped: [skip('b')], failures: [skip('e')] },
  )
  expect(formatCounts(total)).toBe('111 passed, 3 failed, 2 skipped')
  expect(total.failures.map(({ name }) => name)).toEqual(['c', 'd', 'e'])
  expect(formatCounts(addCounts())).toBe('0 passed, 0 failed, 0 skipped')
})

test.each([
  ['a clean run', { ...noCounts, passed: 3 }, 0, 0, null],
  ['failed tests', { ...noCounts, passed: 3, failed: 2 }, 1, 2, null],
  ['no report at all', null, 139, 1, 'ended with code 139 and left no report'],
  ['no test', noCounts, 0, 1, 'ran no test'],
  ['only skipped tests', { ...noCounts, skipped: [skip('a')] }, 0, 1, 'ran no test'],
  ['a bad end after good tests', { ...noCounts, passed: 3 }, 1, 1, 'ended with code 1 although no test failed'],
])('%s is judged', (_name, counts, exitCode, failed, problem) => {
  expect(judgeRun(counts, exitCode)).toMatchObject({ failed, problem })
})

test('Playwright: nested suites, retries, skip reasons, and errors outside tests', () => {
  const results = [{ error: { message: '\u001b[31mexpected 1 to be 2\u001b[39m\n  at line 3' } }]
  const spec = (title, status, annotations = []) => ({ title, tests: [{ status, annotations, results }] })
  const report = {
    suites: [
      {
        title: 'app.spec.ts',
        specs: [spec('opens', 'expected')],
        suites: [
          {
            title: 'answers',
            specs: [
              spec('flaky one', 'flaky'),
              spec('bad one', 'unexpected'),
              spec('later', 'skipped', [{ type: 'skip', description: 'no real Ollama' }]),
            ],
          },
        ],
      },
    ],
    errors: [{ message: 'broken.spec.ts does not load' }],
  }
  expect(countPlaywright(report)).toEqual({
    passed: 2,
    failed: 2,
    skipped: [skip('app.spec.ts > answers > later', 'no real Ollama')],
    failures: [
      skip('app.spec.ts > answers > bad one', 'expected 1 to be 2'),
      skip('outside any test', 'broken.spec.ts does not load'),
    ],
  })
})

test('Vitest: every state, a file that does not load, and an error nobody caught', () => {
  const testCase = (fullName, result) => ({ fullName, result: () => result, options: {} })
  const module = (state, tests, errors = []) => ({
    moduleId: `${process.cwd()}/test/a.test.ts`,
    state: () => state,
    errors: () => errors,
    children: { allSuites: () => [], allTests: () => tests },
  })
  const modules = [
    module('failed', [
      testCase('good', { state: 'passed' }),
      testCase('bad', { state: 'failed', errors: [{ message: 'expected 1\nat line 3' }] }),
      testCase('later', { state: 'skipped', note: 'no real Ollama' }),
      testCase('hung', { state: 'pending' }),
    ]),
    module('failed', [], [new Error('does not load')]),
    module('pending', []),
  ]
  const counts = countVitest(modules, [new Error('nobody caught this')])
  expect(counts).toEqual({
    passed: 1,
    failed: 5,
    skipped: [skip('test/a.test.ts > later', 'no real Ollama')],
    failures: [
      skip('outside any test', 'nobody caught this'),
      skip('test/a.test.ts > bad', 'expected 1'),
      skip('test/a.test.ts > hung', 'never finished'),
      skip('test/a.test.ts', 'does not load'),
      skip('test/a.test.ts', 'never finished'),
    ],
  })
})
