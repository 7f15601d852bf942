import { describe, expect, it } from 'vitest'
import { type AnswerDraft, emptyDraft } from '../../../../src/main/answer/draft.ts'
import { answerInstructions, generalInstructions } from '../../../../src/main/answer/prompt.ts'
import { choosePassages } from '../../../../src/main/answer/choose-passages.ts'
import { closeEnoughAmong, closenessByWords, isRefused, refusalText } from '../../../../src/main/answer/refusal.ts'
import { createRetrieveStage } from '../../../../src/main/answer/retrieve-stage.ts'
import type { FoundPassage } from '../../../../src/main/answer/search-passages.ts'
import { traceCandidates } from '../../../../src/main/answer/trace-search.ts'
import { createWriteStage } from '../../../../src/main/answer/write-stage.ts'
import type { DocumentStore } from '../../../../src/main/ports/document-store.ts'
import type { ChatMessage } from '../../../../src/main/ports/generator.ts'
import type { AnswerDelta } from '../../../../src/shared/answer-stream.ts'
import type { AskRequest } from '../../../../src/shared/ipc.ts'
import { settingsSchema } from '../../../../src/shared/settings.ts'
import { noHistory, noMeaning, sampleRequest } from '../../../support/answer-fakes.ts'
import { readyModels } from '../../../support/fake-page-api.ts'
import { samplePassage } from '../../../support/sample-passage.ts'

const chunkCount = 5_000
const closeEnough = closeEnoughAmong(chunkCount)
const close = closeEnough + 0.1
const far = closeEnough - 0.1

const found = (document: string, closeness: number, ordinal = 0): FoundPassage => ({
  passage: { ...samplePassage({ document, ordinal }), vectorRank: ordinal + 1, keywordRank: null },
  ordinal,
  tokenCount: 200,
  closeness,
  similarity: 0.4,
  coverage: null,
})

/** Both stages over a library that finds `results`. */
async function answer(
  results: readonly FoundPassage[],
  request: Partial<AskRequest>,
  { hasModel = true } = {},
): Promise<{ draft: AnswerDraft; deltas: readonly AnswerDelta[]; text: string; prompt: readonly ChatMessage[] }> {
  const settings = { get: () => settingsSchema.parse({}), set: () => settingsSchema.parse({}) }
  const prompt: ChatMessage[] = []
  const retrieve = createRetrieveStage({
    search: async () => results,
    collections: { resolve: async () => null },
    documents: {
      searchableDocumentCount: () => 1_234,
      searchableChunkCount: () => chunkCount,
      spreadChunks: () => null,
    } as unknown as DocumentStore,
    settings,
  })
  const models = hasModel ? readyModels : { ...readyModels, models: [], chosenModel: null }
  const write = createWriteStage({
    generator: {
      async *generate({ messages }) {
        prompt.push(...messages)
        yield { type: 'text', text: 'By the model [1].' }
        yield { type: 'end', finishReason: 'stop', promptTokens: null, answerTokens: null }
      },
    },
    models: { current: async () => models, refresh: async () => models, onChange: () => () => undefined },
    settings,
    quotes: async function* (_question, passages) {
      yield { text: `A quotation out of ${passages.length}`, passageId: null }
    },
    openEvidence: noMeaning,
    tokenRatios: { read: () => null, write: () => undefined },
  })
  const draft = emptyDraft(sampleRequest(request), noHistory)
  const options = { signal: new AbortController().signal, frontEnd: 'test' }
  const deltas = [
    ...(await Array.fromAsync(retrieve.run(draft, options))),
    ...(await Array.fromAsync(write.run(draft, options))),
  ]
  const text = deltas.map((delta) => (delta.type === 'token' ? delta.text : '')).join('')
  return { draft, deltas, text, prompt }
}

