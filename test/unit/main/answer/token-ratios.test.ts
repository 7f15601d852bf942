import { fc, test } from '@fast-check/vitest'
import { expect, it } from 'vitest'
import { estimateTokens, unknownModel, weighTokens } from '../../../../src/main/answer/estimate-tokens.ts'
import { learnRatios } from '../../../../src/main/answer/token-ratios.ts'

const english = weighTokens('The tenant may end the lease early with written notice. '.repeat(40))
const chinese = weighTokens('承租人可以书面通知提前解除合同。'.repeat(60))
const estimateOf = (weights: typeof english, ratios: typeof unknownModel): number =>
  weights.narrow * ratios.narrow + weights.wide * ratios.wide

it('corrects too low an estimate at once, and only for the kind of text that was counted', () => {
  const counted = estimateOf(chinese, unknownModel) * 1.7
  const learnt = learnRatios(unknownModel, chinese, counted)
  expect(estimateOf(chinese, learnt)).toBeGreaterThan(counted)
  expect(learnt.narrow).toBe(1)
})

it('comes down to what a model with a large Chinese vocabulary counts, step by step, and stays above it', () => {
  const counted = 0.65 * 60 * 16
  let ratios = unknownModel
  for (let answer = 0; answer < 12; answer += 1) ratios = learnRatios(ratios, chinese, counted)
  expect(estimateOf(chinese, ratios)).toBeGreaterThan(counted)
  expect(estimateOf(chinese, ratios)).toBeLessThan(counted * 1.3)
  expect(estimateOf(english, ratios)).toBe(estimateOf(english, unknownModel))
})

it('learns nothing from no count, and little from one that leaves out what was cached', () => {
  expect(learnRatios(unknownModel, english, 0)).toBe(unknownModel)
  expect(learnRatios(unknownModel, weighTokens(''), 9)).toBe(unknownModel)
  let ratios = unknownModel
  for (let answer = 0; answer < 50; answer += 1) ratios = learnRatios(ratios, english, 1)
  expect(ratios.narrow).toBeGreaterThanOrEqual(0.65)
})

test.prop([fc.string({ unit: 'grapheme', maxLength: 200 }), fc.string({ unit: 'grapheme', maxLength: 200 })])(
  'an estimate is never lower for more text',
  (left, right) => {
    expect(estimateTokens(`${left}\n${right}`)).toBeGreaterThanOrEqual(
      Math.max(estimateTokens(left), estimateTokens(right)),
    )
  },
)
