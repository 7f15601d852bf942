import { expect, test } from 'vitest'
import { matchExpression } from '../../../../src/main/storage/match-expression.ts'
import type { QueryTerms } from '../../../../src/shared/keyword-terms.ts'

const match = (query: Partial<QueryTerms>): ReturnType<typeof matchExpression> =>
  matchExpression({ terms: [], phrases: [], codes: [], otherForms: [], ...query })

test('terms are options', () => {
  expect(match({ terms: ['oil', '合同'] })).toEqual({
    expression: '"oil" OR "合同"',
    expected: ['"oil"', '"合同"'],
  })
})

test('phrases are required, and count again as options', () => {
  expect(
    match({
      terms: ['oil'],
      phrases: [
        ['needs', 'oil'],
        ['ab', '1234'],
      ],
    }),
  ).toEqual({
    expression: '"needs oil" AND "ab 1234" AND ("needs oil" OR "ab 1234" OR "oil")',
    expected: ['"needs oil"', '"ab 1234"', '"needs oil"', '"ab 1234"', '"oil"'],
  })
})

test('a code counts once more in one piece; another way to write a number counts, but is not expected', () => {
  expect(match({ terms: ['1', '000'], codes: [['1', '000']], otherForms: [['1000']] })).toEqual({
    expression: '"1" OR "000" OR "1 000" OR "1000"',
    expected: ['"1"', '"000"', '"1 000"'],
  })
})

test('of the terms those are asked for that are chosen; nothing else is left out', () => {
  const query = { terms: ['the', 'rare'], phrases: [['in', 'one']], codes: [['1', '000']], otherForms: [['1000']] }
  expect(matchExpression(query, (all) => all.filter((term) => term !== '"the"'))).toEqual({
    expression: '"in one" AND ("in one" OR "rare" OR "1 000" OR "1000")',
    expected: ['"in one"', '"in one"', '"rare"', '"1 000"'],
  })
})

test('nothing to look for is no expression', () => {
  expect(match({})).toBeNull()
  expect(match({ terms: ['+', '""', '\0'], phrases: [[], ['-']] })).toBeNull()
})

test('quotes and zeros never leave their term', () => {
  expect(match({ terms: ['a" OR "b', 'c\0d'] })?.expression).toBe('"a  OR  b" OR "c d"')
})

test('a pasted page is cut', () => {
  const terms = Array.from({ length: 500 }, (_, index) => `t${index}`)
  expect(match({ terms })?.expression.split(' OR ')).toHaveLength(128)
})
