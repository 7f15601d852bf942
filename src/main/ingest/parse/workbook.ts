import { read, utils, type CellObject, type WorkSheet } from '@e965/xlsx'
import { AppError } from '../../../shared/errors.ts'
import { damaged } from './office-archive.ts'
import type { RawBlock } from './slice-builder.ts'
import { tableRow } from './table-rows.ts'
import { unpacksBeyond } from './zip-entries.ts'

export interface Workbook {
  readonly title: string | null
  readonly blocks: Iterable<RawBlock>
}

/** The library holds every cell in memory, at about ten times the size of its XML. */
const maxXmlBytes = 60 * 1024 * 1024
/** Rows beyond are no longer what anybody reads; said in the text. */
const maxRows = 200_000

/**
 * XLSX, XLSM and old XLS to blocks: each sheet under a heading with its name, row by row as the sheet shows its values; an empty
 * row begins a new table. Formulas are not computed: the values stored with them are read.
 * @throws AppError `encrypted-file` `unreadable-file` `file-too-large`
 */
export async function readWorkbook(bytes: Uint8Array, options: { readonly isZip: boolean }): Promise<Workbook> {
  if (options.isZip) await checkSize(bytes)
  let book
  try {
    book = read(bytes, {
      type: 'array',
      dense: true,
      cellHTML: false,
      cellFormula: false,
      bookVBA: false,
      sheetRows: maxRows,
    })
  } catch (error) {
    if (error instanceof Error && /password|encrypt/i.test(error.message)) {
      throw new AppError(
        'encrypted-file',
        'This workbook is protected by a password. Save a copy without the password and add that.',
        { cause: error },
      )
    }
    throw damaged(error)
  }
  const sheets = book.SheetNames.map((name) => ({ name, sheet: book.Sheets[name] }))
  const title = book.Props?.Title?.trim() ?? ''
  return { title: title === '' ? null : title.slice(0, 300), blocks: sheetBlocks(sheets) }
}

function* sheetBlocks(
  sheets: readonly { readonly name: string; readonly sheet: WorkSheet | undefined }[],
): Generator<RawBlock> {
  for (const { name, sheet } of sheets) {
    if (sheet === undefined) continue
    let isFirst = true
    let hasHeading = false
    let line = 0
    for (const cells of rowsOf(sheet)) {
      line += 1
      const row = tableRow(cells, isFirst, { line })
      if (row === null) {
        isFirst = true
        continue
      }
      if (!hasHeading) yield { kind: 'heading', level: 1, text: name }
      hasHeading = true
      yield row
      isFirst = false
    }
  }
}

/** Sheets claim ranges of a million columns and fill ten: only cells that are there are looked at. */
function* rowsOf(sheet: WorkSheet): Generator<readonly string[]> {
  const rows = (sheet['!data'] ?? []) as readonly (readonly (CellObject | undefined)[] | undefined)[]
  for (let index = 0; index < rows.length; index += 1) {
    const cells: string[] = []
    for (const [column, cell] of Object.entries(rows[index] ?? [])) {
      const at = Number(column)
      if (at >= 1_000 || cell === undefined) continue
      while (cells.length < at) cells.push('')
      cells.push(shownValue(cell))
    }
    yield cells
  }
}

function shownValue(cell: CellObject): string {
  if (cell.t === 'z') return ''
  return utils.format_cell(cell)
}

async function checkSize(bytes: Uint8Array): Promise<void> {
  const isTooLarge = await unpacksBeyond(bytes, maxXmlBytes).catch((error: unknown) => {
    throw damaged(error)
  })
  if (isTooLarge) {
    throw new AppError(
      'file-too-large',
      'This workbook is larger than Carrel reads. Save its sheets as CSV files and add those.',
    )
  }
}
