import { expect, it } from 'vitest'
import { emptyDraft } from '../../../../src/main/answer/draft.ts'
import { unknownModel } from '../../../../src/main/answer/estimate-tokens.ts'
import { createWriteStage } from '../../../../src/main/answer/write-stage.ts'
import type { GenerateRequest } from '../../../../src/main/ports/generator.ts'
import type { TokenRatios } from '../../../../src/main/ports/token-ratio-store.ts'
import { settingsSchema } from '../../../../src/shared/settings.ts'
import { noHistory, noMeaning, sampleRequest } from '../../../support/answer-fakes.ts'
import { readyModels } from '../../../support/fake-page-api.ts'
import { samplePassage } from '../../../support/sample-passage.ts'

/** A model that answers at once and counts the prompt as it is told to. */
function setUp({
  promptTokens,
  contextTokens,
}: {
  readonly promptTokens: number | null
  readonly contextTokens: number
}) {
  const requests: GenerateRequest[] = []
  const known = new Map<string, TokenRatios>()
  const settings = settingsSchema.parse({ contextTokens })
  const stage = createWriteStage({
    generator: {
      async *generate(request) {
        requests.push(request)
        yield { type: 'text', text: 'Yes [1].' }
        yield { type: 'end', finishReason: 'stop', promptTokens, answerTokens: 3 }
      },
    },
    models: {
      current: async () => readyModels,
      refresh: async () => readyModels,
      onChange: () => () => undefined,
    },
    settings: { get: () => settings, set: () => settings },
    quotes: async function* () {
      yield { text: 'unused', passageId: null }
    },
    openEvidence: noMeaning,
    tokenRatios: { read: (model) => known.get(model) ?? null, write: (model, ratios) => void known.set(model, ratios) },
  })
  const run = async () => {
    const draft = emptyDraft(sampleRequest(), noHistory)
    draft.passages = [samplePassage({ text: 'The tenant gives notice in writing. '.repeat(30) })]
    await Array.fromAsync(stage.run(draft, { signal: new AbortController().signal, frontEnd: 'test' }))
    return draft
  }
  return { run, requests, known }
}

it('asks for no more than the model itself can hold, and for no longer an answer than is left', async () => {
  const { run, requests } = setUp({ promptTokens: 300, contextTokens: 131_072 })
  const { context } = await run()
  expect(context).toMatchObject({ limitTokens: 40_960 })
  const [request] = requests
  expect(request?.contextTokens).toBe(40_960)
  expect(request?.maxAnswerTokens).toBe(40_960 - (context?.estimatedPromptTokens ?? 0))
})

it('is corrected by the count of the server, for the next prompt of this model', async () => {
  const { run, known } = setUp({ promptTokens: 2000, contextTokens: 8192 })
  const first = await run()
  expect(first.context?.estimatedPromptTokens).toBeLessThan(2000)
  expect(known.get('qwen3:8b')?.narrow).toBeGreaterThan(unknownModel.narrow)
  const second = await run()
  expect(second.context?.estimatedPromptTokens).toBeGreaterThan(2000)
})

it('learns nothing where the server does not count', async () => {
  const { run, known } = setUp({ promptTokens: null, contextTokens: 8192 })
  await run()
  expect(known.size).toBe(0)
})
