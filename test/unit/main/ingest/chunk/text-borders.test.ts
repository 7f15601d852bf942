import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import {
  characterBorders,
  clauseBorders,
  lineBorders,
  sentenceBorders,
  wordBorders,
} from '../../../../../src/main/ingest/chunk/text-borders.ts'

function parts(text: string, borders: readonly number[]): string[] {
  return borders.map((border, index) => text.slice(borders[index - 1] ?? 0, border))
}

describe('sentenceBorders', () => {
  it.each([
    ['One ends. Two begins! Three? Yes.', ['One ends. ', 'Two begins! ', 'Three? ', 'Yes.']],
    [
      'Dr. Smith paid 3.14 to J. Doe, e.g. in Fig. 3. Then he left.',
      ['Dr. Smith paid 3.14 to J. Doe, e.g. in Fig. 3. ', 'Then he left.'],
    ],
    ['The U.S. Senate met. it went on', ['The U.S. Senate met. it went on']],
    ['He said "Stop." She stopped.', ['He said "Stop." ', 'She stopped.']],
    [
      '用人单位可以解除合同。劳动者同意；双方签字！“好。”他说。',
      ['用人单位可以解除合同。', '劳动者同意；', '双方签字！', '“好。”', '他说。'],
    ],
    ['A line\nbreak inside. An\n\nempty line ends', ['A line\nbreak inside. ', 'An\n\n', 'empty line ends']],
    ['no end', ['no end']],
    ['', []],
  ])('%j', (text, sentences) => {
    expect(parts(text, sentenceBorders(text))).toEqual(sentences)
  })
})

describe.each([
  ['sentenceBorders', sentenceBorders],
  ['lineBorders', lineBorders],
  ['clauseBorders', clauseBorders],
  ['wordBorders', wordBorders],
  ['characterBorders', characterBorders],
])('%s', (_name, find) => {
  test.prop([
    fc.string({
      unit: fc.constantFrom('a', 'A', '.', '。', ' ', '\n', '"', '，', '劳', '😀', 'e\u0301', '1', ')'),
      maxLength: 300,
    }),
  ])('rises, ends at the end, and never parts a character', (text) => {
    const borders = find(text)
    expect(borders.at(-1) ?? 0).toBe(text.length)
    let previous = 0
    for (const border of borders) {
      expect(border).toBeGreaterThan(previous)
      if (border < text.length) expect(text.slice(border, border + 1)).not.toMatch(/[\uDC00-\uDFFF]|\u0301/)
      previous = border
    }
  })

  it.each(['.', '。', '\n', ' ', '. ', 'a', '劳', '\u0301', '😀', '"', '，'])(
    'gets through 300,000 times %j',
    (piece) => {
      const text = piece.repeat(300_000)
      expect(find(text).at(-1)).toBe(text.length)
    },
  )
})

it('cuts long runs at words of the dictionary and within 64 units', () => {
  const text = '用人单位与劳动者协商一致可以解除劳动合同并且支付经济补偿'.repeat(10)
  const pieces = parts(text, characterBorders(text))
  expect(pieces.join('')).toBe(text)
  for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(64)
})
