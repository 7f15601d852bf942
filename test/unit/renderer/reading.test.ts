// @vitest-environment jsdom
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { createDocumentMapper } from '../../../src/main/map-slices.ts'
import { buildSlices } from '../../../src/main/ingest/parse/slice-builder.ts'
import { codeLines } from '../../../src/renderer/features/evidence/code-lines.ts'
import { markedText, type Segment } from '../../../src/renderer/features/evidence/mark-range.ts'
import { columnLayout } from '../../../src/renderer/features/evidence/reading/column-layout.ts'
import { copiedText, drawnRanges, selectedRange } from '../../../src/renderer/features/evidence/reading/drawn-text.ts'
import { leafParts, sliceOf } from '../../../src/renderer/features/evidence/reading/leaf-parts.ts'
import { headingAt, outlineOf } from '../../../src/renderer/features/evidence/reading/outline.ts'
import { blockKinds } from '../../../src/shared/anchor.ts'

const rawBlock = fc.record({
  kind: fc.constantFrom(...blockKinds),
  level: fc.integer({ min: 0, max: 3 }),
  text: fc.oneof(fc.lorem({ maxCount: 40 }), fc.constantFrom('Port | Depth', 'North | 7.2', '租约 | 到期')),
  tight: fc.boolean(),
})

describe('leaves', () => {
  const kinds = fc.constantFrom('sheet' as const, 'slides' as const, 'text' as const)
  test.prop([fc.array(rawBlock, { minLength: 1, maxLength: 60 }), kinds, fc.nat(), fc.nat()])(
    'mark exactly the passage, over borders of blocks, tables, slides, leaves and slices',
    (blocks, kind, left, right) => {
      const slices = [...buildSlices(blocks, { maxUnits: 2_000 })]
      const mapper = createDocumentMapper(kind)
      for (const slice of slices) mapper.add(slice)
      const { leaves, tables } = mapper.finish()
      const text = slices.map((slice) => slice.text).join('')
      const start = Math.min(left, right) % (text.length + 1)
      const end = Math.max(start, Math.max(left, right) % (text.length + 1))
      const drawn = leaves.flatMap((leaf) => {
        const slice = sliceOf(slices, leaf)
        if (slice === undefined) throw new Error('a leaf without its slice')
        return leafParts(leaf, slice, { range: { start, end }, strong: [] }, tables).flatMap((part) =>
          part.type === 'block' ? [part.block] : part.rows,
        )
      })
      const visible = (words: string): string => words.replace(/\s/g, '')
      expect(visible(markedText(drawn))).toBe(visible(text.slice(start, end)))
      expect(visible(drawn.flatMap(({ segments }) => segments.map((segment) => segment.text)).join(''))).toBe(
        visible(text),
      )
    },
  )
})

describe('lines of code', () => {
  test.prop([fc.array(fc.constantFrom('a', '\n', '  ', 'b\n', '\n\n'), { maxLength: 30 }), fc.nat({ max: 40 })])(
    'are their segments again when put together',
    (pieces, cut) => {
      const text = pieces.join('')
      const at = Math.min(cut, text.length)
      const segment = (start: number, end: number): Segment => ({
        start,
        end,
        text: text.slice(start, end),
        isMarked: start > 0,
        isStrong: false,
      })
      const segments = [segment(0, at), segment(at, text.length)].filter(({ start, end }) => start < end)
      const lines = codeLines(segments)
      expect(
        lines
          .flat()
          .map(({ text: piece }) => piece)
          .join(''),
      ).toBe(text)
      for (const line of lines.flat()) expect(line.text).toBe(text.slice(line.start, line.end))
      for (const line of lines.slice(0, -1)) expect(line.at(-1)?.text.endsWith('\n')).toBe(true)
    },
  )
})

describe('columns', () => {
  it('share the pane where they are few, and keep their widths where they are many', () => {
    expect(columnLayout({ widths: [4, 40] }, { isSheet: false, hasLines: false })).toEqual({
      template: 'minmax(0, 6fr) minmax(0, 42fr)',
      leastWidth: 0,
    })
    const sheet = columnLayout({ widths: [1, 40] }, { isSheet: true, hasLines: true })
    expect(sheet).toEqual({ template: '6ch minmax(6ch, 6fr) minmax(30ch, 30fr)', leastWidth: 42 })
    expect(columnLayout({ widths: [5, 5, 5, 5, 5, 5] }, { isSheet: false, hasLines: false }).leastWidth).toBe(42)
  })
})

describe('contents', () => {
  const heading = (start: number, level: number, title = `at ${start}`) => ({ start, level, title })

  it('leave out the deepest levels where the list would be endless', () => {
    const many = Array.from({ length: 900 }, (_unused, index) => heading(index * 10, index % 10 === 0 ? 1 : 2))
    expect(outlineOf(many)).toHaveLength(90)
    expect(outlineOf([heading(0, 2, 'A'), heading(5, 4, 'B')]).map(({ title, depth }) => [title, depth])).toEqual([
      ['A', 0],
      ['B', 2],
    ])
    expect(outlineOf([])).toEqual([])
  })

  it('tell where a place stands', () => {
    const headings = [heading(10, 1), heading(50, 1)]
    expect(headingAt(headings, 5)).toBeNull()
    expect(headingAt(headings, 10)?.start).toBe(10)
    expect(headingAt(headings, 99)?.start).toBe(50)
  })
})

describe('drawn text', () => {
  const slice = {
    ordinal: 0,
    start: 0,
    end: 34,
    text: 'Ships.\n\nPort | Depth\nNorth | 7.2 m',
    page: null,
    blocks: [
      { kind: 'paragraph' as const, level: 0, start: 0, end: 6 },
      { kind: 'table-row' as const, level: 0, start: 8, end: 20 },
      { kind: 'table-row' as const, level: 0, start: 21, end: 34 },
    ],
    runs: [],
  }

  it('is copied as it is stored, cells parted by tabs', () => {
    expect(copiedText([slice], { start: 0, end: 34 })).toBe('Ships.\n\nPort\tDepth\nNorth\t7.2 m')
    expect(copiedText([slice], { start: 10, end: 28 })).toBe('rt\tDepth\nNorth |')
    expect(copiedText([slice], { start: 10, end: 40 })).toBeNull()
  })

  it('knows which part of the document is selected, and where a place is drawn', () => {
    document.body.innerHTML =
      '<div id="text"><p><span data-offset="0">Ships.</span></p><span data-offset="8">Port<i data-offset="12"> | </i></span><span data-offset="15">Depth</span></div>'
    const container = document.getElementById('text')
    if (container === null) throw new Error('nothing was drawn')
    const spans = [...container.querySelectorAll('span')]
    const range = document.createRange()
    range.setStart(spans[0]?.firstChild ?? container, 2)
    range.setEnd(spans[2]?.firstChild ?? container, 3)
    const selection = document.getSelection()
    selection?.removeAllRanges()
    selection?.addRange(range)
    expect(selectedRange(container, selection)).toEqual({ start: 2, end: 18 })
    const found = drawnRanges(container, [
      { start: 2, end: 4 },
      { start: 10, end: 17 },
      { start: 90, end: 95 },
    ])
    expect(found.map(({ index, range: place }) => [index, place.toString()])).toEqual([
      [0, 'ip'],
      [1, 'rt | De'],
    ])
  })
})
