import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { foldedWordsOf, foldName, holdsName, readNames } from '../../../../src/main/evidence/names.ts'

const names = (text: string): readonly string[] => readNames(text).map((name) => name.text)
const missing = (claim: string, source: string): readonly string[] =>
  readNames(claim)
    .filter((name) => !holdsName(name, foldName(source), foldedWordsOf(source)))
    .map(({ text }) => text)

describe('names in a sentence', () => {
  it.each([
    ['The tenant Acme Holdings pays in New York.', ['Acme Holdings', 'New York']],
    ['However, Russia signed.', ['Russia']],
    ['IL-6 and TNF-α rose in COVID-19 patients by WHO data', ['IL-6', 'TNF-α', 'COVID-19', 'WHO']],
    ['根据《民法典》，北京市的 Apple 设备', ['民法典', '北京市', 'Apple']],
    ['Notice must be given in writing.', []],
    ['THE TENANT SHALL PAY', []],
  ])('reads %s', (text, expected) => expect(names(text)).toEqual(expected))

  it('compares without case, accents, signs, plurals and possessives', () => {
    expect(missing("The IL-6 of Zoe's Acme Holdings", 'il6, ZOË and the acme HOLDINGS')).toEqual([])
    expect(missing('British Blues sleep.', 'a British Blue')).toEqual([])
    expect(missing('It names Beta Holdings.', 'It names Acme Holdings.')).toEqual(['Beta Holdings'])
  })

  test.prop([fc.string({ unit: 'binary', maxLength: 300 })])('places what it finds, whatever the text', (text) => {
    for (const name of readNames(text)) {
      expect(text.slice(name.start, name.end)).toBe(name.text)
      expect(missing(name.text, text).length).toBeLessThanOrEqual(1)
    }
  })
})
