import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blockKinds } from '../../../../../src/shared/anchor.ts'
import { normaliseCode, normaliseFlow } from '../../../../../src/main/ingest/parse/normalise-text.ts'
import { buildSlices, maxSliceUnits } from '../../../../../src/main/ingest/parse/slice-builder.ts'
import { splitText } from '../../../../../src/main/ingest/parse/split-text.ts'
import { expectSound } from '../../../../support/documents/expect-sound.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({
    unit: fc.constantFrom(
      'a',
      'B',
      '.',
      ' ',
      '\n',
      '\t',
      '。',
      '租',
      '\u0301',
      '\uD800',
      '😀',
      '\u0000',
      '\u2028',
      '\u3000',
    ),
    maxLength: 300,
  }),
)
const rawBlock = fc.record({
  kind: fc.constantFrom(...blockKinds),
  level: fc.integer({ min: 0, max: 6 }),
  text: anyText,
  tight: fc.boolean(),
})

describe('buildSlices', () => {
  it('keeps its promises for any blocks and any slice size', () => {
    fc.assert(
      fc.property(fc.array(rawBlock, { maxLength: 20 }), fc.integer({ min: 4, max: 120 }), (blocks, maxUnits) => {
        const slices = [...buildSlices(blocks, { maxUnits })]
        const canonical = expectSound(slices)
        for (const slice of slices) expect(slice.end - slice.start).toBeLessThanOrEqual(maxUnits + 2)
        const visible = (text: string): string => text.replace(/\s/g, '')
        const expected = blocks.map((block) =>
          block.kind === 'code' ? normaliseCode(block.text) : normaliseFlow(block.text),
        )
        expect(visible(canonical)).toBe(visible(expected.join('')))
      }),
    )
  })

  it('parts blocks by an empty line, tight ones by a line break, and opens a slice with a late heading', () => {
    const [first, second] = [
      ...buildSlices(
        [
          { kind: 'paragraph', level: 0, text: 'a'.repeat(60) },
          { kind: 'list-item', level: 1, text: 'one' },
          { kind: 'list-item', level: 1, text: 'two', tight: true },
          { kind: 'paragraph', level: 0, text: 'b'.repeat(10) },
          { kind: 'heading', level: 1, text: 'Next' },
        ],
        { maxUnits: 100 },
      ),
    ]
    expect(first?.text).toBe(`${'a'.repeat(60)}\n\none\ntwo\n\n${'b'.repeat(10)}\n\n`)
    expect(second?.text).toBe('Next')
  })

  it('cuts an over-long block at a sentence end and loses nothing', () => {
    const sentence = 'The tide came in and covered the stones. '
    const text = sentence.repeat(2_000)
    const slices = [...buildSlices([{ kind: 'paragraph', level: 0, text }])]
    expect(slices.length).toBe(3)
    expect(expectSound(slices)).toBe(text.trim())
    for (const slice of slices) expect(slice.text.trimEnd().endsWith('.')).toBe(true)
  })

  it('reads 30 million units in one line without a space', () => {
    let units = 0
    for (const slice of buildSlices([{ kind: 'paragraph', level: 0, text: '字'.repeat(30_000_000) }])) {
      expect(slice.text.length).toBeLessThanOrEqual(maxSliceUnits + 2)
      units += slice.text.length
    }
    expect(units).toBe(30_000_000)
  })
})

describe('normaliseFlow', () => {
  it.each([
    ['a  b\t\nc', 'a b c'],
    ['港口\n很安静', '港口很安静'],
    ['港口\nis quiet', '港口 is quiet'],
    ['　首行缩进', '首行缩进'],
    ['one\u2028two', 'one\ntwo'],
    ['soft\u00ADhyphen\u0000\uFEFF', 'softhyphen'],
    ['e\u0301', 'é'],
    ['ﬁ', 'ﬁ'],
    ['\uD800x', '\uFFFDx'],
  ])('%j becomes %j', (raw, expected) => {
    expect(normaliseFlow(raw)).toBe(expected)
  })
})

describe('splitText', () => {
  it('never cuts inside a character', () => {
    for (const { start, end } of splitText('😀'.repeat(50), 7))
      expect('😀'.repeat(50).slice(start, end).isWellFormed()).toBe(true)
  })
})
