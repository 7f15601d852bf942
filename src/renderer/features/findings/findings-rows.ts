import type { Finding, FindingMatch } from '../../../shared/findings.ts'

/** What the rows can be put in order by; `found`: as they were found, those with the most passages first. */
export type FindingOrder = 'found' | 'name' | 'dates' | 'amounts'

/** How the rows are shown. `match` null: all. */
export interface FindingsView {
  readonly order: FindingOrder
  readonly isDescending: boolean
  readonly match: FindingMatch | null
  /** Words that a row must have in its document's name, its quotation or among its names. */
  readonly filter: string
}

export const plainView: FindingsView = { order: 'found', isDescending: false, match: null, filter: '' }

/** The rows of a table as they are shown. Those without a date (an amount) come last, whichever the direction. */
export function shownFindings(rows: readonly Finding[], view: FindingsView, language: string): readonly Finding[] {
  const words = fold(view.filter).split(/\s+/).filter(Boolean)
  const left = rows.filter(
    (row) => (view.match === null || row.match === view.match) && (words.length === 0 || holdsAll(row, words)),
  )
  const { order } = view
  const sign = view.isDescending ? -1 : 1
  if (order === 'found') return view.isDescending ? left.toReversed() : left
  if (order === 'name') {
    const collator = new Intl.Collator(language, { numeric: true })
    return left.toSorted((one, other) => sign * collator.compare(one.passage.documentName, other.passage.documentName))
  }
  const value = (row: Finding): number | null => valueOf(row, order, view.isDescending)
  return left
    .map((row) => ({ row, value: value(row) }))
    .toSorted((one, other) => {
      if (one.value === null || other.value === null) return Number(one.value === null) - Number(other.value === null)
      return sign * (one.value - other.value)
    })
    .map(({ row }) => row)
}

/** Of several dates or amounts the one that comes first in the direction of the order. */
function valueOf(row: Finding, order: 'dates' | 'amounts', isDescending: boolean): number | null {
  const values = row[order].map(({ value }) => value)
  if (values.length === 0) return null
  return isDescending ? Math.max(...values) : Math.min(...values)
}

function holdsAll({ passage, quotation, names }: Finding, words: readonly string[]): boolean {
  const text = fold(`${passage.documentName} ${quotation.text} ${names.join(' ')}`)
  return words.every((word) => text.includes(word))
}

function fold(text: string): string {
  return text.normalize('NFKC').toLocaleLowerCase()
}
