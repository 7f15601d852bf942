import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { createCitationMarks } from '../../../../src/main/answer/citation-marks.ts'
import { samplePassage } from '../../../support/sample-passage.ts'

const ids = [0, 1, 2, 3, 4].map((ordinal) => samplePassage({ ordinal }).id)

function run(pieces: readonly string[]): {
  text: string
  cited: readonly string[]
  dropped: number
  mapping: Record<number, string>
} {
  const marks = createCitationMarks(ids)
  const mapping: Record<number, string> = {}
  let text = ''
  for (const part of [...pieces.map((piece) => marks.push(piece)), marks.flush()]) {
    text += part.text
    for (const { number, passageId } of part.citations) mapping[number] = passageId
  }
  return { text, cited: marks.cited, dropped: marks.droppedCount, mapping }
}

describe('citation marks', () => {
  it.each([
    ['one [3] two [1].', 'one [1] two [2].', [2, 0]],
    ['[1][2]', '[1][2]', [0, 1]],
    ['see [1, 2]', 'see [1][2]', [0, 1]],
    ['see [2-4]', 'see [1][2][3]', [1, 2, 3]],
    ['见【2】和［３］。', '见[1]和[2]。', [1, 2]],
    ['note [^4]', 'note [1]', [3]],
    ['list [1；2、3]', 'list [1][2][3]', [0, 1, 2]],
    ['again [2] and [2]', 'again [1] and [1]', [1]],
  ])('rewrites %s in order of appearance', (given, expected, passages) => {
    const { text, cited } = run([given])
    expect(text).toBe(expected)
    expect(cited).toEqual(passages.map((index) => ids[index]))
  })

  it('drops and counts numbers that name no passage', () => {
    expect(run(['a [9] b [0] c [2, 7]'])).toMatchObject({ text: 'a  b  c [1]', dropped: 3 })
  })

  it.each([
    'in [2023] the',
    'x[i] = 1',
    '[link](address)',
    '[1](address)',
    'an open [ bracket',
    '[12345678901234567890123456789012345]',
  ])('leaves %s alone', (given) => expect(run([given]).text).toBe(given))

  it('says which passage each new number points at', () => {
    expect(run(['[3][1][3]']).mapping).toEqual({ 1: ids[2], 2: ids[0] })
  })

  const text = 'A [3] b【1】, [1, 4] c [2-3] [x] [^5] ［２］ end [7'
  test.prop([fc.array(fc.integer({ min: 0, max: text.length }), { maxLength: 12 })], { numRuns: 500 })(
    'gives the same text however it is split over tokens',
    (cuts) => {
      const borders = [0, ...cuts.toSorted((a, b) => a - b), text.length]
      const pieces = borders.slice(1).map((end, index) => text.slice(borders[index], end))
      expect(run(pieces)).toEqual(run([text]))
    },
  )

  test.prop([fc.array(fc.string({ unit: 'grapheme' }).filter((piece) => !/[[\]【】［］]/.test(piece)))])(
    'loses no other text',
    (pieces) => {
      expect(run(pieces).text).toBe(pieces.join(''))
    },
  )

  it('holds back no more than a mark', () => {
    const marks = createCitationMarks(ids)
    expect(marks.push('before [').text).toBe('before ')
    expect(marks.push('not a mark').text).toBe('[not a mark')
  })
})
