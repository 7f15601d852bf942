import { foldWidth } from './fold-width.ts'
import { readNumbers } from './numbers.ts'

/** A sum of money as a text states it. `[start, end)` in UTF-16 units, with its currency. */
export interface StatedAmount {
  readonly start: number
  readonly end: number
  /** As written. */
  readonly text: string
  /** In whole units of its currency, whichever that is. */
  readonly value: number
}

const money: ReadonlySet<string> = new Set(['yuan', 'dollars', 'euros', 'pounds'])
/** Before a number: a code or a name, or what stands before the sign. */
const currencyBefore =
  /(?:(?:US|HK|NT|AU|CA|[ACRS])?[$€£¥] ?|(?<![\p{L}\p{N}])(?:USD|EUR|GBP|CNY|RMB|HKD|TWD|JPY|CHF|AUD|CAD|SGD) ?|(?:人民币|人民幣|美元|欧元|英镑|港币|港元|日元) ?)$/u
const longestBefore = 8

/** Every sum of money of a text, in order: $1,200, USD 5 million, RMB 3,000, 3.5万元, 人民币五千元, €12.50. See {@link readNumbers}. */
export function readAmounts(given: string): readonly StatedAmount[] {
  const text = foldWidth(given)
  return readNumbers(given).flatMap(({ start, end, value, unit }) => {
    // A sign that belongs to the number is read again with what stands before it.
    const from = /^[$€£¥]/.test(text.slice(start, start + 1)) ? start + 1 : start
    const before = currencyBefore.exec(text.slice(Math.max(0, from - longestBefore), from))?.[0] ?? ''
    const isMoney = unit !== null && money.has(unit.dimension)
    if (!isMoney && before === '') return []
    const first = Math.min(start, from - before.length)
    return [{ start: first, end, text: given.slice(first, end), value: value * (isMoney ? unit.factor : 1) }]
  })
}
