import { utils, write } from '@e965/xlsx'
import { describe, expect, it } from 'vitest'
import { readDocument, type ReadDocument } from '../../../../support/documents/read-document.ts'
import { shape, writeEpub, writeOpenDocument, writePptx } from '../../../../support/documents/office-writer.ts'
import { writeZip } from '../../../../support/documents/zip-writer.ts'

const read = (name: string, content: string | Uint8Array): Promise<ReadDocument> =>
  readDocument(name, typeof content === 'string' ? new TextEncoder().encode(content) : content)

/** Every block as `kind level: text`. */
const outline = (document: ReadDocument): readonly string[] =>
  document.slices.flatMap((slice) =>
    slice.blocks.map(({ kind, level, start, end }) => `${kind} ${level}: ${document.text.slice(start, end)}`),
  )

describe('slides', () => {
  const table =
    '<p:graphicFrame><a:tbl><a:tr><a:tc><a:p><a:r><a:t>Month</a:t></a:r></a:p></a:tc><a:tc><a:p><a:r><a:t>Ships</a:t></a:r></a:p></a:tc></a:tr><a:tr><a:tc><a:p><a:r><a:t>二月</a:t></a:r></a:p></a:tc><a:tc><a:p><a:r><a:t>298</a:t></a:r></a:p></a:tc></a:tr></a:tbl></p:graphicFrame>'

  it('come in the order of the show, with titles, lists, tables, notes and the words of charts', async () => {
    const chart =
      '<c:title><a:p><a:r><a:t>Ships </a:t></a:r><a:r><a:t>by year</a:t></a:r></a:p></c:title><c:ser><c:tx><c:strRef><c:f>A1</c:f><c:strCache><c:pt><c:v>Arrivals</c:v></c:pt></c:strCache></c:strRef></c:tx><c:val><c:numCache><c:pt><c:v>12</c:v></c:pt></c:numCache></c:val></c:ser>'
    const document = await read(
      'show.pptx',
      writePptx([
        {
          body: shape('title', 'Harbour') + shape('body', 'First point', 'Second point') + shape('sldNum', '1'),
          notes: shape('body', 'Say hello'),
        },
        { body: shape('ctrTitle', '港口') + shape('', 'A loose box') + table, chart },
      ]),
    )
    expect(document.kind).toBe('slides')
    expect(document.title).toBe('Harbour')
    expect(outline(document)).toEqual([
      'heading 1: Slide 1: Harbour',
      'list-item 1: First point',
      'list-item 1: Second point',
      'heading 2: Notes',
      'paragraph 0: Say hello',
      'heading 1: Slide 2: 港口',
      'paragraph 0: A loose box',
      'table-row 0: Month | Ships',
      'table-row 0: 二月 | 298',
      'paragraph 0: Ships by year',
      'paragraph 0: Arrivals',
    ])
  })

  it('without a part that the show names are read as far as they go', async () => {
    const bytes = writeZip({
      '[Content_Types].xml': '<Types/>',
      'ppt/presentation.xml': '<p:presentation/>',
      'ppt/slides/slide10.xml': `<p:sld>${shape('', 'ten')}</p:sld>`,
      'ppt/slides/slide2.xml': `<p:sld>${shape('', 'two')}</p:sld>`,
    })
    expect((await read('loose.pptx', bytes)).text).toBe('Slide 1\n\ntwo\n\nSlide 2\n\nten')
  })
})

