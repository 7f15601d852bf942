import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { findLockProblems } from '../../../scripts/check-lock.mjs'

const whole = {
  packages: {
    '': { name: 'carrel', optionalDependencies: { direct: '1.0.0' } },
    'node_modules/direct': { version: '1.0.0' },
    'node_modules/native': {
      version: '2.0.0',
      optionalDependencies: { 'native-linux': '2.0.0', '@scope/hoisted': '1.0.0' },
    },
    'node_modules/native/node_modules/native-linux': { version: '2.0.0' },
    'node_modules/@scope/hoisted': { version: '1.0.0' },
    'node_modules/native/node_modules/inner': { version: '1.0.0', optionalDependencies: { 'native-linux': '2.0.0' } },
  },
}

test('a complete lock has no problem, nested and hoisted packages included', () => {
  expect(findLockProblems(whole)).toEqual([])
})

test('an optional package that npm dropped is named with its owner', () => {
  const packages = { ...whole.packages }
  delete packages['node_modules/native/node_modules/native-linux']
  const problems = findLockProblems({ packages })
  expect(problems).toHaveLength(2)
  expect(problems[0]).toContain('node_modules/native needs the optional package native-linux')
})

test('a package nested under another owner does not count', () => {
  const packages = {
    'node_modules/a': { optionalDependencies: { x: '1' } },
    'node_modules/b/node_modules/x': { version: '1' },
  }
  expect(findLockProblems({ packages })).toHaveLength(1)
})

test('an address in the lock is a problem', () => {
  const packages = { 'node_modules/a': { version: '1.0.0', resolved: 'https://mirror.invalid/a.tgz' } }
  expect(findLockProblems({ packages })).toEqual(['node_modules/a names a registry address ("resolved")'])
})

test('the real lock is complete', () => {
  const file = new URL('../../../package-lock.json', import.meta.url)
  expect(findLockProblems(JSON.parse(readFileSync(file, 'utf8')))).toEqual([])
})
