import { describe, expect, it } from 'vitest'
import { leansBack, onlyRepeats } from '../../../../src/main/answer/quote-context.ts'
import { keywordTerms } from '../../../../src/shared/keyword-terms.ts'

describe('a sentence taken out of its place', () => {
  it.each([
    'It lasted two months.',
    'Perhaps his most notable work is this one.',
    'However, the tenant may leave.',
    '存货人违反前款规定的，保管人可以拒收。',
    '其应当承担赔偿责任。',
  ])('leans on the one before: %s', (sentence) => expect(leansBack(sentence)).toBe(true))

  it.each(['The tenant gives notice.', 'Italy is a country.', 'Thistles grow here.', '保管人应当通知存货人。'])(
    'stands alone: %s',
    (sentence) => expect(leansBack(sentence)).toBe(false),
  )

  it('that only repeats the question, the title or a heading answers nothing', () => {
    const known = new Set(keywordTerms('how did the horse latitudes get their name\nHorse latitudes'))
    expect(onlyRepeats('Horse latitudes', known)).toBe(true)
    expect(onlyRepeats('Horse latitudes.', known)).toBe(false)
    expect(onlyRepeats('Horse latitudes | 30 degrees', known)).toBe(false)
    expect(onlyRepeats('The dead horse ritual', known)).toBe(false)
  })
})
