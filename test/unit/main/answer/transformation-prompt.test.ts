import { expect, it } from 'vitest'
import { createCitationMarks } from '../../../../src/main/answer/citation-marks.ts'
import { unknownModel } from '../../../../src/main/answer/estimate-tokens.ts'
import { answerInstructions } from '../../../../src/main/answer/prompt.ts'
import { buildTransformationPrompt } from '../../../../src/main/answer/transformation-prompt.ts'
import { sampleSource } from '../../../support/sample-passage.ts'

const sources = [1, 2, 3].map((number) => ({ ...sampleSource(number), isCited: number !== 2 }))
const previous = { answer: 'Rent is due monthly [1]. Pets are welcome [3].', sources } as const

it('gives the model the answer, its sources under their own numbers, and the task', () => {
  const { messages, leftOut } = buildTransformationPrompt(
    { transformation: { kind: 'table' }, ...previous },
    { contextTokens: 4096, ratios: unknownModel },
  )
  expect(messages[0]?.content).toBe(answerInstructions)
  const content = messages[1]?.content ?? ''
  expect(content).toContain(previous.answer)
  expect(content).toMatch(/<passage number="3"[^>]*>\nPassage a2\./)
  expect(content).toMatch(/Task: .*table/)
  expect(leftOut).toEqual([])
})

it.each([
  ['Rent is due monthly [1].', null, 'Write in Simplified Chinese'],
  ['租金按月支付 [1]。', null, 'Write in English'],
  ['Rent is due monthly [1].', 'French', 'Write in French'],
])('translates %s into %s', (answer, language, expected) => {
  const { messages } = buildTransformationPrompt(
    { transformation: { kind: 'translate', language }, answer, sources },
    { contextTokens: 4096, ratios: unknownModel },
  )
  expect(messages[1]?.content).toContain(expected)
})

it('leaves out whole sources that do not fit, uncited ones first, and says which', () => {
  const long = sources.map((source) => ({ ...source, text: 'word '.repeat(500) }))
  const { messages, leftOut } = buildTransformationPrompt(
    { transformation: { kind: 'shorter' }, answer: previous.answer, sources: long },
    { contextTokens: 2600, ratios: unknownModel },
  )
  expect(leftOut.map(({ id }) => id)).toEqual([sources[1]?.id])
  expect(messages[1]?.content).not.toContain('<passage number="2"')
})

it('says so when the answer alone does not fit', () => {
  expect(() =>
    buildTransformationPrompt(
      { transformation: { kind: 'shorter' }, answer: 'word '.repeat(3000), sources },
      { contextTokens: 2048, ratios: unknownModel },
    ),
  ).toThrow(expect.objectContaining({ code: 'context-overflow' }))
})

it('keeps the numbers of marks, whatever their order', () => {
  const marks = createCitationMarks(
    sources.map(({ id }) => id),
    { keepsNumbers: true },
  )
  const pieces = [marks.push('Pets [3], rent [1], pets [3], nothing [9].'), marks.flush()]
  expect(pieces.map(({ text }) => text).join('')).toBe('Pets [3], rent [1], pets [3], nothing .')
  expect(pieces.flatMap(({ citations }) => citations.map(({ number, passageId }) => [number, passageId]))).toEqual([
    [3, sources[2]?.id],
    [1, sources[0]?.id],
  ])
})
