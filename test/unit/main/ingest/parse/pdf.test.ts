import { describe, expect, it } from 'vitest'
import type { TextRun } from '../../../../../src/shared/anchor.ts'
import { isGarbled } from '../../../../../src/main/ingest/parse/garbled-text.ts'
import { columnTexts, fixtureDocuments } from '../../../../support/documents/fixture-documents.ts'
import { readDocument } from '../../../../support/documents/read-document.ts'
import type { ReadDocument } from '../../../../support/documents/read-document.ts'
import { widthOf } from '../../../../support/documents/pdf-typesetter.ts'
import { writePdf } from '../../../../support/documents/pdf-writer.ts'

const fixtures = fixtureDocuments()

function read(name: string): Promise<ReadDocument> {
  const bytes = fixtures[name]
  if (bytes === undefined) throw new Error(`no fixture ${name}`)
  return readDocument(name, bytes)
}

function runOf(document: ReadDocument, text: string, page = 0): TextRun {
  const run = document.slices[page]?.runs.find((each) => document.text.slice(each.start, each.end) === text)
  if (run === undefined) throw new Error(`no run "${text}"`)
  return run
}

describe('PDF', () => {
  it('makes each page one slice with its size, headings by font size, and the title of its metadata', async () => {
    const document = await read('tides.pdf')
    expect(document).toMatchObject({ kind: 'pdf', title: 'A note on tides', pageCount: 2, notices: [] })
    expect(document.slices.map((slice) => slice.page)).toEqual([
      { number: 1, width: 595, height: 842 },
      { number: 2, width: 595, height: 842 },
    ])
    expect(document.text).toBe(
      'A note on tides\n\nHigh water comes fifty minutes later every day. Page one ends here.\n\nThe second page speaks of the moon.\n\n',
    )
    expect(document.slices[0]?.blocks.map((block) => [block.kind, block.level])).toEqual([
      ['heading', 1],
      ['paragraph', 0],
    ])
  })

  it('knows the box of a run: origin upper left, points', async () => {
    const run = runOf(await read('tides.pdf'), 'Page one ends here.')
    expect(run.x).toBeCloseTo(80, 0)
    expect(run.width).toBeCloseTo(widthOf('Page one ends here.', 11), 0)
    // Baseline at 704 from below, letters of 11 points above it.
    expect(run.y).toBeLessThan(842 - 704)
    expect(run.y + run.height).toBeGreaterThan(842 - 704)
    expect(run.height).toBeGreaterThan(9)
    expect(run.height).toBeLessThan(14)
  })

  it('turns boxes with the page', async () => {
    const document = await read('rotated-page.pdf')
    const [quarter, half, threeQuarters] = [90, 180, 270].map((rotate, page) =>
      runOf(document, `This page is turned by ${rotate} degrees.`, page),
    )
    expect(document.slices.map((slice) => slice.page?.width)).toEqual([842, 595, 842])
    // The line starts 80 from the left and 142 from the top of the unturned page.
    expect(quarter?.y).toBeCloseTo(80, 0)
    expect((quarter?.x ?? 0) + (quarter?.width ?? 0)).toBeGreaterThan(700)
    expect(quarter?.height).toBeGreaterThan(quarter?.width ?? 0)
    expect((half?.x ?? 0) + (half?.width ?? 0)).toBeCloseTo(595 - 80, 0)
    expect((threeQuarters?.y ?? 0) + (threeQuarters?.height ?? 0)).toBeCloseTo(595 - 80, 0)
  })

  it('reads Chinese whose fonts are not embedded, and joins its lines without a space', async () => {
    const document = await read('潮汐笔记（字体未嵌入）.pdf')
    expect(document.text).toBe(
      '潮汐笔记\n\n每天的高潮比前一天晚大约五十分钟，这是因为月球绕地球转动。渔民用竹竿测量水位。\n\n',
    )
    expect(runOf(document, '潮汐笔记').width).toBeCloseTo(88, 0)
  })

  it.each(['two-columns-by-column.pdf', 'two-columns-by-line.pdf'])(
    'reads %s one column after the other',
    async (name) => {
      const { text } = await read(name)
      expect(text).toContain(columnTexts.left)
      expect(text).toContain(columnTexts.right)
      expect(text.indexOf(columnTexts.left)).toBeLessThan(text.indexOf(columnTexts.right))
    },
  )

  it('keeps rows of a table as rows', async () => {
    const document = await read('table.pdf')
    expect(document.text).toBe('Harbour Depth Berths\nNorth quay 7.2 m 14\nSouth quay 9.8 m 6\n\n')
    expect(document.slices[0]?.blocks.map((block) => block.kind)).toEqual(['table-row', 'table-row', 'table-row'])
  })

  it('reads ligatures as letters', async () => {
    expect((await read('ligatures.pdf')).text).toContain('first flight of the finch')
  })

  it('makes words whole that were cut at a line end, keeps compounds, and keeps offsets exact', async () => {
    const document = await read('hyphens.pdf')
    expect(document.text).toContain('an international survey of well-known harbours and lighthouses along')
    const cut = document.slices[0]?.runs[0]
    expect(document.text.slice(cut?.start, cut?.end)).toBe('The committee asked for an inter')
  })

  it('reads an encrypted file that opens without a password', async () => {
    expect((await read('encrypted-without-password.pdf')).text).toContain('Everybody may read this.')
  })

  it('says which pages have no text, and when the end of the file is missing', async () => {
    expect((await read('half-scanned.pdf')).scanPages).toEqual([1])
    expect((await read('cut-off-at-the-end.pdf')).notices).toEqual([{ code: 'truncated-file', values: {} }])
  })

  it('reads 300 pages as 300 slices', async () => {
    const pages = Array.from({ length: 300 }, (_unused, at) => ({
      strings: [{ text: `Page ${at + 1} of many.`, x: 80, y: 700, size: 11 }],
    }))
    const document = await readDocument('long.pdf', writePdf({ pages }))
    expect(document.slices).toHaveLength(300)
    expect(document.slices[299]?.text).toBe('Page 300 of many.\n\n')
  })
})

describe('isGarbled', () => {
  it.each([
    ['plain English text, nothing wrong with it', false],
    ['租金按月预付，承租人应于每月第三个工作日之前支付。', false],
    ['Déjà vu à l’école, où l’été était très agréable près de la forêt enchantée', false],
    ['À Â Ç È É Ê Ë Î Ï Ô Ù Û Ü', false],
    ['\uE001\uE002\uE003\uE004\uE005\uE006\uE007\uE008 and letters', true],
    ['\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDabcdef', true],
    ['ÎÒÃÇÔÚÕâÀïÉú»îÁËºÜ¶àÄê£¬ÿÌìÔçÉÏ¶¼ÄÜÌýµ½ÄñµÄ½ÐÉù£¬»¹ÓÐÔ¶´¦µÄÖÓÉù¡£', true],
  ])('%j: %s', (text, expected) => {
    expect(isGarbled(text)).toBe(expected)
  })
})
