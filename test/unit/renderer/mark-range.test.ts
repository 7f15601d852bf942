import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { markedText, markRange, textInSlices } from '../../../src/renderer/features/evidence/mark-range.ts'
import { type Block, blockKinds } from '../../../src/shared/anchor.ts'

const word = fc.constantFrom('lease ', '通知', 'a', '  ', '\n', '180', '👓', 'end.', '\t')

/** A slice at any offset with any blocks: nested, overlapping, adjacent, out of bounds or absent. */
const sliceAndRange = fc
  .record({
    start: fc.nat({ max: 500 }),
    words: fc.array(word, { maxLength: 40 }),
    cuts: fc.array(fc.tuple(fc.nat({ max: 140 }), fc.nat({ max: 140 }), fc.constantFrom(...blockKinds)), {
      maxLength: 12,
    }),
    range: fc.tuple(fc.integer({ min: -20, max: 160 }), fc.integer({ min: -20, max: 160 })),
  })
  .map(({ start, words, cuts, range }) => {
    const text = words.join('')
    const blocks: Block[] = cuts.map(([left, right, kind]) => ({
      kind,
      level: 1,
      start: start + Math.min(left, right) - 5,
      end: start + Math.max(left, right),
    }))
    const [left, right] = range
    return {
      slice: { start, end: start + text.length, text, blocks },
      range: { start: start + Math.min(left, right), end: start + Math.max(left, right) },
    }
  })

const withoutSpace = (text: string): string => text.replace(/\s+/g, '')

describe('markRange', () => {
  const cuts = fc.uniqueArray(fc.integer({ min: -20, max: 160 }), { maxLength: 8 })
  test.prop([sliceAndRange, cuts])(
    'marks sentences more strongly exactly where they lie in the passage, and changes no mark',
    ({ slice, range }, places) => {
      const sorted = places.toSorted((one, other) => one - other).map((place) => slice.start + place)
      const strong = sorted.flatMap((start, index) =>
        index % 2 === 0 ? [{ start, end: sorted[index + 1] ?? start + 1 }] : [],
      )
      const blocks = markRange(slice, range, strong)
      expect(markedText(blocks)).toBe(markedText(markRange(slice, range)))
      for (const segment of blocks.flatMap(({ segments }) => segments)) {
        expect(segment.text).toBe(slice.text.slice(segment.start - slice.start, segment.end - slice.start))
        const isInside = strong.some(({ start, end }) => start <= segment.start && segment.end <= end)
        expect(segment.isStrong).toBe(segment.isMarked && isInside)
      }
    },
  )

  test.prop([sliceAndRange])('marks exactly the passage, white space between blocks apart', ({ slice, range }) => {
    const passage = slice.text.slice(Math.max(0, range.start - slice.start), Math.max(0, range.end - slice.start))
    expect(withoutSpace(markedText(markRange(slice, range)))).toBe(withoutSpace(passage))
  })

  test.prop([sliceAndRange])('shows every character once and in order', ({ slice, range }) => {
    const segments = markRange(slice, range).flatMap((block) => block.segments)
    expect(withoutSpace(segments.map((segment) => segment.text).join(''))).toBe(withoutSpace(slice.text))
    let at = slice.start
    for (const segment of segments) {
      expect(segment.start).toBeGreaterThanOrEqual(at)
      expect(slice.text.slice(segment.start - slice.start, segment.end - slice.start)).toBe(segment.text)
      at = segment.end
    }
  })

  it('keeps white space inside a block under the marker', () => {
    const text = 'One two three.\n\nFour five.'
    const slice = {
      start: 100,
      end: 126,
      text,
      blocks: [
        { kind: 'paragraph' as const, level: 0, start: 100, end: 114 },
        { kind: 'paragraph' as const, level: 0, start: 116, end: 126 },
      ],
    }
    const blocks = markRange(slice, { start: 104, end: 120 })
    expect(blocks.map((block) => block.segments.map(({ text: piece, isMarked }) => [piece, isMarked]))).toEqual([
      [
        ['One ', false],
        ['two three.', true],
      ],
      [
        ['Four', true],
        [' five.', false],
      ],
    ])
  })

  it('gives text to the innermost block and text outside all blocks to a paragraph', () => {
    const slice = {
      start: 0,
      end: 12,
      text: 'a row1row2 z',
      blocks: [
        { kind: 'table' as const, level: 0, start: 2, end: 10 },
        { kind: 'table-row' as const, level: 0, start: 2, end: 6 },
        { kind: 'table-row' as const, level: 0, start: 6, end: 10 },
      ],
    }
    expect(
      markRange(slice, { start: 0, end: 0 }).map((block) => [
        block.kind,
        block.segments.map(({ text }) => text).join(''),
      ]),
    ).toEqual([
      ['paragraph', 'a '],
      ['table-row', 'row1'],
      ['table-row', 'row2'],
      ['paragraph', ' z'],
    ])
  })
})

describe('textInSlices', () => {
  test.prop([fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), fc.nat(), fc.nat()])(
    'reads across slices',
    (parts, left, right) => {
      let at = 0
      const slices = parts.map((text) => {
        const slice = { start: at, end: at + text.length, text }
        at = slice.end
        return slice
      })
      const start = Math.min(left, right) % (at + 1)
      const end = Math.max(start, Math.max(left, right) % (at + 1))
      expect(textInSlices(slices, { start, end })).toBe(parts.join('').slice(start, end))
    },
  )

  it('is null where the slices do not hold all of the range', () => {
    const slices = [{ start: 10, end: 15, text: 'abcde' }]
    expect(textInSlices(slices, { start: 9, end: 12 })).toBeNull()
    expect(textInSlices(slices, { start: 12, end: 16 })).toBeNull()
  })
})
