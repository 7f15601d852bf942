import { foldWidth } from './fold-width.ts'
import { readHanNumeral } from './numerals.ts'
import { monthNumber, months, shortMonths } from './numbers.ts'

/** A date as a text states it. `[start, end)` in UTF-16 units. */
export interface StatedDate {
  readonly start: number
  readonly end: number
  /** As written. */
  readonly text: string
  /** `YYYYMMDD`, for sorting; what is not said, or cannot be told (03/05/2024), is 0: 2024, May 2024 and 3 May 2024 follow each other. */
  readonly value: number
}

const month = `(?<month>${months}|${shortMonths})\\.?`
const han = '[\\d〇零一二三四五六七八九十]'
const year = '(?<year>(?:1[5-9]|2\\d)\\d{2})'
const notInside = '(?<![\\p{L}\\p{N}/.-])'
const ends = '(?![\\p{L}\\p{N}]|[/.-]\\d)'
/** In order: what an earlier one took is not read again. */
const patterns = [
  `(?<year>${han}{4})年(?<month>${han}{1,3})月(?:(?<day>${han}{1,3})[日号號])?`,
  `${notInside}${year}(?<mark>[-/.])(?<month>\\d{1,2})\\k<mark>(?<day>\\d{1,2})${ends}`,
  `${notInside}(?<day>\\d{1,2})(?:st|nd|rd|th)?(?: day)?(?: of)? ${month},? ${year}${ends}`,
  `${notInside}${month} (?<day>\\d{1,2})(?:st|nd|rd|th)?,? ${year}${ends}`,
  `${notInside}(?<one>\\d{1,2})(?<mark>[/.-])(?<other>\\d{1,2})\\k<mark>${year}${ends}`,
  `${notInside}${month},? ${year}${ends}`,
].map((pattern) => new RegExp(pattern, 'gu'))

/**
 * Every date of a text that names its year, in order: 2024-05-03, 2024年5月3日, 二〇二四年五月, 3 May 2024, May 3rd, 2024, 31/12/2024, May
 * 2024. A day that no month has is no date. Linear in the text.
 */
export function readDates(given: string): readonly StatedDate[] {
  const text = foldWidth(given)
  const found: StatedDate[] = []
  for (const pattern of patterns) {
    for (const { 0: match, index, groups = {} } of text.matchAll(pattern)) {
      const end = index + match.length
      const value = valueOf(groups)
      if (value === null || found.some((other) => other.start < end && index < other.end)) continue
      found.push({ start: index, end, text: given.slice(index, end), value })
    }
  }
  return found.toSorted((one, other) => one.start - other.start)
}

function valueOf(groups: Readonly<Record<string, string | undefined>>): number | null {
  const whole = numberOf(groups['year'])
  if (whole === null || whole < 1500 || whole > 2999) return null
  const { one, other } = groups
  if (one !== undefined && other !== undefined) {
    const [day, monthOfYear] = dayAndMonth(Number(one), Number(other), groups['mark'] ?? '/')
    return monthOfYear > 12 || day > 31 || day < 0 ? null : whole * 10_000 + monthOfYear * 100 + day
  }
  const named = groups['month'] ?? ''
  const monthOfYear = /^\p{Script=Latin}/u.test(named) ? monthNumber(named) : numberOf(named)
  const day = groups['day'] === undefined ? 0 : numberOf(groups['day'])
  if (monthOfYear === null || monthOfYear < 1 || monthOfYear > 12) return null
  if (day === null || day > 31 || (groups['day'] !== undefined && day < 1)) return null
  return whole * 10_000 + monthOfYear * 100 + day
}

/** Day first with points; with strokes some put the month first: 0 for both where it cannot be told. */
function dayAndMonth(one: number, other: number, mark: string): readonly [day: number, month: number] {
  if (one < 1 || other < 1) return [-1, 0]
  if (mark === '.' || one > 12) return [one, other]
  if (other > 12) return [other, one]
  return one === other ? [one, other] : [0, 0]
}

function numberOf(text: string | undefined): number | null {
  if (text === undefined || text === '') return null
  return /^\d+$/.test(text) ? Number(text) : readHanNumeral(text)
}
