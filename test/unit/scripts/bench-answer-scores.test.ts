import { expect, test } from 'vitest'
import {
  bestCitationScore,
  citationScore,
  numbersFound,
  numbersOf,
  quotedSentences,
  sentencesOf,
} from '../../../scripts/bench/answer-scores.ts'

test('precision and recall count sentences, compared by letters and digits', () => {
  const gold = ["The coat is a `` double coat '' .", 'Its tail is plain .']
  expect(citationScore(["The coat is a ''double coat''."], gold)).toEqual({ precision: 1, recall: 0.5, f1: 2 / 3 })
  const { precision, recall, f1 } = citationScore(['The coat is a double coat.', 'Cats sleep.', 'Dogs bark.'], gold)
  expect([precision, recall]).toEqual([1 / 3, 0.5])
  expect(f1).toBeCloseTo(0.4)
})

test('a sentence that was cut differently still counts; repeating one gains nothing', () => {
  expect(citationScore(['It began in 1990 . It ended in 2001 .'], ['It ended in 2001.']).f1).toBe(1)
  expect(citationScore(['One.', 'One.', 'Two.'], ['One.']).precision).toBe(0.5)
})

test('nothing cited, or nothing gold, is 0', () => {
  expect(citationScore([], ['One.'])).toEqual({ precision: 0, recall: 0, f1: 0 })
  expect(citationScore(['One.'], ['—']).f1).toBe(0)
  expect(bestCitationScore(['One.'], []).f1).toBe(0)
})

test('of several people the one that fits best counts', () => {
  expect(bestCitationScore(['One.'], [['Two.', 'Three.'], ['One.']]).f1).toBe(1)
})

test('quotations lose their marks', () => {
  expect(quotedSentences('> The lease ends in May. [1]\n\n> Rent is due. [2]\n')).toEqual([
    'The lease ends in May.',
    'Rent is due.',
  ])
  expect(sentencesOf(['One here. Two there.', 'Three.'])).toEqual(['One here.', 'Two there.', 'Three.'])
})

test('numbers that say something: amounts, percentages, whole ones from 100 on; no years, days, quarters', () => {
  const text = 'In Q3 2022, on June 25, sales were $82,959 million (up 12%), margin 43.3%, 164000 employees, note 7.'
  expect([...numbersOf(text)]).toEqual(['82959', '12', '43.3', '164000'])
  expect([...numbersOf('v1.2.3 and abc123')]).toEqual([])
})

test('the share of the numbers that stand in a text; null where there is none to find', () => {
  expect(numbersFound(new Set(['82959', '43.3']), 'Net sales 82,959')).toBe(0.5)
  expect(numbersFound(new Set(), 'Net sales 82,959')).toBeNull()
})
