import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import {
  markChecked,
  splitCitations,
  withoutPretendedMarks,
  withoutPrivateMarks,
} from '../../../src/renderer/features/conversation/citation-marks.ts'

const parts = fc.array(
  fc.oneof(fc.constantFrom('[1]', '[2]', '[12]', '. ', '`'), fc.string({ unit: 'binary', maxLength: 6 })),
)
const range = fc
  .tuple(fc.nat({ max: 80 }), fc.nat({ max: 80 }))
  .map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) + 1 }))
const sources = fc.array(range, { maxLength: 4 }).map((claims) => [{ number: 1, claims }])
const check = fc.record({
  addedMarks: fc.array(fc.nat({ max: 80 }), { maxLength: 4 }),
  uncited: fc.array(range, { maxLength: 4 }),
  droppedMarks: fc.constant(0),
})

describe('what travels inside citation marks', () => {
  test.prop([parts, sources, check])('changes nothing of the text itself, and is stable', (given, claims, found) => {
    const text = withoutPretendedMarks(given.join(''))
    const marked = markChecked(text, claims, found)
    expect(withoutPrivateMarks(marked)).toBe(text)
    expect(markChecked(marked, claims, found)).toBe(marked)
  })

  test.prop([fc.string({ unit: 'binary' })])('lets no text pretend, at the same length', (given) => {
    const text = withoutPretendedMarks(given)
    expect(text).toHaveLength(given.length)
    expect(withoutPrivateMarks(text)).toBe(text)
    expect(splitCitations(text).some((piece) => piece.type === 'uncited')).toBe(false)
  })

  it('tells of each mark whether it was added and which claim it belongs to', () => {
    const answer = 'One [1]. Two [1][2]. Three.'
    const claims = [
      {
        number: 1,
        claims: [
          { start: 0, end: 8 },
          { start: 9, end: 20 },
        ],
      },
      { number: 2, claims: [] },
    ]
    const marked = markChecked(answer, claims, { addedMarks: [16], uncited: [{ start: 21, end: 27 }], droppedMarks: 0 })
    expect(splitCitations(marked).filter(({ type }) => type !== 'text')).toEqual([
      { type: 'citation', number: 1, isAdded: false, claim: 0 },
      { type: 'citation', number: 1, isAdded: false, claim: 1 },
      { type: 'citation', number: 2, isAdded: true, claim: null },
      { type: 'uncited' },
    ])
  })
})
