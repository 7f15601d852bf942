import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { markTerms } from '../../../../src/main/findings/mark-terms.ts'
import { quotePassage } from '../../../../src/main/findings/quote-passage.ts'
import { requiredTerms } from '../../../../src/shared/required-terms.ts'

const marked = (text: string, query: string): readonly string[] =>
  markTerms(text, requiredTerms(query).requirements).map(({ start, end }) => text.slice(start, end))

describe('words in a passage', () => {
  it.each([
    ['Fees are due. The FEE is not.', 'fee', ['Fees', 'FEE']],
    ['It was terminated; terminating it costs.', 'terminate', ['terminated', 'terminating']],
    ['The Café and the cafe', 'CAFE', ['Café', 'cafe']],
    ['支付違約金，违约责任', '违约金', ['違約金']],
    ['Order ＡＢ-１２３４ and AB 99', 'AB-1234', ['ＡＢ-１２３４']],
    ['It costs 12,000 or 12000.', '12000', ['12,000', '12000']],
    ['notice of the termination, notice of termination', '"notice of termination"', ['notice of termination']],
    ['the tenant’s lease', '"tenant lease"', ['tenant’s lease']],
    ['合同\n法规', '《合同法》', ['合同\n法']],
  ] as const)('%s: %s', (text, query, expected) => expect(marked(text, query)).toEqual(expected))
})

describe('a quotation', () => {
  const filler = 'Nothing is said here about it. '.repeat(20)
  const quote = (text: string, query: string) => quotePassage(text, markTerms(text, requiredTerms(query).requirements))

  it('begins with the sentence of the words and says where something was left out', () => {
    const { text, marks } = quote(`${filler}The fee is two months’ rent. ${filler}`, 'fee rent')
    expect(text).toMatch(/^…The fee is two months’ rent\..*…$/)
    expect(marks.map(({ start, end }) => text.slice(start, end))).toEqual(['fee', 'rent'])
  })

  it('stands where most of the words stand together', () => {
    expect(quote(`A fee. ${filler}The fee and the deposit. ${filler}`, 'fee deposit').text).toContain(
      'fee and the deposit',
    )
  })

  it('is the beginning where no word is marked, on one line', () => {
    expect(quote('One\nline.', 'other')).toEqual({ text: 'One line.', marks: [] })
  })

  test.prop([
    fc.string({ unit: fc.constantFrom('fee', ' ', '\n', '合同', '。', '. ', '😀', 'é', 'x'), maxLength: 400 }),
  ])('marks are words of the passage, whatever that is', (text) => {
    const { text: shown, marks } = quote(text, 'fee 合同')
    expect(shown.length).toBeLessThanOrEqual(284)
    expect(shown).not.toMatch(/\n/)
    for (const { start, end } of marks) expect(shown.slice(start, end)).toMatch(/^(?:fee|合 ?同)/u)
  })
})
