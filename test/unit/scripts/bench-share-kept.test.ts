import { expect, test } from 'vitest'
import { shareKept } from '../../../scripts/bench/share-kept.ts'

test('order, case, width and hyphens at line ends do not count', () => {
  expect(shareKept('The HARBOUR opens; dues are pay-\nable.', 'payable are dues, ｏｐｅｎｓ the harbour')).toBe(1)
})

test('a word counts as often as it stands there', () => {
  expect(shareKept('one two two three', 'one two')).toBe(0.5)
})

test('a script without spaces is counted by its characters', () => {
  expect(shareKept('2024年租约', '2024 租')).toBe(0.5)
})

test('a reference without words gives no share', () => {
  expect(shareKept(' -- ', 'text')).toBeNull()
})
