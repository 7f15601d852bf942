import { expect, it } from 'vitest'
import { questionFrom } from '../../../../src/main/answer/generate-questions.ts'

it('makes a question of the most telling sentence, without its middle and without quotation marks', () => {
  const text =
    'Notices\nShort one. The tenant may end the “lease” early after the third year by giving the landlord written notice.'
  expect(questionFrom(text)).toBe('The tenant may end the lease by giving the landlord written notice.')
  expect(questionFrom('承租人自起租日满三年后，可随时解除本合同，但应至少提前书面通知出租人。')).toMatch(
    /^承租人自起租日.* .*通知出租人。$/,
  )
})

it('makes none where no sentence says enough', () => {
  for (const text of ['', 'Too short.', '1 2 3 4 5 6 7 8 9 10 11 12', 'Contents .......... 12', '第九条'])
    expect(questionFrom(text)).toBeNull()
})
