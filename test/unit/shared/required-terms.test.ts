import { describe, expect, it } from 'vitest'
import { requiredTerms } from '../../../src/shared/required-terms.ts'

const of = (query: string) => requiredTerms(query).requirements

describe('what a query demands of a document', () => {
  it('every word that says something, once', () => {
    expect(of('the Termination of a termination FEE')).toEqual([[['termination']], [['fee']]])
    expect(of('the')).toEqual([[['the']]])
  })

  it('what is in quotation marks, and titles, in one piece', () => {
    expect(of('"notice of termination" fee')).toEqual([[['notice', 'of', 'termination']], [['fee']]])
    expect(of('《合同法》')).toEqual([[['合同', '同法']]])
    expect(of('an "unclosed fee')).toEqual([[['unclosed']], [['fee']]])
  })

  it('codes and numbers in one piece, and as others write them', () => {
    expect(of('AB-1234 costs 12,000')).toEqual([[['ab', '1234']], [['12', '000'], ['12000']], [['costs']]])
  })

  it('each word of a Chinese run, without those that only join; Traditional as Simplified', () => {
    expect(of('違約金和押金')).toEqual([[['违约', '约金']], [['押金']]])
    expect(of('「违约金」')).toEqual([[['违约', '约金']]])
    expect(requiredTerms('税')).toEqual({ requirements: [], loneCharacters: ['税'] })
  })

  it('takes time in proportion to a hostile query', () => {
    expect(of('"'.repeat(1_000))).toEqual([])
    expect(requiredTerms('。'.repeat(1_000)).requirements).toEqual([])
  })
})
