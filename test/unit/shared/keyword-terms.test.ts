import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { keywordTerms, queryTerms } from '../../../src/shared/keyword-terms.ts'

describe('keywordTerms', () => {
  it.each([
    ['The quick brown Fox', ['the', 'quick', 'brown', 'fox']],
    ['劳动合同法', ['劳动', '动合', '合同', '同法']],
    ['第3条 法', ['第', '3', '条', '法']],
    ['AB-1234, 3.14 and v2.1', ['ab', '1234', '3', '14', 'and', 'v2', '1']],
    ['ＡＢＣ１２３ ﾃｽﾄ', ['abc123', 'テス', 'スト']],
    ['한국어 문서', ['한국', '국어', '문서']],
    ["John's don't o'brien we’ll l’homme", ['john', 'don', 'o', 'brien', 'we', 'l', 'homme']],
    ['Café naïve Ünïcode ŽIŽEK', ['cafe', 'naive', 'unicode', 'zizek']],
    ['勞動契約', ['劳动', '动契', '契约']],
    ['劳动\n合同', ['劳动', '动合', '合同']],
    ['劳动\n\n合同', ['劳动', '合同']],
    ['GPT模型2024年', ['gpt', '模型', '2024', '年']],
    ['co\u00ADop\u200Derate', ['cooperate']],
    ['Привет мир', ['привет', 'мир']],
    ['foo_bar@example.org', ['foo', 'bar', 'example', 'org']],
    ['𠀀𠀁𠀂', ['𠀀𠀁', '𠀁𠀂']],
    ['— … !! ', []],
    ['', []],
  ])('%j', (text, terms) => {
    expect(keywordTerms(text)).toEqual(terms)
  })

  it('cuts endless words into pieces, the same wherever they stand', () => {
    const terms = keywordTerms(`x ${'a'.repeat(150)}`)
    expect(terms).toEqual(['x', 'a'.repeat(64), 'a'.repeat(64), 'a'.repeat(22)])
  })

  test.prop([fc.string({ unit: 'binary', maxLength: 200 })])('only letters and digits, never empty', (text) => {
    for (const term of keywordTerms(text)) expect(term).toMatch(/^[\p{L}\p{N}]+$/u)
  })

  test.prop([
    fc.array(fc.constantFrom('劳', '動', 'a', 'É', "'", 's', ' ', '\n', '7', 'ｶ', '\u0301', '"', '한', 'ไ'), {
      maxLength: 60,
    }),
  ])('stored terms split into themselves again', (characters) => {
    const terms = keywordTerms(characters.join(''))
    expect(keywordTerms(terms.join(' '))).toEqual(terms)
  })

  test.prop([fc.string({ unit: 'grapheme', maxLength: 80 }), fc.string({ unit: 'grapheme', maxLength: 80 })])(
    'parts between blank lines are independent',
    (first, second) => {
      expect(keywordTerms(`${first}\n\n${second}`)).toEqual([...keywordTerms(first), ...keywordTerms(second)])
    },
  )

  it.each([
    ['marks', '\u0301\u0316'.repeat(500_000)],
    ['one word', 'a'.repeat(1_000_000)],
    ['one Chinese run', '劳'.repeat(1_000_000)],
    ['lines of one character', '劳\n'.repeat(500_000)],
    ['apostrophes', "a'".repeat(500_000)],
    ['quotation marks', '"“„«「'.repeat(200_000)],
    ['codes', 'a-1.'.repeat(250_000)],
    ['digits', '1'.repeat(1_000_000)],
    ['numbers', '1,000,'.repeat(170_000)],
    ['titles', '《《a'.repeat(300_000)],
  ])('gets through a million hostile units: %s', (_name, text) => {
    expect(queryTerms(text).terms.length).toBeLessThanOrEqual(text.length)
  })
})

describe('queryTerms', () => {
  it('drops stop words and repetitions, keeps the order', () => {
    expect(queryTerms('What is the notice period for the notice?').terms).toEqual(['notice', 'period'])
    expect(queryTerms('什么 劳动合同').terms).toEqual(['劳动', '动合', '合同'])
  })

  it('keeps stop words when nothing else is there', () => {
    expect(queryTerms('to be or not to be').terms).toEqual(['to', 'be', 'or', 'not'])
    expect(queryTerms('什么').terms).toEqual(['什么'])
  })

  it('takes quoted parts as phrases, with their stop words', () => {
    expect(queryTerms('find "state of the art" and “AB-1234”').phrases).toEqual([
      ['state', 'of', 'the', 'art'],
      ['ab', '1234'],
    ])
    expect(queryTerms('「合同解除」和『赔偿』').phrases).toEqual([['合同', '同解', '解除'], ['赔偿']])
    expect(queryTerms('„oben“ «au-dessus»').phrases).toEqual([['oben'], ['au', 'dessus']])
    expect(queryTerms('an "unclosed phrase').phrases).toEqual([])
    expect(queryTerms('"" "!"').phrases).toEqual([])
  })

  it('keeps the parts of a code and of a title together', () => {
    expect(queryTerms('see AB-1234/7, v2.1 and e.g. p. 5').codes).toEqual([
      ['ab', '1234', '7'],
      ['v2', '1'],
    ])
    expect(queryTerms('合同编号AB-1234的《劳动合同法》').codes).toEqual([
      ['ab', '1234'],
      ['劳动', '动合', '合同', '同法'],
    ])
  })

  it('knows the other way to write a number', () => {
    expect(queryTerms('1,250,000 and 3.14').otherForms).toEqual([['1250000']])
    expect(queryTerms('1250000').otherForms).toEqual([['1', '250', '000']])
    expect(queryTerms('4,500.50').otherForms).toEqual([['4500', '50']])
    expect(queryTerms('１，２５０').otherForms).toEqual([['1250']])
    expect(queryTerms('007 12,34 x1234').otherForms).toEqual([])
  })

  test.prop([fc.string({ unit: 'grapheme', maxLength: 80 })])('terms are terms of the text, each once', (query) => {
    const { terms } = queryTerms(query)
    const all = keywordTerms(query)
    expect(new Set(terms).size).toBe(terms.length)
    for (const term of terms) expect(all).toContain(term)
    expect(terms.length === 0).toBe(all.length === 0)
  })
})
