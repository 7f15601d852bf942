import { describe, expect, it } from 'vitest'
import type { Block } from '../../../../../src/shared/anchor.ts'
import { readDocument } from '../../../../support/documents/read-document.ts'
import { shape, writeOpenDocument, writePptx } from '../../../../support/documents/office-writer.ts'

/** Every block as its text and what else is kept of it. */
async function detailsOf(name: string, content: string | Uint8Array): Promise<readonly Record<string, unknown>[]> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  const { slices, text } = await readDocument(name, bytes)
  return slices
    .flatMap(({ blocks }) => blocks)
    .map(({ start, end, ...rest }: Block) => ({ text: text.slice(start, end), ...rest }))
}

describe('what is kept of a block besides its text', () => {
  it('code: the indentation that was taken away, and the numbers of its lines', async () => {
    const body = Array.from({ length: 120 }, (_unused, index) => `        total += row[${index}]`).join('\n')
    const blocks = await detailsOf(
      'sum.py',
      `def sum(row):\n    total = 0\n\n${body}\n\n        # the end\n    return total\n`,
    )
    expect(blocks[0]).toMatchObject({ level: 0, line: 1 })
    const last = blocks.at(-1)
    expect(last).toEqual({
      kind: 'code',
      level: 4,
      text: '    # the end\nreturn total'.trim(),
      line: 125,
      firstIndent: 4,
    })
  })

  it('sheets: the number of each row, and the columns of cells between gaps', async () => {
    expect(await detailsOf('a.csv', 'Port,Depth,Berths,Note,More\nNorth,7.2,14,a,b\n\nSouth,,,,late\n')).toEqual([
      { kind: 'table-row', level: 0, text: 'Port | Depth | Berths | Note | More', line: 1 },
      { kind: 'table-row', level: 0, text: 'North | 7.2 | 14 | a | b', line: 2 },
      { kind: 'table-row', level: 0, text: 'South | late', line: 4, columns: [0, 4] },
    ])
  })

  it('rows repeated in an OpenDocument sheet count', async () => {
    const row = (text: string, repeats: number): string =>
      `<table:table-row table:number-rows-repeated="${repeats}"><table:table-cell><text:p>${text}</text:p></table:table-cell></table:table-row>`
    const sheet = `<table:table table:name="S">${row('a', 2)}${row('', 1_000)}${row('b', 1)}</table:table>`
    const blocks = await detailsOf('a.ods', writeOpenDocument('spreadsheet', sheet))
    expect(blocks.map(({ text, line }) => [text, line])).toEqual([
      ['S', undefined],
      ['a', 1],
      ['a', 2],
      ['b', 1_003],
    ])
  })

  it('tables: whether a row heads them, where the file says so', async () => {
    const levels = async (name: string, content: string | Uint8Array): Promise<readonly unknown[]> =>
      (await detailsOf(name, content)).filter(({ kind }) => kind === 'table-row').map(({ level }) => level)
    expect(await levels('a.md', '| Port | Depth |\n| --- | --- |\n| North | 7.2 |\n')).toEqual([1, 0])
    expect(
      await levels('a.html', '<table><tr><th>Port</th><th>Depth</th></tr><tr><th>North</th><td>7.2</td></tr></table>'),
    ).toEqual([1, 0])
    expect(await levels('b.html', '<table><tr><td>Landlord</td><td>Vale</td></tr></table>')).toEqual([0])
    const cell = (text: string): string => `<a:tc><a:p><a:r><a:t>${text}</a:t></a:r></a:p></a:tc>`
    const table = `<p:graphicFrame><a:tbl><a:tblPr firstRow="1"/><a:tr>${cell('Month')}${cell('Ships')}</a:tr><a:tr>${cell('May')}${cell('9')}</a:tr></a:tbl></p:graphicFrame>`
    expect(await levels('a.pptx', writePptx([{ body: shape('title', 'Ships') + table }]))).toEqual([1, 0])
  })

  it('quotes: how deep they stand in others', async () => {
    expect(await detailsOf('a.md', '> one\n> > two\n\nthree\n')).toMatchObject([
      { kind: 'quote', level: 0, text: 'one' },
      { kind: 'quote', level: 1, text: 'two' },
      { kind: 'paragraph', text: 'three' },
    ])
    const mail =
      'From: a@example.org\nTo: b@example.org\nSubject: Berths\nContent-Type: text/plain\n\nYes, from May.\n\n' +
      'Anna wrote:\n> Is berth nine free?\n>\n> Please say when.\n>> We asked in March.\n\nBest wishes\n'
    expect((await detailsOf('a.eml', mail)).slice(3)).toEqual([
      { kind: 'paragraph', level: 0, text: 'Yes, from May.' },
      { kind: 'paragraph', level: 0, text: 'Anna wrote:' },
      { kind: 'quote', level: 0, text: 'Is berth nine free?' },
      { kind: 'quote', level: 0, text: 'Please say when.' },
      { kind: 'quote', level: 1, text: 'We asked in March.' },
      { kind: 'paragraph', level: 0, text: 'Best wishes' },
    ])
  })
})
