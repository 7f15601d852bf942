import { expect, test } from 'vitest'
import { groupNames, parseBenchArguments } from '../../../scripts/bench/arguments.mjs'

test('without words every group is measured, at full size', () => {
  expect(parseBenchArguments([])).toEqual({ groups: groupNames, isQuick: false })
})

test('--only picks groups, run in their own order; --quick makes sizes tiny', () => {
  expect(parseBenchArguments(['--quick', '--only=stop,import'])).toEqual({ groups: ['import', 'stop'], isQuick: true })
})

test.each([['--only=imports'], ['--only='], ['import'], ['--slow']])('%s is refused with what can be said', (word) => {
  expect(() => parseBenchArguments([word])).toThrow(`--only=${groupNames.join(',')}`)
})