describe('OpenDocument', () => {
  it('text keeps headings, nested lists, footnotes and tables, and leaves out what was deleted', async () => {
    const body =
      '<text:tracked-changes><text:p>deleted</text:p></text:tracked-changes><text:h text:outline-level="2">Dues</text:h>' +
      '<text:p>Paid<text:s text:c="2"/>in<text:line-break/>time<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Or later.</text:p></text:note-body></text:note>.</text:p>' +
      '<text:list><text:list-item><text:p>One</text:p><text:list><text:list-item><text:p>Two</text:p></text:list-item></text:list></text:list-item></text:list>' +
      '<table:table table:name="T"><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell table:number-columns-repeated="2"><text:p>b</text:p></table:table-cell></table:table-row></table:table>'
    const document = await read('a.odt', writeOpenDocument('text', body))
    expect(document.kind).toBe('odt')
    expect(outline(document)).toEqual([
      'heading 2: Dues',
      'paragraph 0: Paid in\ntime.',
      'paragraph 0: Or later.',
      'list-item 1: One',
      'list-item 2: Two',
      'table-row 0: a | b | b',
    ])
  })

  it('sheets get their names, empty ones none; rows repeated a million times do not', async () => {
    const row = (cells: string, repeats = 1): string =>
      `<table:table-row table:number-rows-repeated="${repeats}">${cells}</table:table-row>`
    const cell = (text: string): string => `<table:table-cell><text:p>${text}</text:p></table:table-cell>`
    const body =
      `<table:table table:name="Ships">${row(cell('Name') + cell('Depth'))}${row(cell('Ann') + cell('3.5'))}` +
      `${row('<table:table-cell table:number-columns-repeated="16384"/>', 1_048_576)}</table:table><table:table table:name="Empty"/>`
    const document = await read('b.ods', writeOpenDocument('spreadsheet', body))
    expect(document.kind).toBe('sheet')
    expect(outline(document)).toEqual(['heading 1: Ships', 'table-row 0: Name | Depth', 'table-row 0: Ann | 3.5'])
  })

  it('presentations put the title frame into the slide heading', async () => {
    const body =
      '<draw:page draw:name="page1"><draw:frame presentation:class="title"><draw:text-box><text:p>Tides</text:p></draw:text-box></draw:frame><draw:frame><draw:text-box><text:p>Twice a day</text:p></draw:text-box></draw:frame><presentation:notes/></draw:page>'
    expect(outline(await read('c.odp', writeOpenDocument('presentation', body)))).toEqual([
      'heading 1: Slide 1: Tides',
      'paragraph 0: Twice a day',
    ])
  })

  it('with a password says so', async () => {
    const bytes = writeOpenDocument(
      'text',
      '',
      '<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>',
    )
    await expect(read('secret.odt', bytes)).rejects.toMatchObject({ code: 'encrypted-file' })
  })

  it('nested absurdly deep is a file that cannot be read', async () => {
    const deep = `${'<text:list><text:list-item>'.repeat(100_000)}<text:p>bottom</text:p>`
    await expect(read('deep.odt', writeOpenDocument('text', deep))).rejects.toMatchObject({ code: 'unreadable-file' })
  })
})

