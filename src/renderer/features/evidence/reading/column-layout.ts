import type { MappedTable } from '../../../../shared/document-map.ts'

/** How the columns of a table are set; the same for all of its rows, which are drawn apart. */
export interface ColumnLayout {
  /** For `grid-template-columns`. */
  readonly template: string
  /** The least width, in `ch`; 0: it fits into any pane. */
  readonly leastWidth: number
}

/** Up to so many columns share the pane's width, whatever it is. */
const fittingColumns = 5
const narrowestColumn = 4
const widestColumn = 28
/** Around the text of a cell, in `ch`. */
const cellPadding = 2
/** For the numbers of a sheet's rows, in `ch`. */
export const lineColumn = 6

/** `hasLines`: the rows have numbers, in a column of their own at the beginning. */
export function columnLayout(
  table: Pick<MappedTable, 'widths'>,
  { isSheet, hasLines }: { readonly isSheet: boolean; readonly hasLines: boolean },
): ColumnLayout {
  const widths = table.widths.map((width) => Math.max(narrowestColumn, width))
  const lines = hasLines ? `${lineColumn}ch ` : ''
  if (!isSheet && widths.length <= fittingColumns)
    return { template: lines + widths.map((width) => `minmax(0, ${width + cellPadding}fr)`).join(' '), leastWidth: 0 }
  const least = widths.map((width) => Math.min(widestColumn, width) + cellPadding)
  return {
    template: lines + least.map((width) => `minmax(${width}ch, ${width}fr)`).join(' '),
    leastWidth: least.reduce((sum, width) => sum + width, hasLines ? lineColumn : 0),
  }
}
