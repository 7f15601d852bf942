import { expect, test } from 'vitest'
import { matchExpression } from '../../../../src/main/storage/match-expression.ts'

test('terms are options', () => {
  expect(matchExpression({ terms: ['oil', '合同'], phrases: [] })).toBe('"oil" OR "合同"')
})

test('phrases are required, and count again as options', () => {
  expect(
    matchExpression({
      terms: ['oil'],
      phrases: [
        ['needs', 'oil'],
        ['ab', '1234'],
      ],
    }),
  ).toBe('"needs oil" AND "ab 1234" AND ("needs oil" OR "ab 1234" OR "oil")')
})

test('nothing to look for is no expression', () => {
  expect(matchExpression({ terms: [], phrases: [] })).toBeNull()
  expect(matchExpression({ terms: ['+', '""', '\0'], phrases: [[], ['-']] })).toBeNull()
})

test('quotes and zeros never leave their term', () => {
  expect(matchExpression({ terms: ['a" OR "b', 'c\0d'], phrases: [] })).toBe('"a  OR  b" OR "c d"')
})

test('a pasted page is cut', () => {
  const terms = Array.from({ length: 500 }, (_, index) => `t${index}`)
  expect(matchExpression({ terms, phrases: [] })?.split(' OR ')).toHaveLength(128)
})
