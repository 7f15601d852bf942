import { readFileSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { BlockKind } from '../../../../../src/shared/anchor.ts'
import { parseDocument } from '../../../../../src/main/ingest/parse/parse-document.ts'
import { resolveParserResources } from '../../../../../src/main/ingest/parse/parser-resources.ts'
import { fixtureDocuments, writtenOnDemand } from '../../../../support/documents/fixture-documents.ts'
import { readDocument } from '../../../../support/documents/read-document.ts'
import type { ReadDocument } from '../../../../support/documents/read-document.ts'
import { sampleDocuments } from '../../../../support/documents/sample-documents.ts'
import { writeZip } from '../../../../support/documents/zip-writer.ts'

const fixtures = fixtureDocuments()

function read(name: string): Promise<ReadDocument> {
  const bytes = fixtures[name]
  if (bytes === undefined) throw new Error(`no fixture ${name}`)
  return readDocument(name, bytes)
}

function blocksOf(document: ReadDocument, kind: BlockKind): readonly string[] {
  return document.slices.flatMap((slice) =>
    slice.blocks.filter((block) => block.kind === kind).map((block) => document.text.slice(block.start, block.end)),
  )
}

describe('what a file is', () => {
  it.each([
    ['tides.pdf.txt', 'pdf'],
    ['report.doc', 'docx'],
    ['page.txt', 'html'],
    ['text-named.pdf', 'text'],
    ['about-pdf.txt', 'text'],
    ['notes.md', 'markdown'],
    ['fragment.html', 'html'],
  ] as const)('%s is read as %s', async (name, kind) => {
    expect((await read(name)).kind).toBe(kind)
  })
})

describe('what cannot be read', () => {
  it.each([
    ['blank-pages.pdf', 'empty-file', /empty pages/],
    ['encrypted.pdf', 'encrypted-file', /password/],
    ['encrypted.docx', 'encrypted-file', /password/],
    ['truncated.pdf', 'unreadable-file', /damaged or cut off/],
    ['truncated.docx', 'unreadable-file', /damaged or cut off/],
    ['bad-xml.docx', 'unreadable-file', /damaged/],
    ['deep.docx', 'unreadable-file', /damaged/],
    ['empty.pdf', 'empty-file', /no bytes/],
    ['empty.txt', 'empty-file', /no bytes/],
    ['white-space.md', 'empty-file', /has no text/],
    ['old.doc', 'unsupported-file', /old Office version/],
    ['book.xlsx', 'unreadable-file', /damaged/],
    ['archive.zip', 'unsupported-file', /Unpack it/],
    ['picture.png', 'unreadable-file', /picture is damaged/],
    ['binary.txt', 'unsupported-file', /no text/],
  ])('%s: %s', async (name, code, message) => {
    await expect(read(name)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
  })

  it('leaves the pages of a scan, and those whose text is garbled, to recognition', async () => {
    expect(await read('scan.pdf')).toMatchObject({ text: '', pageCount: 2, scanPages: [1, 2] })
    expect(await read('mojibake.pdf')).toMatchObject({ text: '', scanPages: [1] })
    expect(await read('tides.pdf')).toMatchObject({ scanPages: [] })
  })

  it('stops when asked to', async () => {
    const stop = new AbortController()
    const bytes = fixtures['tides.pdf'] ?? new Uint8Array()
    const parsing = parseDocument(
      { name: 'tides.pdf', bytes, resources: resolveParserResources() },
      { signal: stop.signal },
    )
    expect((await parsing.next()).done).toBe(false)
    stop.abort()
    await expect(parsing.next()).rejects.toMatchObject({ name: 'AbortError' })
    expect(bytes.length).toBeGreaterThan(0)
  })
})

describe('DOCX', () => {
  it('keeps headings, list numbers and table rows, in both languages', async () => {
    const document = await read('report.docx')
    expect(document.title).toBe('Harbour report 港口报告')
    expect(blocksOf(document, 'heading')).toEqual(['Harbour report 港口报告', '检查结果'])
    expect(blocksOf(document, 'list-item')).toEqual(['1. Replace two bollards', '2. 更换照明灯', 'Paint the railings'])
    expect(blocksOf(document, 'table-row')).toEqual(['Quay | Depth | 状态', 'North | 7.2 m | 良好', 'South | | 待修'])
    expect(document.text).toContain('in March & found sound; <no> cracks')
  })
})

describe('hostile DOCX', () => {
  const body = `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`
  it('refuses one that unpacks beyond reason, and one that lies about its size', async () => {
    const bomb = writeZip(
      { '[Content_Types].xml': '<Types/>', 'word/document.xml': Buffer.alloc(310 * 1024 * 1024, ' ') },
      { isDeflated: true },
    )
    await expect(readDocument('bomb.docx', bomb)).rejects.toMatchObject({ code: 'file-too-large' })
    const liar = writeZip(
      { '[Content_Types].xml': '<Types/>', 'word/document.xml': `${body}${'<w:p/>'.repeat(50_000)}` },
      { isDeflated: true, declaredBytes: 100 },
    )
    await expect(readDocument('liar.docx', liar)).rejects.toMatchObject({ code: 'unreadable-file' })
  })

  it('expands no entities', async () => {
    const entities =
      '<!DOCTYPE w:document [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/hostname">]>'
    const files = {
      '[Content_Types].xml': '<Types/>',
      'word/document.xml': `${entities}${body}<w:p><w:r><w:t>before &b; &c; after</w:t></w:r></w:p></w:body></w:document>`,
    }
    const read = readDocument('entities.docx', writeZip(files))
    await read.then(
      (document) => expect(document.text).not.toContain('aaaaaaaaaa'),
      (error: unknown) => expect(error).toMatchObject({ code: 'unreadable-file' }),
    )
  })
})

describe('HTML', () => {
  it('reads what is shown, content first, and runs nothing', async () => {
    const document = await read('page.html')
    expect(document.title).toBe('Tides & times')
    expect(document.text).not.toMatch(/never|color/)
    expect(blocksOf(document, 'heading')).toEqual(['Tides and times'])
    expect(blocksOf(document, 'paragraph')).toEqual([
      'Water rises twice a day.\nIt falls twice, too.',
      '潮水每天涨落。',
      'Start page All pages',
      'Printed in the harbour office',
    ])
    expect(blocksOf(document, 'list-item')).toEqual([
      'spring tide',
      'neap tide',
      'after a half moon',
      '3. third',
      '4. fourth',
    ])
    expect(blocksOf(document, 'table-row')).toEqual(['Port | High water', 'North | 04:10'])
    expect(blocksOf(document, 'code')).toEqual(['rise\n  fall'])
    expect(blocksOf(document, 'quote')).toEqual(['Time and tide wait for none.'])
  })

  it('keeps the order of a fragment and reads the encoding that a page declares', async () => {
    expect((await read('fragment.html')).text).toBe('One paragraph\n\nand another, never closed')
    expect(await read('meta-gbk.html')).toMatchObject({ title: '潮汐', text: '潮汐每天涨落两次。', notices: [] })
  })

  it.each([
    ['100,000 nested elements', `<html><body>${'<div>'.repeat(100_000)}at the bottom`, 'at the bottom'],
    ['20,000 nested tables', `${'<table><tr><td>'.repeat(20_000)}in a cell`, 'in a cell'],
    ['a huge attribute', `<p title="${'x'.repeat(5_000_000)}">after it`, 'after it'],
    ['30,000 unclosed paragraphs', `<html><body>${'<p>x'.repeat(30_000)}`, 'x\n\nx'],
    [
      'an entity bomb',
      `<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><html><body><p>&b;&b; end</p></body></html>`,
      'end',
    ],
  ])('survives %s', async (_what, source, part) => {
    expect((await readDocument('hostile.html', Buffer.from(source))).text).toContain(part)
  })
})

describe('HTML beyond reason', () => {
  it('refuses a million nested elements', async () => {
    await expect(readDocument('deepest.html', Buffer.from('<div>'.repeat(1_000_000)))).rejects.toMatchObject({
      code: 'unreadable-file',
    })
  })
})

describe('Markdown', () => {
  it('reads its blocks and reduces its marks', async () => {
    const document = await read('notes.md')
    expect(document.title).toBe('Notes on buoys')
    expect(blocksOf(document, 'heading')).toEqual(['Buoys at sea', 'Kinds'])
    expect(blocksOf(document, 'paragraph')).toEqual([
      'Some are red, others green; see the chart and a picture. A *star* stays & so does snake_case.',
      'The end.',
    ])
    expect(blocksOf(document, 'list-item')).toEqual(['1. cans', '2. cones with a pointed top', 'spars'])
    expect(blocksOf(document, 'table-row')).toEqual(['Colour | Side', 'red | port', 'green | starboard'])
    expect(blocksOf(document, 'quote')).toEqual(['Keep red to port when returning.'])
    expect(blocksOf(document, 'code').at(-1)).toBe("const side = 'port'\n\nif (side) turn()")
  })

  it('joins wrapped Chinese lines without a space', async () => {
    expect((await read('中文笔记.md')).text).toContain('灯塔建于一八九六年，高二十二米。每天傍晚点灯。')
  })

  it.each([
    ['open brackets', '['.repeat(300_000)],
    ['links that never end', '[a]('.repeat(100_000)],
    ['backticks', '` `` '.repeat(100_000)],
    ['comments that never end', 'x <!-- '.repeat(100_000)],
    ['tags that never end', 'x <a '.repeat(100_000)],
    ['stars', '* '.repeat(200_000)],
    ['marks', '**_~~'.repeat(100_000)],
    ['table rules', `a|b\n${'-|'.repeat(200_000)}`],
    ['white space and a dash', `a|b\n${' '.repeat(500_000)}-x`],
    ['quotes', '> '.repeat(200_000)],
  ])('reads a line of %s in linear time', async (_what, source) => {
    expect((await readDocument('hostile.md', Buffer.from(`${source}\n\nthe end`))).text.endsWith('the end')).toBe(true)
  })
})

describe('text', () => {
  it('makes a paragraph of each unwrapped line, and joins wrapped ones', async () => {
    expect(blocksOf(await read('港口-gb18030.txt'), 'paragraph')).toHaveLength(3)
    const wrapped =
      'The harbour lies below the town and is reached by a road\nthat winds down between walls. It was built in four years\nby prisoners.\n\nSecond paragraph.'
    expect((await readDocument('wrapped.txt', Buffer.from(wrapped))).text).toBe(
      'The harbour lies below the town and is reached by a road that winds down between walls. It was built in four years by prisoners.\n\nSecond paragraph.',
    )
    const address = 'Lin Ke\n14 Elm Street\nSecond floor'
    expect((await readDocument('address.txt', Buffer.from(address))).text).toBe(address)
  })

  it('keeps the lines of code', async () => {
    expect((await read('code.py')).text).toBe(
      'def depth(tide):\n    # metres\n    return tide * 1.5\n\n\nclass Harbour:\n    berths = 14',
    )
  })

  it('reads one line of 20 MB', async () => {
    const document = await readDocument('long.txt', Buffer.from('word and word. '.repeat(1_400_000)))
    expect(document.text.length).toBe(1_400_000 * 15 - 1)
  })
})

describe('files in the repository', () => {
  it.each([
    ['test/fixtures/documents', fixtures],
    ['resources/samples', sampleDocuments()],
  ])('%s are what their generator writes', (folder, documents) => {
    for (const [name, bytes] of Object.entries(documents)) {
      if (writtenOnDemand(name)) continue
      expect(
        Buffer.compare(readFileSync(resolve(folder, name)), Buffer.from(bytes)),
        `${name}: run write-documents.ts again`,
      ).toBe(0)
    }
  })

  it('reads every sample and answers its questions from them', async () => {
    const texts: string[] = []
    for (const name of readdirSync(resolve('resources/samples'))) {
      if (name === 'questions.json') continue
      texts.push((await readDocument(name, new Uint8Array(readFileSync(resolve('resources/samples', name))))).text)
    }
    const all = texts.join('\n')
    for (const fact of [
      'one hundred eighty (180) days',
      'ninety (90) days',
      '9,200.00',
      '一百八十日',
      '一万八千四百美元',
      '二〇二五年一月十五日',
    ]) {
      expect(all).toContain(fact)
    }
    const { questions } = JSON.parse(readFileSync(resolve('resources/samples/questions.json'), 'utf8')) as {
      questions: { language: string }[]
    }
    expect(questions.map((question) => question.language)).toEqual(['en', 'en', 'zh', 'zh'])
  })
})
