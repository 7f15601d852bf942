import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { checkClaim } from '../../../../src/main/evidence/check-claim.ts'
import { chooseCitation, isFact } from '../../../../src/main/evidence/choose-citation.ts'
import { readClaim, readSource } from '../../../../src/main/evidence/read-source.ts'

const source = (text: string, title: string | null = null) =>
  readSource({ text, documentName: 'file.txt', title, headingPath: [] })
const check = (claim: string, ...texts: readonly string[]) =>
  checkClaim(
    readClaim(claim),
    texts.map((text) => ({ source: source(text), meaning: null })),
  )
const lease = 'Rent is due on the first day of each month. The tenant, Acme Holdings, gives written notice of 60 days.'
const chinese = '租金应于每月一日支付。承租人提前终止合同的，应当提前三十日书面通知出租人。'

describe('the citation check', () => {
  it.each([
    ['Acme Holdings gives written notice of 60 days.', lease, 'matches'],
    ['The tenant gives notice of sixty days in writing.', lease, 'matches'],
    ['The tenant gives written notice of 30 days.', lease, 'differs'],
    ['Beta Holdings gives written notice of 60 days.', lease, 'differs'],
    ['Mitochondria produce most energy of a cell.', lease, 'little-overlap'],
    ['承租人应当提前30天书面通知出租人。', chinese, 'matches'],
    ['承租人应当提前六十日书面通知出租人。', chinese, 'differs'],
    ['The notice is given 30 days before.', chinese, 'other-language'],
    ['The notice is given 60 days before.', chinese, 'differs'],
  ] as const)('%s', (claim, text, finding) => expect(check(claim, text)[0]?.finding).toBe(finding))

  it('names what stands in the place of a number or a name', () => {
    expect(check('The tenant gives written notice of 30 days.', lease)[0]?.differences).toEqual([
      { kind: 'number', claimed: '30 days', found: '60 days' },
    ])
    expect(check('Beta Holdings gives written notice of 60 days.', lease)[0]?.differences).toEqual([
      { kind: 'name', claimed: 'Beta Holdings', found: 'Acme Holdings' },
    ])
    expect(check('承租人应当提前六十日书面通知出租人。', chinese)[0]?.differences).toEqual([
      { kind: 'number', claimed: '六十日', found: '三十日' },
    ])
  })

  it('takes two sources of one sentence together', () => {
    const other = 'The deposit is 900 dollars.'
    const [first, second] = check('The tenant gives 60 days of notice and a deposit of 900 dollars.', lease, other)
    expect([first?.differences, second?.differences]).toEqual([[], []])
  })

  it('marks the sentences that carry the claim', () => {
    expect(check('The tenant gives written notice of 60 days.', lease)[0]?.carriedBy).toEqual([1])
    expect(check('Mitochondria produce most energy of a cell.', lease)[0]?.carriedBy).toEqual([])
  })

  const words = fc.array(fc.constantFrom('rent', '30', 'Acme', '租金', '三十日', '.', '。', '\n', '60%', 'notice'), {
    maxLength: 30,
  })
  test.prop([words, fc.array(words, { minLength: 1, maxLength: 3 })])(
    'finds something to say of every pair',
    (claim, texts) => {
      const found = check(claim.join(' '), ...texts.map((text) => text.join(' ')))
      expect(found).toHaveLength(texts.length)
      found.forEach(({ finding, differences, carriedBy }, index) => {
        expect(differences.length > 0).toBe(
          finding === 'differs' || (finding === 'little-overlap' && differences.length > 0),
        )
        const sentences = source(texts[index]?.join(' ') ?? '').sentences.length
        for (const place of carriedBy) expect(place).toBeLessThan(sentences)
      })
    },
  )

  test.prop([fc.constantFrom(...lease.split(/(?<=\.) /), ...chinese.split(/(?<=。)/))])(
    'a sentence of the source itself always agrees',
    (sentence) => {
      if (sentence === '') return
      expect(check(sentence, sentence.includes('租') ? chinese : lease)[0]?.finding).toBe('matches')
    },
  )
})

describe('a citation of the engine', () => {
  const choose = (claim: string, ...texts: readonly string[]) =>
    chooseCitation(
      readClaim(claim),
      texts.map((text) => ({ source: source(text), meaning: null })),
    )
  const claim = 'The tenant gives written notice of 60 days.'

  it('needs one passage that clearly carries the sentence', () => {
    expect(choose(claim, 'Pets are welcome here.', lease)).toBe(1)
    expect(choose(claim, lease, lease)).toBeNull()
    expect(choose('The tenant gives written notice of 30 days.', lease)).toBeNull()
    expect(choose('Does the tenant give written notice of 60 days?', lease)).toBeNull()
    expect(choose('承租人应当书面通知出租人。', lease)).toBeNull()
    expect(choose('承租人应当提前三十日书面通知出租人。', lease, chinese)).toBe(1)
  })

  it('tells facts from the rest', () => {
    expect(isFact(readClaim(claim))).toBe(true)
    expect(isFact(readClaim('承租人应当提前三十日书面通知出租人。'))).toBe(true)
    expect(isFact(readClaim('The documents do not say.'))).toBe(false)
    expect(isFact(readClaim('Is the notice period 60 days for the tenant?'))).toBe(false)
  })
})