describe('workbooks', () => {
  const book = (type: 'xlsx' | 'biff8'): Uint8Array => {
    const workbook = utils.book_new()
    const rows = [['Month', 'Ships'], ['January', 312], [], ['Paid', new Date(Date.UTC(2023, 1, 3))]]
    utils.book_append_sheet(
      workbook,
      utils.aoa_to_sheet(rows, { cellDates: true, dateNF: 'yyyy-mm-dd', UTC: true }),
      'Harbour',
    )
    utils.book_append_sheet(workbook, utils.aoa_to_sheet([]), 'Nothing')
    return new Uint8Array(write(workbook, { type: 'buffer', bookType: type, compression: true }) as Buffer)
  }

  it.each([
    ['ships.xlsx', 'xlsx'],
    ['ships.xls', 'biff8'],
  ] as const)('%s: sheets by name, values as shown, an empty row begins a new table', async (name, type) => {
    const document = await read(name, book(type))
    expect(document.kind).toBe('sheet')
    expect(outline(document)).toEqual([
      'heading 1: Harbour',
      'table-row 0: Month | Ships',
      'table-row 0: January | 312',
      'table-row 0: Paid | 2023-02-03',
    ])
    expect(document.text).toContain('312\n\nPaid')
  })

  it('a cell in the last of sixteen thousand columns and a million rows costs nothing', async () => {
    const sheet = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>here</t></is></c><c r="XFD1" t="inlineStr"><is><t>far</t></is></c></row><row r="1048576"><c r="A1048576"><v>7</v></c></row></sheetData></worksheet>`
    const bytes = writeZip({
      '[Content_Types].xml':
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
      '_rels/.rels':
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
      'xl/workbook.xml':
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
      'xl/_rels/workbook.xml.rels':
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
      'xl/worksheets/sheet1.xml': sheet,
    })
    expect((await read('wide.xlsx', bytes)).text).toMatch(/^S\n\nhere/)
  })

  it('that unpacks beyond reason is refused', async () => {
    const bytes = writeZip(
      { '[Content_Types].xml': '<Types/>', 'xl/worksheets/sheet1.xml': 'x'.repeat(70 * 1024 * 1024) },
      { isDeflated: true },
    )
    await expect(read('bomb.xlsx', bytes)).rejects.toMatchObject({ code: 'file-too-large' })
  })
})

describe('books', () => {
  it('are read chapter by chapter, without the table of contents', async () => {
    const document = await read(
      'tides.epub',
      writeEpub('Tides', ['<h1>Ebb</h1><p>It goes.</p>', '<h1>潮</h1><p>来了。</p>']),
    )
    expect(document).toMatchObject({ kind: 'epub', title: 'Tides', text: 'Ebb\n\nIt goes.\n\n潮\n\n来了。' })
  })

  it('with copy protection are refused, with scrambled fonts read', async () => {
    const encrypted = (algorithm: string): string =>
      `<encryption><EncryptionMethod Algorithm="${algorithm}"/></encryption>`
    const fonts = writeEpub('F', ['<p>text</p>'], encrypted('http://www.idpf.org/2008/embedding'))
    expect((await read('f.epub', fonts)).text).toBe('text')
    const drm = writeEpub('D', ['<p>text</p>'], encrypted('http://www.w3.org/2001/04/xmlenc#aes256-cbc'))
    await expect(read('d.epub', drm)).rejects.toMatchObject({ code: 'encrypted-file' })
  })
})

describe('rich text', () => {
  it('keeps headings, lists, tables, footnotes, code pages and Unicode, and leaves out what is not shown', async () => {
    const rtf = String.raw`{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Times;}{\f1\fcharset134 SimSun;}{\f2\fcharset204 Arial;}}{\stylesheet{\s1 heading 1;}}{\info{\title Harbour}}
{\header no}\pard\s1 Tides\par\pard Caf\'e9 and \u8364?5{\footnote A note.}\par
\pard\f1 \'b8\'db\'bf\'da\f0\par{\listtext\bullet\tab}\pard One\par{\listtext 2.\tab}Two\par
\trowd\intbl a\cell b\cell\row\trowd\intbl c\cell\cell\row
\pard\f2 \'cf\'ee\'f0\'f2\f0 {\v hidden}{\*\unknown data}{\pict 0102}\par}`
    const document = await read('a.rtf', rtf)
    expect(document).toMatchObject({ kind: 'rtf', title: 'Harbour' })
    expect(outline(document)).toEqual([
      'heading 1: Tides',
      'paragraph 0: Café and €5',
      'paragraph 0: A note.',
      'paragraph 0: 港口',
      'list-item 1: One',
      'list-item 1: 2. Two',
      'table-row 0: a | b',
      'table-row 0: c',
      'paragraph 0: Порт',
    ])
  })

  it('cut off anywhere still gives what was there', async () => {
    const rtf = String.raw`{\rtf1\ansi Some text here\par more \'e9 \u20013? and {\b bold}\par}`
    for (let length = 30; length < rtf.length; length += 1)
      expect((await read('cut.rtf', rtf.slice(0, length))).text).toContain(
        'Some text here'.slice(0, Math.min(14, length - 12)),
      )
  })

  it('nested absurdly deep is a file that cannot be read', async () => {
    await expect(read('deep.rtf', `{\\rtf1 ${'{'.repeat(100_000)}`)).rejects.toMatchObject({ code: 'unreadable-file' })
  })
})

