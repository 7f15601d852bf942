import { foldWidth } from './fold-width.ts'
import { hanNumeralClass, readHanNumeral, readMultiplier, readWordNumeral, wordNumeralPattern } from './numerals.ts'
import { readUnit, type Unit, unitOfSign } from './units.ts'

/** A number as a text states it. `[start, end)` in UTF-16 units, sign and unit included. */
export interface StatedNumber {
  readonly start: number
  readonly end: number
  /** As written. */
  readonly text: string
  readonly value: number
  /** Digits that were written, for what was rounded; Infinity: meant exactly. */
  readonly precision: number
  readonly unit: Unit | null
}

const digitsPattern =
  /(?<![\p{Script=Latin}\p{Script=Greek}\p{N}_])(?<![\p{Script=Latin}\p{Script=Greek}]-)(?<!\d[.,])(\d{1,3}(?:[,'’ ]\d{3})+(?!\d)|\d+)(\.\d+)?(?:(?<=\d{3}0)s)?(?![\p{Script=Latin}\p{Script=Greek}\p{N}_])(?!-(?!(?:second|minute|hour|day|week|month|year|page|point|percent|fold|metre|meter|mile|foot|dollar)s?\b)\p{Script=Latin})/gu
/** A digit that letters touch is part of a code (IL-6, p53), but a unit may touch: 5km, 30d. */
const touchingPattern =
  /(?<![\p{Script=Latin}\p{Script=Greek}\p{N}_])(?<![\p{Script=Latin}\p{Script=Greek}]-)(?<!\d[.,])(\d+)(\.\d+)?(?=(?:km|cm|mm|kg|mg|ml|hrs?|mins?|[gml])(?![\p{L}\p{N}]))/gu
const hanPattern = new RegExp(
  `(百分之|千分之)?(?<![${hanNumeralClass}])([${hanNumeralClass}]+)(?![${hanNumeralClass}])(?:分之([${hanNumeralClass}]+))?(?:点([零〇一二三四五六七八九]+))?`,
  'gu',
)
/** Names of months, as alternatives of a pattern. */
export const months = 'January|February|March|April|May|June|July|August|September|October|November|December'
/** The same, short. */
export const shortMonths = 'Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec'
const monthPattern = new RegExp(
  `(?<=\\d(?:st|nd|rd|th)?(?: of)? )(${months}|${shortMonths})\\b|\\b(${months}|${shortMonths})\\.?(?= \\d)`,
  'g',
)
const ordinalPattern = /(?<![\p{L}\p{N}])(\d+)(?:st|nd|rd|th)\b/gu
/** A lone numeral of one character counts something only with one of these behind it; 一 seldom does. */
const countedBehind = /^(?:个?(?:月|小时|星期|工作日|百分点)|[年日天周岁元倍人名次条款项章编届级层米吨克升]|分钟|公里)/u

/**
 * Every number of a text, in order: 1,000 and 1000, full-width digits, 三十, "thirty", 3.5万, 50%, 百分之五十, with the unit that
 * stands beside it. Dates come as their parts: 2024-05-03, 2024年5月3日 and "3 May 2024" as 2024, 5 and 3. Numbers that belong to a
 * code (IL-6, AB-1234) are no numbers here, see names.ts; neither is the number of a list item at the beginning. Linear in the text.
 */
export function readNumbers(given: string): readonly StatedNumber[] {
  const text = foldWidth(given)
  const found: StatedNumber[] = []
  const add = (start: number, end: number, value: number, precision: number, sign: Unit | null = null): void => {
    if (!Number.isFinite(value)) return
    const { factor, length } = readMultiplier(text.slice(end, end + 12))
    const after = end + length
    const unit = sign === null ? readUnit(text.slice(after, after + 24)) : { unit: sign, length: 0 }
    found.push({
      start,
      end: after + unit.length,
      text: given.slice(start, after + unit.length),
      value: value * factor,
      precision,
      unit: unit.unit,
    })
  }
  for (const pattern of [digitsPattern, touchingPattern]) {
    for (const { 0: match, 1: whole = '', 2: fraction = '', index } of text.matchAll(pattern)) {
      const digits = whole.replaceAll(/[,'’ ]/g, '')
      const sign = unitOfSign(text.slice(Math.max(0, index - 1), index).trim())
      const start = sign === null ? index : index - 1
      const precision = fraction === '' ? Infinity : `${digits}${fraction.slice(1)}`.replace(/^0+/, '').length
      add(start, index + match.length, Number(`${digits}${fraction}`), precision, sign)
    }
  }
  for (const { 0: match, 1: digits = '', index } of text.matchAll(ordinalPattern)) {
    found.push(plain(given, index, index + match.length, Number(digits)))
  }
  for (const { 0: match, 1: before, 2: after, index } of text.matchAll(monthPattern)) {
    found.push(plain(given, index, index + match.length, monthNumber(before ?? after ?? '')))
  }
  for (const { 0: match, index } of text.matchAll(wordNumeralPattern)) {
    const value = readWordNumeral(match)
    if (value !== null) add(index, index + match.length, value, Infinity)
  }
  for (const match of text.matchAll(hanPattern)) addHan(match, text, given, add, found)
  const listNumber = /^\s*[(（]?\d{1,2}[.、)）]/.exec(text)?.[0].length ?? 0
  return withoutOverlaps(
    found
      .filter(({ end }) => end > listNumber)
      .toSorted((one, other) => one.start - other.start || other.end - one.end),
  )
}

/** Whether both state the same: equal values in units that agree, or one rounded to the digits that it has. */
export function isSameNumber(one: StatedNumber, other: StatedNumber): boolean {
  if (one.unit !== null && other.unit !== null && one.unit.dimension !== other.unit.dimension) return false
  const factors = one.unit !== null && other.unit !== null
  const left = factors ? one.value * (one.unit?.factor ?? 1) : one.value
  const right = factors ? other.value * (other.unit?.factor ?? 1) : other.value
  if (isNear(left, right)) return true
  // 0.5 and 50 %: one of them may be written without its sign.
  if (isNear(shareOf(one), shareOf(other))) return true
  if (isRoundedTo(one, other) || isRoundedTo(other, one)) return true
  const precision = Math.min(one.precision, other.precision)
  return Number.isFinite(precision) && precision > 1 && isNear(rounded(left, precision), rounded(right, precision))
}

/** 76 is what is left of 76.3. */
function isRoundedTo(whole: StatedNumber, exact: StatedNumber): boolean {
  return (
    whole.precision === Infinity &&
    Number.isFinite(exact.precision) &&
    whole.value >= 10 &&
    Math.round(exact.value) === whole.value
  )
}

function addHan(
  match: RegExpMatchArray,
  text: string,
  given: string,
  add: (start: number, end: number, value: number, precision: number) => void,
  found: StatedNumber[],
): void {
  const { 0: whole, 1: share, 2: digits = '', 3: over, 4: fraction, index = 0 } = match
  const value = readHanNumeral(digits)
  if (value === null) return
  const end = index + whole.length
  if (over !== undefined) {
    // 三分之二: the part stands behind.
    const part = readHanNumeral(over)
    if (part !== null && value !== 0) found.push(plain(given, index, end, part / value))
    return
  }
  const decimals =
    fraction === undefined ? 0 : Number(`0.${Array.from(fraction, (digit) => readHanNumeral(digit)).join('')}`)
  if (share !== undefined) {
    const unit: Unit = { dimension: 'share', factor: share === '百分之' ? 0.01 : 0.001 }
    found.push({ ...plain(given, index, end, value + decimals), unit })
    return
  }
  const isLone = Array.from(digits).length === 1
  const counted = countedBehind.test(text.slice(end, end + 4))
  const isOrdinal = text.slice(Math.max(0, index - 1), index) === '第'
  if (
    isLone &&
    fraction === undefined &&
    (!counted || (isOrdinal && text[end] === '人') || (digits === '一' && !isOrdinal))
  )
    return
  // 千万不要, 万一: a lone large numeral counts nothing.
  if (!/[零〇一二两三四五六七八九十壹贰叁肆伍陆柒捌玖拾兩貳參陸]/u.test(digits)) return
  add(index, end, value + decimals, Infinity)
}

function plain(given: string, start: number, end: number, value: number): StatedNumber {
  return { start, end, text: given.slice(start, end), value, precision: Infinity, unit: null }
}

/** 1 to 12, of a name as {@link months} and {@link shortMonths} have it. */
export function monthNumber(name: string): number {
  const start = name.slice(0, 3)
  return months.split('|').findIndex((month) => month.startsWith(start)) + 1
}

function shareOf({ value, unit }: StatedNumber): number {
  return unit?.dimension === 'share' ? value * unit.factor : value
}

function rounded(value: number, precision: number): number {
  return Number(value.toPrecision(Math.min(precision, 15)))
}

function isNear(one: number, other: number): boolean {
  return Math.abs(one - other) <= 1e-9 * Math.max(1, Math.abs(one), Math.abs(other))
}

function withoutOverlaps(sorted: readonly StatedNumber[]): readonly StatedNumber[] {
  const kept: StatedNumber[] = []
  for (const number of sorted) if (number.start >= (kept.at(-1)?.end ?? 0)) kept.push(number)
  return kept
}
