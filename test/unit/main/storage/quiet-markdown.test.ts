import { expect, it } from 'vitest'
import { quietMarkdown } from '../../../../src/main/storage/quiet-markdown.ts'

const seen = (text: string): string => text.replaceAll('\u2060', '').replaceAll(/ +/g, ' ').trim()

it.each([
  ['> Each lease year runs from 1 February. [1]', 'Each lease year runs from 1 February.'],
  ['> Lease year \\| From [\uE0002]', 'Lease year | From'],
  ['The notice is **180 days** [2][3].', 'The notice is 180 days .'],
  ['须提前 **180 天**书面通知[1]。', '须提前 180 天书面通知。'],
  ['- **Fee:** two months\n- `17 cm`', 'Fee: two months\n 17 cm'],
  ['a > b, 2 * 3, [note], [1234]', 'a > b, 2 * 3, [note], [1234]'],
])('%j is seen as %j, and every offset stays', (text, shown) => {
  const quiet = quietMarkdown(text)
  expect(seen(quiet)).toBe(shown)
  expect(quiet).toHaveLength(text.length)
})
