import { expect, test } from 'vitest'
import { isInstalledAsLocked } from '../../../scripts/parts/packages.mjs'

const lock = {
  packages: {
    '': { name: 'carrel' },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/a-darwin': { version: '1.0.0', integrity: 'sha512-d', optional: true },
  },
}
const installed = (packages) => ({ packages })

test('an optional package of another platform may be absent', () => {
  expect(isInstalledAsLocked(lock, installed({ 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } }))).toBe(
    true,
  )
})

test.each([
  ['a missing package', {}],
  ['another version', { 'node_modules/a': { version: '1.0.1', integrity: 'sha512-a' } }],
  ['another content', { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-b' } }],
  [
    'a left-over package',
    { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' }, 'node_modules/old': { version: '1.0.0' } },
  ],
])('%s asks for an installation', (_name, packages) => {
  expect(isInstalledAsLocked(lock, installed(packages))).toBe(false)
})
