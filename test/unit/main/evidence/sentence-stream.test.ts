import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { answerSentences } from '../../../../src/main/evidence/answer-claims.ts'
import { createSentenceStream, type StreamPiece } from '../../../../src/main/evidence/sentence-stream.ts'

function stream(pieces: readonly string[]): readonly StreamPiece[] {
  const sentences = createSentenceStream()
  return [...pieces.flatMap((piece) => [...sentences.push(piece)]), ...sentences.flush()]
}
const textOf = (pieces: readonly StreamPiece[]): string =>
  pieces.map((piece) => (piece.type === 'text' ? piece.text : '')).join('')
const sentencesOf = (pieces: readonly StreamPiece[]): readonly string[] =>
  pieces.flatMap((piece) => (piece.type === 'end' ? [piece.sentence] : []))
/** Text with ¶ where a mark would go, and § where the sentence has one. */
const marked = (text: string): string =>
  stream(text.split(/(?=\[)|(?<=\])/).flatMap((part) => (part.startsWith('[') ? [part] : Array.from(part))))
    .map((piece) => (piece.type === 'text' ? piece.text : piece.isCited ? '§' : `${piece.spacing}¶`))
    .join('')

describe('the ends of sentences in a stream', () => {
  it.each([
    ['It is nine. They open.', 'It is nine ¶. They open ¶.'],
    ['It is nine [1]. They open. [2] Yes', 'It is nine [1]§. They open§. [2] Yes ¶'],
    ['九点开门。六点关门[1]。', '九点开门¶。六点关门[1]§。'],
    [
      'It costs 3.5 dollars, e.g. for Mr. Smith in the U.S. today.',
      'It costs 3.5 dollars, e.g. for Mr. Smith in the U.S. today ¶.',
    ],
    ['- one item\n- two items  \n', '- one item ¶\n- two items ¶  \n'],
    ['1. First point.\n2. Second point', '1. First point ¶.\n2. Second point ¶'],
    ['# A heading. Really\nText.', '# A heading. Really\nText ¶.'],
    ['```\nx = 1. y\n```\nText!', '```\nx = 1. y\n```\nText ¶!'],
    ['| a. b | c |\n|---|---|\nText.', '| a. b | c |\n|---|---|\nText ¶.'],
    ['He said "it is." Then left.', 'He said "it is ¶." Then left ¶.'],
  ])('%j', (text, expected) => expect(marked(text)).toBe(expected))

  const alphabet = fc.constantFrom(...'aB1 .。!\n[]#`|*-"”）9', '[1]', '. ', '[2]', '\n\n', '```', '中', 'Mr')
  const texts = fc.array(alphabet, { maxLength: 60 }).map((parts) => parts.join(''))

  test.prop([texts, fc.array(fc.nat({ max: 60 }), { maxLength: 8 })], { numRuns: 1000 })(
    'gives every character once, and the same sentences wherever it is cut between marks',
    (text, cuts) => {
      const marks = [...text.matchAll(/\[[1-9]\d{0,2}\]/g)]
      const isInside = (cut: number): boolean =>
        marks.some(({ 0: mark, index }) => cut > index && cut < index + mark.length)
      const places = cuts.map((cut) => Math.min(cut, text.length)).filter((cut) => !isInside(cut))
      const borders = [0, ...places.toSorted((a, b) => a - b), text.length]
      const pieces = stream(borders.slice(1).map((end, index) => text.slice(borders[index], end)))
      expect(textOf(pieces)).toBe(text)
      expect(sentencesOf(pieces)).toEqual(sentencesOf(stream([text])))
    },
  )

  it('gives every character once where a bracket that opens no mark was given out already', () => {
    expect(textOf(stream(['.[', '9']))).toBe('.[9')
  })

  it('takes an endless line, and one of many sentences, in linear time', () => {
    for (const unit of ['word ', 'A. ', '.', '[1]']) {
      const sentences = createSentenceStream()
      let given = 0
      for (let index = 0; index < 100_000; index += 1)
        for (const piece of sentences.push(unit)) given += piece.type === 'text' ? piece.text.length : 0
      for (const piece of sentences.flush()) given += piece.type === 'text' ? piece.text.length : 0
      expect(given).toBe(100_000 * unit.length)
    }
  })

  test.prop([texts], { numRuns: 1000 })('are those that the finished answer is cut into', (text) => {
    const whole = answerSentences(text)
    expect(sentencesOf(stream([text]))).toEqual(whole.filter(({ isRow }) => !isRow).map((sentence) => sentence.text))
    let last = 0
    for (const { start, end } of whole) {
      expect(start).toBeGreaterThanOrEqual(last)
      expect(end).toBeGreaterThan(start)
      last = end
    }
    expect(last).toBeLessThanOrEqual(text.length)
  })
})
