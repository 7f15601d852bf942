import { AppError } from '../../../shared/errors.ts'
import { hardBreak } from './normalise-text.ts'
import { openOfficeArchive, damaged } from './office-archive.ts'
import type { RawBlock } from './slice-builder.ts'
import { tableRow } from './table-rows.ts'
import { parseXml, walkXml, type XmlElement } from './xml-walk.ts'

export interface OpenDocument {
  readonly title: string | null
  readonly blocks: readonly RawBlock[]
}

/** An empty cell or row may stand for thousands; text that is repeated is written this often at most. */
const maxRepeats = 50
/** Not text of the document: deleted passages, forms, remarks, drawings' own names. */
const skipped = new Set([
  'text:tracked-changes',
  'office:annotation',
  'text:note-citation',
  'office:forms',
  'text:sequence-decls',
  'svg:title',
  'svg:desc',
  'presentation:date-time',
  'presentation:footer',
  'text:page-number',
])

interface Table {
  rowCount: number
  /** Rows of the sheet, empty ones too. */
  line: number
  isInHeader: boolean
  row: { readonly cells: string[]; readonly repeats: number; readonly fileRepeats: number } | null
  cell: { text: string[]; readonly repeats: number } | null
}

/**
 * ODT, ODP and ODS to blocks: headings with their level, paragraphs, lists, tables row by row, slides and sheets under a heading
 * with their name, footnotes after the paragraph that calls them, speaker's notes under a heading of their own.
 * @throws AppError `encrypted-file` `unreadable-file` `file-too-large`
 */
export async function readOpenDocument(bytes: Uint8Array): Promise<OpenDocument> {
  const archive = await openOfficeArchive(bytes)
  try {
    if (/<manifest:encryption-data/.test((await archive.text('META-INF/manifest.xml')) ?? '')) {
      throw new AppError(
        'encrypted-file',
        'This file is protected by a password. Save a copy without the password and add that.',
      )
    }
    const content = await archive.text('content.xml')
    if (content === null) throw damaged(new Error('content.xml is missing'))
    const blocks = contentBlocks(content)
    const heading = blocks.slice(0, 10).find((block) => block.kind === 'heading')
    const title = titleOf((await archive.text('meta.xml')) ?? '') ?? heading?.text ?? null
    return { title: title?.slice(0, 300) ?? null, blocks }
  } finally {
    archive.close()
  }
}

function titleOf(source: string): string | null {
  let title = ''
  let isIn = false
  if (source === '') return null
  walkXml(parseXml(source), {
    enter(name) {
      isIn = name === 'dc:title'
    },
    leave() {
      isIn = false
    },
    text(text) {
      if (isIn) title += text
    },
  })
  return title.trim() === '' ? null : title.trim()
}

