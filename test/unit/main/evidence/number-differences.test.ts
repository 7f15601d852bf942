import { expect, it } from 'vitest'
import { numberDifferences } from '../../../../src/main/evidence/number-differences.ts'

it('sets against each other what stands between the numbers that both have', () => {
  expect(numberDifferences('Notice of 180 days, a fee of 2 months.', 'Notice of 90 days, a fee of 2 months.')).toEqual([
    { here: '180 days', there: '90 days' },
  ])
  expect(numberDifferences('5 floors, 3 lifts', '5 floors')).toEqual([{ here: '3', there: null }])
  expect(numberDifferences('5 floors', '1 house, 5 floors, 3 lifts')).toEqual([
    { here: null, there: '1' },
    { here: null, there: '3' },
  ])
})

it('knows equal numbers however they are written', () => {
  expect(numberDifferences('1,000 dollars in thirty days', '1000 dollars in 30 days')).toEqual([])
  expect(numberDifferences('应提前一百八十日', '应提前180日')).toEqual([])
  expect(numberDifferences('no number', 'none here')).toEqual([])
})

it('ends, whatever it is given', () => {
  const table = Array.from({ length: 3_000 }, (_, index) => `${index}`).join(' ')
  expect(numberDifferences(table, table.split(' ').toReversed().join(' ')).length).toBeLessThanOrEqual(8)
})
