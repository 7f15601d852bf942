import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readDocument } from '../../../../support/documents/read-document.ts'

const folder = join(import.meta.dirname, '..', '..', '..', '..', 'fixtures', 'producers')

/** What a reader of the source would expect to find, whatever the format. */
const sources = {
  report: [
    'Harbour report',
    'The office of the harbour master finds the efficient ferry difficult to afford',
    'Fees rose from 1,200 to 1,350 in the year.',
    'The footnote names the surveyor Wren.',
    'The north quay has nine berths',
    '大潮在满月前后到来，渡轮每逢周日中午开往灯塔。票价为二十元，请在码头购票。',
    'The last page closes the report.',
  ],
  ledger: [
    'Fees 2024',
    'Ship | Arrived | Fee',
    'Kittiwake | 12 March 2024 | 1350.5',
    'Total',
    '2330.5',
    '船期',
    '周日 | 灯塔渡轮',
  ],
  talk: ['Why the harbour silts up', 'The river carries sand', '清淤计划', '明年春天开始清理航道。'],
  notes: [
    'The pilot waits for the flood tide. A footnote says more.',
    'Two long blasts mean departure',
    'Then the engine is started',
    'North | green | 4 s',
    'A ship without a pilot is a guest without a host.',
    'def tide(hours):',
    '灯塔每四秒闪一次绿光。领航员在涨潮时登船。',
    'The footnote counts the lanterns.',
  ],
  paper: [
    'On the silting of harbours',
    'The efficient office of the harbour offers a difficult field of study: sand is carried by the river, offshore winds flatten the waves',
    'comprehensively strengthened, because administrative considerations overshadow hydrographical understanding.',
    'The samples were dried and weighed.',
    'Measured by the surveyor from the northern quay in nineteen different fillings of the basin.',
    'The final sentence of the paper closes the argument.',
  ],
} as const

/** Blocks that the format is able to say, each as often. */
const structures: readonly (readonly [string, Readonly<Record<string, number>>])[] = [
  ['report.docx', { heading: 3, 'list-item': 3, 'table-row': 3 }],
  ['report.odt', { heading: 3, 'list-item': 2, 'table-row': 3 }],
  ['report.rtf', { heading: 3, 'list-item': 2, 'table-row': 3 }],
  ['report.html', { heading: 3, 'list-item': 2, 'table-row': 3 }],
  ['report.epub', { 'table-row': 2 }],
  ['report.pdf', { heading: 2, 'list-item': 2, 'table-row': 3 }],
  ['ledger.xlsx', { heading: 2, 'table-row': 6 }],
  ['ledger.xls', { heading: 2, 'table-row': 6 }],
  ['ledger.ods', { heading: 2, 'table-row': 6 }],
  ['talk.pptx', { heading: 3, 'list-item': 2 }],
  ['talk.odp', { heading: 3, 'list-item': 2 }],
  ['talk.pdf', { 'list-item': 2 }],
  ['notes.docx', { heading: 4, 'list-item': 5, 'table-row': 3 }],
  ['notes.odt', { heading: 3, 'list-item': 4, 'table-row': 3 }],
  ['notes.rtf', { heading: 3, 'table-row': 3 }],
  ['notes.epub', { heading: 4, 'list-item': 5, 'table-row': 3, quote: 1, code: 1 }],
  ['notes.html', { heading: 4, 'list-item': 5, 'table-row': 3, quote: 1, code: 1 }],
  ['notes.pptx', { heading: 5, 'list-item': 4, 'table-row': 3 }],
  ['notes.ipynb', { heading: 3, 'list-item': 4, 'table-row': 3, quote: 1, code: 1 }],
  ['paper.pdf', { heading: 5, 'table-row': 3 }],
]

describe('documents as LibreOffice, pandoc and TeX write them', () => {
  test.each(structures)('%s is read with its structure', async (file, structure) => {
    const { text, slices } = await readDocument(file, new Uint8Array(await readFile(join(folder, file))))
    const plain = text.replaceAll(/\s+/g, ' ').replaceAll(/more\.(?:\[1\]|1)/g, 'more.')
    const name = file.slice(0, file.lastIndexOf('.')) as keyof typeof sources
    for (const phrase of sources[name]) expect(plain).toContain(phrase)
    const blocks = slices.flatMap((slice) => slice.blocks)
    const counts = Object.fromEntries(
      Object.keys(structure).map((kind) => [kind, blocks.filter((block) => block.kind === kind).length]),
    )
    expect(counts).toEqual(structure)
    // Nothing that only a symbol font could say.
    expect(text).not.toMatch(/[\uE000-\uF8FF]/)
  })
})