describe('mail', () => {
  const head =
    'From: Ann <ann@example.org>\r\nTo: =?UTF-8?B?5p2O?= <li@example.org>\r\nSubject: =?GB2312?B?uNu/2g==?=\r\nDate: Fri, 3 Feb 2023 10:00:00 +0000\r\n'

  it('has its subject, people, date, body and the names of what is attached', async () => {
    const mail = `${head}MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nThe dues are paid.\r\n--b\r\nContent-Type: application/pdf; name="dues.pdf"\r\nContent-Disposition: attachment; filename="dues.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERg==\r\n--b--\r\n`
    expect(outline(await read('a.eml', mail))).toEqual([
      'heading 1: 港口',
      'paragraph 0: From: Ann <ann@example.org>',
      'paragraph 0: To: 李 <li@example.org>',
      'paragraph 0: Date: 2023-02-03T10:00:00.000Z',
      'paragraph 0: The dues are paid.',
      'paragraph 0: Attachments: dues.pdf',
    ])
  })

  it('takes the HTML form where it holds more, and reads attached messages', async () => {
    const inner = 'Subject: Inner\r\n\r\nInner text.\r\n'
    const mail = `${head}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\nContent-Type: text/plain\r\n\r\nSee HTML.\r\n--c\r\nContent-Type: text/html\r\n\r\n<p>All the dues are listed in this form only.</p><script>no()</script>\r\n--c--\r\n--b\r\nContent-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\n${inner}\r\n--b--\r\n`
    const { text } = await read('b.eml', mail)
    expect(text).toContain('All the dues are listed')
    expect(text).not.toMatch(/See HTML|no\(\)/)
    expect(text).toContain('Inner text.')
  })

  it('saved pages are read as pages', async () => {
    const page =
      'From: <Saved by Blink>\r\nSubject: Tides\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Location: http://example.org/\r\n\r\n<html><head><title>Tides</title></head><body><h1>Tides=20today</h1><p>High at six.</p></body></html>\r\n--b--\r\n'
    expect(await read('page.mhtml', page)).toMatchObject({ kind: 'html', title: 'Tides' })
  })
})

describe('tables as text', () => {
  it.each([
    ['a.csv', 'Name;Depth\r\n"Ann; ""the"" ship";3,5\r\n', ['Name | Depth', 'Ann; "the" ship | 3,5']],
    ['a.tsv', 'Name\tDepth\nAnn\t3.5', ['Name | Depth', 'Ann | 3.5']],
    ['a.csv', 'a,b\n"line\nbreak",c\n\nx,y\n', ['a | b', 'line break | c', 'x | y']],
    ['a.csv', 'a,b\n"never closed, c\nd', ['a | b', 'never closed, c d']],
  ])('%s %j', async (name, content, rows) => {
    const document = await read(name, content)
    expect(document.kind).toBe('sheet')
    expect(outline(document)).toEqual(rows.map((row) => `table-row 0: ${row}`))
  })

  it('a list without delimiters stays text', async () => {
    expect(await read('names.csv', 'Ann\nBen\n')).toMatchObject({ kind: 'text' })
  })
})

describe('notebooks', () => {
  it('are read cell by cell; what is none stays JSON', async () => {
    const notebook = JSON.stringify({
      cells: [
        { cell_type: 'markdown', source: ['# Tides\n', 'Twice a day.'] },
        { cell_type: 'code', source: 'print(2)', outputs: [{ text: ['2\n'] }, { data: {} }] },
      ],
    })
    expect(outline(await read('a.ipynb', notebook))).toEqual([
      'heading 1: Tides',
      'paragraph 0: Twice a day.',
      'code 0: print(2)',
      'code 0: 2',
    ])
    expect((await read('b.ipynb', '{"cells": 3}')).text).toBe('{"cells": 3}')
  })
})

describe('archives that lie', () => {
  it('entities of a document’s own are never expanded', async () => {
    const entities = `<!DOCTYPE x [<!ENTITY a "${'a'.repeat(1000)}">${Array.from({ length: 8 }, (_, index) => `<!ENTITY e${index} "${`&${index === 0 ? 'a' : `e${index - 1}`};`.repeat(10)}">`).join('')}]>`
    const bytes = writeZip({
      mimetype: 'application/vnd.oasis.opendocument.text',
      'META-INF/manifest.xml': '<m/>',
      'content.xml': `<?xml version="1.0"?>${entities}<office:document-content><office:body><office:text><text:p>kept &e7;</text:p></office:text></office:body></office:document-content>`,
    })
    const { text } = await read('entities.odt', bytes)
    expect(text).toContain('kept')
    expect(text.length).toBeLessThan(100)
  })
})
