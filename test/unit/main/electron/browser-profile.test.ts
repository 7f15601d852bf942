import { expect, it } from 'vitest'
import { withoutDictionaries } from '../../../../src/main/electron/browser-profile.ts'

const none = { dictionaries: ['none'], blocked_dictionaries: ['none'] }

it.each(['', '{', 'null', '[]', '"text"', '{"spellcheck":1}'])('begins anew from %j', (text) => {
  expect(JSON.parse(withoutDictionaries(text))).toEqual({ spellcheck: none })
})

it('keeps everything else', () => {
  const before = { browser: { a: 1 }, spellcheck: { dictionaries: ['en-US'], dictionary: '' } }
  expect(JSON.parse(withoutDictionaries(JSON.stringify(before)))).toEqual({
    browser: { a: 1 },
    spellcheck: { dictionary: '', ...none },
  })
})

it('changes nothing the second time', () => {
  const first = withoutDictionaries('')
  expect(withoutDictionaries(first)).toBe(first)
  const asChromiumWritesIt = '{"browser":{},"spellcheck":{"blocked_dictionaries":["none"],"dictionaries":["none"]}}'
  expect(withoutDictionaries(asChromiumWritesIt)).toBe(asChromiumWritesIt)
})
