import { describe, expect, test } from 'vitest'
import { lineBoxes } from '../../../../src/main/storage/line-boxes.ts'
import type { TextRun } from '../../../../src/shared/anchor.ts'
import { widthOf } from '../../../support/documents/pdf-typesetter.ts'

const page = { number: 4, width: 600, height: 800 }
/** Runs of 10 points a character, one after another in `text`, placed where `at` says. */
function sliceOf(pieces: readonly { readonly text: string; readonly x: number; readonly y: number }[], start = 0) {
  let offset = start
  const runs = pieces.map(({ text, x, y }): TextRun => {
    const run = { start: offset, end: offset + text.length, x, y, width: text.length * 10, height: 12 }
    offset += text.length
    return run
  })
  return { page, start, text: pieces.map(({ text }) => text).join(''), runs }
}

describe('boxes of a range', () => {
  test('one box a line, runs of the same line joined', () => {
    const slice = sliceOf(
      [
        { text: 'Hello ', x: 50, y: 100 },
        { text: 'world', x: 112, y: 101 },
        { text: 'next line', x: 50, y: 120 },
      ],
      1_000,
    )
    expect(lineBoxes(slice, 1_000, 1_020)).toEqual([
      { page: 4, x: 50, y: 100, width: 112, height: 13 },
      { page: 4, x: 50, y: 120, width: 90, height: 12 },
    ])
  })

  test('a run that is only touched is cut by its share of characters', () => {
    expect(lineBoxes(sliceOf([{ text: 'abcdefghij', x: 100, y: 50 }]), 3, 5)).toEqual([
      { page: 4, x: 130, y: 50, width: 20, height: 12 },
    ])
  })

  test('the other column of the same height stays apart', () => {
    const slice = sliceOf([
      { text: 'left', x: 50, y: 100 },
      { text: 'right', x: 320, y: 100 },
    ])
    expect(lineBoxes(slice, 0, 9)).toHaveLength(2)
  })

  test('nothing outside the range, for spaces alone, or without a page', () => {
    const slice = sliceOf([
      { text: 'abc', x: 0, y: 0 },
      { text: '   ', x: 30, y: 0 },
    ])
    expect(lineBoxes(slice, 3, 6)).toEqual([])
    expect(lineBoxes(slice, 6, 9)).toEqual([])
    expect(lineBoxes(slice, 2, 2)).toEqual([])
    expect(lineBoxes({ ...slice, page: null }, 0, 3)).toEqual([])
  })

  test('runs from right to left and turned ones are never cut', () => {
    expect(lineBoxes(sliceOf([{ text: 'שלום עולם', x: 10, y: 0 }]), 0, 4)).toEqual([
      { page: 4, x: 10, y: 0, width: 90, height: 12 },
    ])
    const turned = { page, start: 0, text: 'abcdef', runs: [{ start: 0, end: 6, x: 5, y: 5, width: 12, height: 60 }] }
    expect(lineBoxes(turned, 2, 3)).toEqual([{ page: 4, x: 5, y: 5, width: 12, height: 60 }])
  })
})

describe('where a sentence begins within a line', () => {
  const lines = [
    'The mill wheel is greased by the tenant in spring. Either side may end',
    'the lease of the mill with 60 days of written notice to the other. The rent is',
    '900 pounds a quarter, paid in advance at the office of the estate. Willow trees',
  ]
  const slice = (widthOf: (line: string) => number) => {
    let offset = 0
    const runs = lines.map((line, index): TextRun => {
      const run = {
        start: offset,
        end: offset + line.length,
        x: 80,
        y: 100 + 16 * index,
        width: widthOf(line),
        height: 11,
      }
      offset += line.length
      return run
    })
    return { page, start: 0, text: lines.join(''), runs }
  }
  const places = [...lines.join('').matchAll(/[A-Z]/g)].map(({ index }) => index)

  test.each([
    ['a proportional face', (line: string) => widthOf(line, 11)],
    ["a typewriter's face", (line: string) => line.length * 6.6],
  ])('%s: the mark is off by less than half a letter', (_name, width) => {
    let lineStart = 0
    for (const line of lines) {
      for (const place of places.filter((at) => at >= lineStart && at < lineStart + line.length)) {
        const [box] = lineBoxes(slice(width), place, lineStart + line.length)
        expect(Math.abs((box?.x ?? 0) - 80 - width(line.slice(0, place - lineStart)))).toBeLessThan(3)
      }
      lineStart += line.length
    }
  })

  test('Chinese among Latin letters', () => {
    const text = '租金为 900 pounds，每季度预付。押金'
    const width = (part: string): number =>
      [...part].reduce((sum, one) => sum + (/[\u3000-\uffff]/.test(one) ? 12 : widthOf(one, 12)), 0)
    const run = { start: 0, end: text.length, x: 0, y: 0, width: width(text), height: 12 }
    const other = { ...run, start: 0, end: 6, width: width(text.slice(0, 6)) }
    const [box] = lineBoxes({ page, start: 0, text, runs: [run, other] }, text.indexOf('押'), text.length)
    expect(Math.abs((box?.x ?? 0) - width(text.slice(0, text.indexOf('押'))))).toBeLessThan(3)
  })
})
