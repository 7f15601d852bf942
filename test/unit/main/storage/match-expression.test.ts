import { expect, test } from 'vitest'
import { matchExpression, type WeighedString } from '../../../../src/main/storage/match-expression.ts'
import { wordKind } from '../../../../src/main/storage/term-kinds.ts'
import type { QueryTerms } from '../../../../src/shared/keyword-terms.ts'

const match = (query: Partial<QueryTerms>): ReturnType<typeof matchExpression> =>
  matchExpression({ terms: [], phrases: [], codes: [], otherForms: [], ...query })

const word = (string: string, weight = 1): WeighedString => ({ ...wordKind, string, weight })

test('terms are options', () => {
  expect(match({ terms: ['oil', '合同'] })).toEqual({
    expression: '"oil" OR "合同"',
    required: [],
    options: [word('"oil"'), word('"合同"')],
    expected: [word('"oil"'), word('"合同"')],
  })
})

test('phrases are required, and count twice', () => {
  const phrases = [
    ['needs', 'oil'],
    ['ab', '1234'],
  ]
  expect(match({ terms: ['oil'], phrases })).toMatchObject({
    expression: '"needs oil" AND "ab 1234" AND ("needs oil" OR "ab 1234" OR "oil")',
    required: ['"needs oil"', '"ab 1234"'],
    expected: [word('"needs oil"', 2), word('"ab 1234"', 2), word('"oil"')],
  })
})

test('a code counts once more in one piece; another way to write a number counts, but is not expected', () => {
  expect(match({ terms: ['1', '000'], codes: [['1', '000']], otherForms: [['1000']] })).toEqual({
    expression: '"1" OR "000" OR "1 000" OR "1000"',
    required: [],
    options: [word('"1"'), word('"000"'), word('"1 000"'), word('"1000"')],
    expected: [word('"1"'), word('"000"'), word('"1 000"')],
  })
})

test('of the terms those are asked for that are chosen; nothing else is left out', () => {
  const query = { terms: ['the', 'rare'], phrases: [['in', 'one']], codes: [['1', '000']], otherForms: [['1000']] }
  expect(matchExpression(query, { choose: (all) => all.filter((term) => term !== '"the"') })).toMatchObject({
    expression: '"in one" AND ("in one" OR "rare" OR "1 000" OR "1000")',
    expected: [word('"in one"', 2), word('"rare"'), word('"1 000"')],
  })
})

test('a term is weighed by its kind', () => {
  const rare = { weight: 0.5, saturation: 0.4, lengthShare: 0.75 }
  const kindOf = (term: string): typeof rare => (term === '建一' ? rare : wordKind)
  const query = { terms: ['创建', '建一'], phrases: [], codes: [], otherForms: [] }
  expect(matchExpression(query, { kindOf })?.options).toEqual([word('"创建"'), { ...rare, string: '"建一"' }])
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
