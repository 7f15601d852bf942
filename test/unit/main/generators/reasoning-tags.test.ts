import { fc, test } from '@fast-check/vitest'
import { expect, it } from 'vitest'
import { createReasoningSorter } from '../../../../src/main/generators/reasoning-tags.ts'

function sort(pieces: readonly string[]): { readonly text: string; readonly reasoning: string } {
  const sorter = createReasoningSorter()
  const sorted = [...pieces.flatMap((piece) => sorter.push(piece)), ...sorter.end()]
  expect(sorted.every((piece) => piece.text !== '')).toBe(true)
  const join = (type: string) =>
    sorted
      .filter((piece) => piece.type === type)
      .map((piece) => piece.text)
      .join('')
  return { text: join('text'), reasoning: join('reasoning') }
}

const cases: readonly (readonly [name: string, content: string, text: string, reasoning: string])[] = [
  ['reasoning first', '<think>Why? 早🙂</think>\n\nBecause [1].', 'Because [1].', 'Why? 早🙂'],
  ['blanks before the tag', ' \n<think>a</think>b', ' \nb', 'a'],
  ['empty reasoning', '<think>\n\n</think>\n\nYes.', 'Yes.', '\n\n'],
  ['no reasoning', 'A < B, and <this> is no tag.', 'A < B, and <this> is no tag.', ''],
  ['a tag inside a sentence', 'The <think> tag and </think> stay.', 'The <think> tag and </think> stay.', ''],
  ['twice', '<think>a</think>one\n<think>b</think>\ntwo', 'one\ntwo', 'ab'],
  ['never closed', '<think>and on <b', '', 'and on <b'],
  ['cut in the opening tag', '<thi', '<thi', ''],
  ['almost a tag', '<thinker> <think', '<thinker> <think', ''],
  ['almost closed', '<think>a</thin</think>b', 'b', 'a</thin'],
]

it.each(cases)('%s, at every split', (_name, content, text, reasoning) => {
  for (let first = 0; first <= content.length; first += 1) {
    for (let second = first; second <= content.length; second += 1) {
      const pieces = [content.slice(0, first), content.slice(first, second), content.slice(second)]
      expect(sort(pieces)).toEqual({ text, reasoning })
    }
  }
  expect(sort(content.split(''))).toEqual({ text, reasoning })
})

test.prop([
  fc.array(fc.constantFrom('<', 'think', '>', '</', '<think>', '</think>', '\n', ' ', 'a'), { maxLength: 12 }),
])('sorting does not depend on how the content is split', (pieces) => {
  expect(sort(pieces)).toEqual(sort([pieces.join('')]))
  expect(sort(pieces)).toEqual(sort(pieces.join('').split('')))
})
