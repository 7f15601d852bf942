import type { PdfFont, PdfPageSource, PdfString } from './pdf-writer.ts'

export interface TypesetBlock {
  readonly text: string
  readonly style: 'title' | 'heading' | 'body'
}

const widths =
  '278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584'
    .split(' ')
    .map(Number)
const styles = {
  title: { size: 20, leading: 30, before: 0, font: 'sans-bold' },
  heading: { size: 13, leading: 18, before: 14, font: 'sans-bold' },
  body: { size: 11, leading: 15.5, before: 8, font: 'sans' },
} as const satisfies Record<TypesetBlock['style'], { size: number; leading: number; before: number; font: PdfFont }>

const page = { width: 595, height: 842, margin: 80 }

/** Width of a Helvetica string in points. */
export function widthOf(text: string, size: number): number {
  let thousandths = 0
  for (const character of text) thousandths += widths[(character.codePointAt(0) ?? 0) - 32] ?? 556
  return (thousandths * size) / 1000
}

/** Cuts a text into lines that fit, at spaces; Chinese text anywhere. */
export function wrap(text: string, size: number, width: number, isChinese = false): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const piece of isChinese ? [...text] : text.split(' ')) {
    const longer = line === '' || isChinese ? line + piece : `${line} ${piece}`
    const isTooLong = isChinese ? longer.length * size > width : widthOf(longer, size) > width
    if (isTooLong && line !== '') {
      lines.push(line)
      line = piece
    } else line = longer
  }
  lines.push(line)
  return lines
}

/** Sets blocks on as many A4 pages as they need, with page numbers at the foot. */
export function typeset(
  blocks: readonly TypesetBlock[],
  options: { readonly isChinese?: boolean } = {},
): readonly PdfPageSource[] {
  const isChinese = options.isChinese === true
  const pages: PdfString[][] = []
  let strings: PdfString[] = []
  let y = 0
  const turn = (): void => {
    strings = []
    pages.push(strings)
    y = page.height - page.margin
  }
  turn()
  for (const block of blocks) {
    const { size, leading, before, font } = styles[block.style]
    y -= before
    const lines = wrap(block.text, size, page.width - 2 * page.margin, isChinese)
    const needed = block.style === 'body' ? leading * Math.min(2, lines.length) : leading * 4
    if (y - needed < page.margin) turn()
    for (const text of lines) {
      if (y - leading < page.margin) turn()
      y -= leading
      strings.push({ text, x: page.margin, y, size, font: isChinese ? 'song' : font })
    }
  }
  return pages.map((drawn, at) => ({
    strings: [...drawn, { text: String(at + 1), x: page.width / 2 - 3, y: 40, size: 9 }],
  }))
}