describe('nothing close enough', () => {
  it('is said instead of an answer, with the nearest passages, and no model is asked', async () => {
    const { draft, deltas, text, prompt } = await answer([found('a', far), found('b', far - 0.05)], {})
    expect(text).toBe('Nothing close enough in 1,234 documents searched.')
    expect(prompt).toEqual([])
    expect(draft).toMatchObject({ mode: 'refused', model: null, citedPassageIds: [] })
    expect(draft.passages).toHaveLength(2)
    expect(draft.search).toMatchObject({ isClose: false, basis: 'documents', closeness: far, threshold: closeEnough })
    expect(draft.search?.candidates.map(({ fate }) => fate)).toEqual(['far', 'far'])
    expect(deltas).toContainEqual({ type: 'status', stage: 'generate', detail: { mode: 'refused' } })
  })

  it('is said of quotations too, and of nothing found at all', async () => {
    expect((await answer([found('a', far)], { mode: 'quotes' })).draft.mode).toBe('refused')
    expect((await answer([found('a', far)], {}, { hasModel: false })).draft.mode).toBe('refused')
    expect((await answer([], {})).text).toBe('Nothing close enough in 1,234 documents searched.')
  })

  it('is no matter where one passage is close', async () => {
    const { draft, text, prompt } = await answer([found('a', close), found('b', far)], {})
    expect(text).toBe('By the model [1].')
    expect(prompt[0]?.content).toBe(answerInstructions)
    expect(draft.mode).toBe('generated')
    expect(draft.search?.candidates.map(({ fate }) => fate)).toEqual(['given', 'given'])
  })

  it('is passed over by "answer anyway", from the same passages', async () => {
    const { draft, text, prompt } = await answer([found('a', far)], { basis: 'anyway' })
    expect(text).toBe('By the model [1].')
    expect(prompt[0]?.content).toBe(answerInstructions)
    expect(prompt.at(-1)?.content).toContain(draft.passages[0]?.text)
    expect(draft.search).toMatchObject({ isClose: false, basis: 'anyway' })
    const quoted = await answer([found('a', far)], { basis: 'anyway', mode: 'quotes' })
    expect(quoted.text).toContain('A quotation out of 1')
  })
})

describe('general knowledge', () => {
  it('is allowed in the prompt; far passages are not given, close ones are', async () => {
    const without = await answer([found('a', far)], { basis: 'general' })
    expect(without.prompt[0]?.content).toBe(generalInstructions)
    expect(without.prompt.at(-1)?.content).not.toContain(samplePassage({ document: 'a', ordinal: 0 }).text)
    expect(without.draft.passages).toEqual([])
    // What cites nothing has no number that leads anywhere.
    expect(without.text).not.toContain('[1]')
    const beside = await answer([found('a', close)], { basis: 'general' })
    expect(beside.prompt[0]?.content).toBe(generalInstructions)
    expect(beside.prompt.at(-1)?.content).toContain(samplePassage({ document: 'a', ordinal: 0 }).text)
  })

  it('takes a model: without one, nothing close is said to be that', async () => {
    expect((await answer([found('a', far)], { basis: 'general' }, { hasModel: false })).draft.mode).toBe('refused')
    expect((await answer([found('a', far)], { basis: 'general', mode: 'quotes' })).draft.mode).toBe('refused')
  })
})

describe('the trace of a search', () => {
  it('tells which candidate was joined to another, and which was one too many', async () => {
    const many = [...'bcdef01'].map((document) => found(document, close))
    const ranked = [found('a', close, 4), found('a', close, 5), ...many]
    const chosen = choosePassages(ranked, { passageCount: 6, passageTokens: 512, threshold: closeEnough })
    expect(traceCandidates(ranked, chosen, { considered: 12, isClose: true }).map(({ fate }) => fate)).toEqual([
      'given',
      'joined',
      ...Array.from({ length: 5 }, () => 'given'),
      'surplus',
      'surplus',
    ])
  })
})

it('knows whom it refuses', () => {
  expect(isRefused({ basis: 'documents', isClose: true }, false)).toBe(false)
  expect(isRefused({ basis: 'documents', isClose: false }, true)).toBe(true)
  expect(isRefused({ basis: 'general', isClose: false }, true)).toBe(false)
  expect(isRefused({ basis: 'general', isClose: false }, false)).toBe(true)
  expect(isRefused({ basis: 'anyway', isClose: false }, false)).toBe(false)
})

it('speaks the language of the question, and knows an empty library', () => {
  expect(refusalText('提前解约要提前多久通知？', 12)).toBe('在 12 份文档中检索，没有足够接近的内容。')
  expect(refusalText('Why?', 1)).toBe('Nothing close enough in 1 document searched.')
  expect(refusalText('Why?', 0)).toContain('no document')
  expect(refusalText('为什么？', 0)).toContain('还没有')
})

it('judges by words where meaning could not be compared', () => {
  expect(closenessByWords(null)).toBe(0)
  expect(closenessByWords(0.1)).toBeLessThan(closeEnough)
  expect(closenessByWords(0.25)).toBeGreaterThan(closeEnough)
  expect(closenessByWords(1)).toBe(1)
})

it('expects less of the best of a few passages than of the best of many', () => {
  expect(closeEnoughAmong(0)).toBe(closeEnoughAmong(1))
  expect(closeEnoughAmong(1)).toBeLessThan(closeEnoughAmong(40))
  expect(closeEnoughAmong(40)).toBeLessThan(closeEnough)
  expect(closeEnoughAmong(1_000_000)).toBe(closeEnough)
})