function contentBlocks(source: string): RawBlock[] {
  const blocks: RawBlock[] = []
  const tables: Table[] = []
  // Paragraphs can stand within paragraphs: a footnote, a text box.
  const open: { readonly parts: string[]; readonly heading: number; readonly isNote: boolean }[] = []
  const notes: string[] = []
  let listDepth = 0
  let noteDepth = 0
  let slideCount = 0
  let isWorkbook = false
  /** Within the title frame that opens a slide: its words belong to the slide's heading. */
  let isInTitle = false

  const add = (text: string): void => void open.at(-1)?.parts.push(text)
  const endParagraph = (): void => {
    const paragraph = open.pop()
    if (paragraph === undefined) return
    const text = paragraph.parts.join('')
    if (paragraph.isNote) return void notes.push(text)
    const cell = tables.at(-1)?.cell
    if (cell !== null && cell !== undefined) cell.text.push(text)
    else if (isInTitle && text.trim() !== '') {
      const heading = blocks.at(-1)
      if (heading !== undefined)
        blocks[blocks.length - 1] = {
          ...heading,
          text: `Slide ${slideCount}: ${text.replaceAll(hardBreak, ' ').trim()}`,
        }
      isInTitle = false
    } else if (text.trim() !== '') {
      const kind = paragraph.heading > 0 ? 'heading' : listDepth > 0 ? 'list-item' : 'paragraph'
      const level = kind === 'heading' ? paragraph.heading : kind === 'list-item' ? listDepth : 0
      blocks.push({ kind, level, text, tight: kind === 'list-item' && blocks.at(-1)?.kind === 'list-item' })
    }
    if (open.length > 0) return
    for (const note of notes.splice(0)) if (note.trim() !== '') blocks.push({ kind: 'paragraph', level: 0, text: note })
  }
  const endRow = (): void => {
    const table = tables.at(-1)
    const row = table?.row
    if (table === undefined || row === null || row === undefined) return
    table.row = null
    const line = table.line + 1
    table.line += row.fileRepeats
    const block = tableRow(row.cells, table.rowCount === 0, {
      isHeader: table.isInHeader,
      ...(isWorkbook ? { line } : {}),
    })
    if (block === null) {
      // In a sheet an empty row parts two tables.
      if (isWorkbook) table.rowCount = 0
      return
    }
    for (let count = 0; count < row.repeats; count += 1) {
      const followed = isWorkbook ? { line: line + count } : {}
      blocks.push(count === 0 ? block : { ...block, tight: true, ...followed })
      table.rowCount += 1
    }
  }
  const endCell = (): void => {
    const table = tables.at(-1)
    const cell = table?.cell
    if (table === undefined || cell === null || cell === undefined) return
    table.cell = null
    const text = cell.text.join(' ')
    for (let count = 0; count < cell.repeats; count += 1) table.row?.cells.push(text)
  }

  walkXml(parseXml(source), {
    enter(name, element) {
      if (skipped.has(name)) return false
      if (name === 'office:spreadsheet') isWorkbook = true
      if (name === 'text:p' || name === 'text:h') {
        const heading = name === 'text:h' ? levelOf(element, 'text:outline-level') : 0
        open.push({ parts: [], heading, isNote: noteDepth > 0 })
      } else if (name === 'text:list') listDepth += 1
      else if (name === 'text:note-body') noteDepth += 1
      else if (name === 'text:s') add(' '.repeat(repeatsOf(element, 'text:c')))
      else if (name === 'text:tab') add('\t')
      else if (name === 'text:line-break') add(hardBreak)
      else if (name === 'draw:page') {
        slideCount += 1
        blocks.push({ kind: 'heading', level: 1, text: slideHeading(slideCount, element.getAttribute('draw:name')) })
      } else if (name === 'draw:frame' && element.getAttribute('presentation:class') === 'title') {
        isInTitle = blocks.at(-1)?.level === 1
      } else if (name === 'presentation:notes') {
        blocks.push({ kind: 'heading', level: 2, text: 'Notes' })
      } else if (name === 'table:table') {
        const sheet = element.getAttribute('table:name') ?? ''
        if (isWorkbook && tables.length === 0 && sheet !== '') {
          // The sheet before held nothing.
          if (blocks.at(-1)?.kind === 'heading') blocks.pop()
          blocks.push({ kind: 'heading', level: 1, text: sheet })
        }
        tables.push({ rowCount: 0, line: 0, isInHeader: false, row: null, cell: null })
      } else if (name === 'table:table-header-rows') {
        const table = tables.at(-1)
        if (table !== undefined) table.isInHeader = true
      } else if (name === 'table:table-row') {
        const table = tables.at(-1)
        if (table !== undefined)
          table.row = {
            cells: [],
            repeats: repeatsOf(element, 'table:number-rows-repeated'),
            fileRepeats: Math.max(1, Math.trunc(Number(element.getAttribute('table:number-rows-repeated')) || 1)),
          }
      } else if (name === 'table:table-cell' || name === 'table:covered-table-cell') {
        const table = tables.at(-1)
        if (table !== undefined) table.cell = { text: [], repeats: repeatsOf(element, 'table:number-columns-repeated') }
      }
      return undefined
    },
    leave(name) {
      if (name === 'text:p' || name === 'text:h') endParagraph()
      else if (name === 'text:list') listDepth -= 1
      else if (name === 'text:note-body') noteDepth -= 1
      else if (name === 'table:table-cell' || name === 'table:covered-table-cell') endCell()
      else if (name === 'table:table-row') endRow()
      else if (name === 'table:table-header-rows') {
        const table = tables.at(-1)
        if (table !== undefined) table.isInHeader = false
      } else if (name === 'table:table') tables.pop()
      else if (name === 'draw:frame') isInTitle = false
      else if (name === 'presentation:notes') {
        if (blocks.at(-1)?.text === 'Notes' && blocks.at(-1)?.kind === 'heading') blocks.pop()
      } else if (name === 'office:spreadsheet' && blocks.at(-1)?.kind === 'heading') blocks.pop()
    },
    text(text) {
      // White space between elements is layout.
      if (open.length > 0) add(text)
    },
  })
  return blocks
}

/** Programs name slides `page1`: only a name that somebody gave says more than the number. */
function slideHeading(number: number, name: string | null): string {
  return name === null || /^(?:page|slide|folie|幻灯片)\s?\d+$/i.test(name.trim()) || name.trim() === ''
    ? `Slide ${number}`
    : `Slide ${number}: ${name.trim()}`
}

function levelOf(element: XmlElement, attribute: string): number {
  return Math.min(6, Math.max(1, Number(element.getAttribute(attribute)) || 1))
}

function repeatsOf(element: XmlElement, attribute: string): number {
  return Math.min(maxRepeats, Math.max(1, Number(element.getAttribute(attribute)) || 1))
}
