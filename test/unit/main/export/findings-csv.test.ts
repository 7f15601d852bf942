import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { findingsCsv } from '../../../../src/main/export/findings-csv.ts'
import type { Finding } from '../../../../src/shared/findings.ts'
import { samplePassage } from '../../../support/sample-passage.ts'

const finding = (over: Partial<Finding> & { readonly name?: string; readonly quote?: string } = {}): Finding => ({
  match: 'words',
  passage: samplePassage({ documentName: over.name ?? 'Lease.pdf', page: 3, headingPath: ['9 End', '9.2 Early'] }),
  passageCount: 2,
  quotation: { text: over.quote ?? 'A fee of $100.', marks: [] },
  dates: [{ text: '3 May 2024', value: 20240503 }],
  amounts: [
    { text: '$100', value: 100 },
    { text: '$200', value: 200 },
  ],
  names: ['Acme Ltd'],
  ...over,
})

async function csv(rows: readonly Finding[], language: 'en' | 'zh-CN' = 'en'): Promise<string> {
  let text = ''
  for await (const piece of findingsCsv(rows, language)) text += piece
  return text
}

/** By the grammar of RFC 4180, strictly: every cell in quotation marks. */
function parse(text: string): readonly (readonly string[])[] {
  const rows: string[][] = []
  let row: string[] = []
  let at = 0
  while (at < text.length) {
    if (text[at] !== '"') throw new Error(`no quotation mark at ${at}`)
    let cell = ''
    for (at += 1; ; at += 1) {
      if (at >= text.length) throw new Error('unclosed')
      if (text[at] !== '"') cell += text[at] ?? ''
      else if (text[at + 1] === '"') cell += text[(at += 1)] ?? ''
      else break
    }
    row.push(cell)
    at += 1
    if (text[at] === ',') at += 1
    else if (text.startsWith('\r\n', at)) {
      rows.push(row)
      row = []
      at += 2
    } else throw new Error(`neither comma nor line end at ${at}`)
  }
  return rows
}

describe('findings as CSV', () => {
  it('is UTF-8 with a byte order mark, a header in the page’s language, and lines that end in CRLF', async () => {
    const text = await csv([finding()])
    expect(text.startsWith('\uFEFF"Document","Match","Page"')).toBe(true)
    expect(parse(text.slice(1))[1]).toEqual([
      'Lease.pdf',
      'in one passage',
      '3',
      '2',
      'A fee of $100.',
      '3 May 2024',
      '$100; $200',
      'Acme Ltd',
      '9 End > 9.2 Early',
      'a.md',
    ])
    const chinese = parse((await csv([finding({ match: 'similar' })], 'zh-CN')).slice(1))
    expect(chinese[0]?.slice(0, 2)).toEqual(['文档', '匹配'])
    expect(chinese[1]?.slice(1, 4)).toEqual(['意思相近', '3', ''])
  })

  it.each(['=HYPERLINK("http://x")', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', '\u200B=1', '＝1'])(
    'a cell that a spreadsheet would compute is text: %j',
    async (quote) => {
      const cell = parse((await csv([finding({ quote })])).slice(1))[1]?.[4]
      expect(cell).toBe(`'${quote}`)
    },
  )

  test.prop([
    fc.array(
      fc.tuple(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', '=', 'a') })),
      { maxLength: 5 },
    ),
  ])('whatever is in a row, it comes back, and no cell begins a formula', async (texts) => {
    const rows = parse((await csv(texts.map(([name, quote]) => finding({ name, quote })))).slice(1))
    expect(rows).toHaveLength(texts.length + 1)
    for (const cells of rows) {
      expect(cells).toHaveLength(10)
      for (const cell of cells) expect(cell.trimStart()).not.toMatch(/^[=+\-@]/)
    }
    texts.forEach(([, quote], index) => {
      const plain = quote.replaceAll('\r', ' ')
      expect([plain, `'${plain}`]).toContain(rows[index + 1]?.[4])
    })
  })
})
