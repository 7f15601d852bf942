import { expect, test } from 'vitest'
import type { Segment } from '../../../src/renderer/features/evidence/mark-range.ts'
import { tableCells } from '../../../src/renderer/features/evidence/table-cells.ts'

const row = 'Tenant | Lin Ke |  | repairs'

/** The row from offset 100 on, cut at the given places, marked in turns. */
function cutAt(...places: readonly number[]): readonly Segment[] {
  const bounds = [0, ...places, row.length]
  return bounds.slice(1).map((end, index) => {
    const start = bounds[index] ?? 0
    return {
      start: 100 + start,
      end: 100 + end,
      text: row.slice(start, end),
      isMarked: index % 2 === 1,
      isStrong: false,
    }
  })
}

test('a row becomes its cells, empty ones too', () => {
  const texts = tableCells(cutAt()).map((cell) => cell.map(({ text }) => text).join(''))
  expect(texts).toEqual(['Tenant', 'Lin Ke', '', 'repairs'])
})

test('wherever a mark begins and ends, every character stays, in order, in a piece of its own segment', () => {
  for (let from = 1; from < row.length; from += 1) {
    for (let until = from + 1; until < row.length; until += 1) {
      const segments = cutAt(from, until)
      const pieces = tableCells(segments).flat()
      expect(pieces.map(({ text, bar }) => text + bar).join('')).toBe(row)
      const marked = pieces.filter(({ segment }) => segment.isMarked)
      expect(marked.map(({ text, bar }) => text + bar).join('')).toBe(row.slice(from, until))
      for (const { segment, text, bar } of pieces) {
        expect(segment.text).toBe(text + bar)
        expect(row.slice(segment.start - 100, segment.end - 100)).toBe(segment.text)
      }
    }
  }
})
