import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createCondenseStage } from '../../../../src/main/answer/condense-stage.ts'
import { createCondenser } from '../../../../src/main/answer/condenser.ts'
import { type AnswerDraft, emptyDraft } from '../../../../src/main/answer/draft.ts'
import type { RememberedTurn } from '../../../../src/main/ports/conversation-store.ts'
import type { Generator } from '../../../../src/main/ports/generator.ts'
import type { AnswerDelta, StageDetail } from '../../../../src/shared/answer-stream.ts'
import { AppError } from '../../../../src/shared/errors.ts'
import { messageIdSchema } from '../../../../src/shared/ids.ts'
import type { AskRequest } from '../../../../src/shared/ipc.ts'
import { type ModelServerStatus, modelServerStatusSchema } from '../../../../src/shared/model-server.ts'
import { settingsSchema } from '../../../../src/shared/settings.ts'
import { noHistory, sampleRequest } from '../../../support/answer-fakes.ts'
import { createManualClock } from '../../../support/manual-clock.ts'
import { createRecordingLog } from '../../../support/recording-log.ts'
import { sampleSource } from '../../../support/sample-passage.ts'
import { createScriptedGenerator } from '../../../support/scripted-generator.ts'

const english = new Map([['en', 100]])
const chinese = new Map([['zh', 100]])
const rentQuestion = 'What was the rent in 2022?'
const rentIn2023 = 'What was the rent in 2023?'

function past(question: string, overrides: Partial<RememberedTurn> = {}): RememberedTurn {
  return {
    answerId: messageIdSchema.parse(randomUUID()),
    question,
    condensedQuestion: null,
    answer: 'The rent was 4,100 a month [1].',
    mode: 'generated',
    finishReason: 'stop',
    sources: [sampleSource(1), sampleSource(2)],
    ...overrides,
  }
}

function readyStatus(isLoaded = true): ModelServerStatus {
  return modelServerStatusSchema.parse({
    state: 'ready',
    product: 'ollama',
    offeredAddress: null,
    address: 'http://127.0.0.1:1',
    triedAddresses: [],
    version: '1',
    models: [
      {
        name: 'small:1b',
        sizeBytes: 1,
        parameterSize: null,
        quantization: null,
        contextTokens: 4096,
        abilities: null,
        isLoaded,
      },
    ],
    refusedModels: [],
    chosenModel: 'small:1b',
    problem: null,
  })
}

function setUp(
  generator: Generator,
  options: {
    readonly turns?: readonly RememberedTurn[]
    readonly request?: Partial<AskRequest>
    readonly languages?: ReadonlyMap<string, number>
    readonly status?: ModelServerStatus | null
    readonly condensePrompt?: string
  } = {},
) {
  const clock = createManualClock()
  const log = createRecordingLog()
  const settings = settingsSchema.parse({ condensePrompt: options.condensePrompt ?? null })
  let asked = 0
  const searched: (readonly string[])[] = []
  const stage = createCondenseStage({
    condenser: createCondenser({ generator, clock, log }),
    models: {
      async current() {
        asked += 1
        const { status = readyStatus() } = options
        return status ?? { ...readyStatus(), state: 'not-running', models: [], chosenModel: null }
      },
      refresh: () => Promise.reject(new Error('not asked for')),
      onChange: () => () => undefined,
    },
    documents: { chunksByLanguage: () => options.languages ?? english },
    settings: { get: () => settings, set: () => settings },
    retrieve: {
      name: 'retrieve',
      async *run(current) {
        searched.push(texts(current))
        yield { type: 'passages', passages: [] }
      },
    },
  })
  const draft = emptyDraft(sampleRequest({ question: 'and in 2023?', ...options.request }), {
    ...noHistory,
    turns: options.turns ?? [past(rentQuestion)],
  })
  return { stage, draft, clock, log, searched, statusCalls: () => asked }
}

async function run({
  stage,
  draft,
}: Pick<ReturnType<typeof setUp>, 'stage' | 'draft'>): Promise<readonly AnswerDelta[]> {
  return Array.fromAsync(stage.run(draft, { signal: new AbortController().signal, frontEnd: 'test' }))
}

function lastDetail(events: readonly AnswerDelta[]): StageDetail {
  const last = events.at(-1)
  if (last?.type !== 'status') throw new Error('the stage said nothing')
  return last.detail
}

const texts = (draft: AnswerDraft): readonly string[] => draft.queries.map(({ text }) => text)

describe('a follow-up', () => {
  it('is searched in the words of the reader, condensed, and lightly with the question before', async () => {
    const generator = createScriptedGenerator(() => rentIn2023)
    const all = setUp(generator)
    const events = await run(all)
    expect(events).toEqual([
      { type: 'passages', passages: [] },
      { type: 'status', stage: 'condense', detail: {} },
      { type: 'status', stage: 'condense', detail: { condensedQuestion: rentIn2023 } },
    ])
    expect(texts(all.draft)).toEqual(['and in 2023?', rentIn2023, rentQuestion])
    const [own = 0, ...others] = all.draft.queries.map(({ weight }) => weight)
    expect(others.reduce((sum, weight) => sum + weight, 0)).toBeLessThan(own)
    expect(all.draft.condensedQuestion).toBe(rentIn2023)
  })

  it('shows what its own words find before the model has spoken', async () => {
    const all = setUp(createScriptedGenerator(() => rentIn2023))
    for await (const event of all.stage.run(all.draft, { signal: new AbortController().signal, frontEnd: 'test' })) {
      if (event.type === 'passages') expect(all.draft.condensedQuestion).toBeNull()
    }
    expect(all.searched).toEqual([['and in 2023?', rentQuestion]])
  })

  it('is rewritten by the model that answers, in its context, from the last turns', async () => {
    const generator = createScriptedGenerator(() => rentIn2023)
    await run(setUp(generator, { turns: ['a?', 'b?', 'c?', rentQuestion].map((question) => past(question)) }))
    const [request] = generator.requests
    expect(request).toMatchObject({ model: 'small:1b', contextTokens: 4096, temperature: 0, withoutReasoning: true })
    const content = request?.messages[0]?.content ?? ''
    expect(content).toContain(`Question: ${rentQuestion}\nAnswer: The rent was 4,100 a month .`)
    expect(content).toContain('Last question: and in 2023?')
    expect(content).not.toContain('Question: a?')
  })

  it('keeps the beginning of its prompt, whatever the conversation', async () => {
    const generator = createScriptedGenerator(() => rentIn2023)
    await run(setUp(generator))
    await run(setUp(generator, { turns: [past('What else?')], request: { question: 'why?' } }))
    const beginnings = generator.requests.map(({ messages }) => messages[0]?.content.split('Conversation:')[0])
    expect(beginnings[0]?.length).toBeGreaterThan(200)
    expect(beginnings[1]).toBe(beginnings[0])
  })

  it('takes the prompt of the reader', async () => {
    const generator = createScriptedGenerator(() => rentIn2023)
    await run(
      setUp(generator, { condensePrompt: 'Mine. {question} after {history}', request: { question: 'and {history}?' } }),
    )
    expect(generator.requests[0]?.messages[0]?.content).toMatch(/^Mine\. and \{history\}\? after Question: What was/)
  })

  it.each([
    ['nothing', ''],
    ['an answer', 'The rent in 2023 was 4,300.'],
    ['rambling', 'rent 2023 '.repeat(600)],
    ['another language', '2023年的租金是多少？'],
    ['the earlier question', rentQuestion],
  ])('is searched in the words of the reader when the model writes %s', async (_name, written) => {
    const all = setUp(createScriptedGenerator(() => written))
    const events = await run(all)
    expect(lastDetail(events)).toEqual({ previousQuestion: rentQuestion })
    expect(texts(all.draft)).toEqual(['and in 2023?', rentQuestion])
    expect(all.draft.condensedQuestion).toBeNull()
  })

  it('goes on when the model server breaks off', async () => {
    const all = setUp(createScriptedGenerator(() => new AppError('generation-failed', 'It broke off. Ask again.')))
    await run(all)
    expect(texts(all.draft)).toEqual(['and in 2023?', rentQuestion])
    expect(all.log.lines).toEqual(['a question could not be rewritten'])
  })

  it.each([
    ['a loaded model says nothing for 20 seconds', true, 20_000],
    ['a model that has to be loaded says nothing for three minutes', false, 180_000],
  ])('goes on when %s, and closes its stream', async (_name, isLoaded, waitMs) => {
    const generator = createScriptedGenerator(() => null)
    const all = setUp(generator, { status: readyStatus(isLoaded) })
    const running = run(all)
    while (generator.openCount === 0) await new Promise((resolve) => setImmediate(resolve))
    all.clock.advance(waitMs - 1)
    await new Promise((resolve) => setImmediate(resolve))
    expect(generator.openCount).toBe(1)
    all.clock.advance(1)
    await running
    expect(generator.openCount).toBe(0)
    expect(texts(all.draft)).toEqual(['and in 2023?', rentQuestion])
    expect(all.clock.waiting).toBe(0)
  })

  it('ends with the signal when it is stopped, and closes its stream', async () => {
    const generator = createScriptedGenerator(() => null)
    const { stage, draft, clock } = setUp(generator)
    const stop = new AbortController()
    const running = Array.fromAsync(stage.run(draft, { signal: stop.signal, frontEnd: 'test' }))
    while (generator.openCount === 0) await new Promise((resolve) => setImmediate(resolve))
    stop.abort()
    await expect(running).rejects.toBe(stop.signal.reason)
    expect(generator.openCount).toBe(0)
    expect(clock.waiting).toBe(0)
  })

  it('asks no model without one, with quotations wanted, or for a very long question', async () => {
    const generator = createScriptedGenerator(() => 'no')
    for (const options of [
      { status: null },
      { request: { mode: 'quotes' as const } },
      { request: { question: 'long '.repeat(300) } },
    ]) {
      const all = setUp(generator, options)
      expect(lastDetail(await run(all))).toEqual({ previousQuestion: rentQuestion })
      expect(texts(all.draft)).toEqual([all.draft.request.question, rentQuestion])
    }
    expect(generator.requests).toEqual([])
  })

  it('asks for the server of a first question only where it must be translated', async () => {
    const generator = createScriptedGenerator(() => 'no')
    const all = setUp(generator, { turns: [] })
    expect(await run(all)).toEqual([])
    expect(texts(all.draft)).toEqual(['and in 2023?'])
    expect(all.statusCalls()).toBe(0)
  })

  it('takes as the subject before it what was asked, not "shorter"', async () => {
    const all = setUp(
      createScriptedGenerator(() => ''),
      {
        turns: [past('and then?', { condensedQuestion: rentQuestion }), past('shorter')],
      },
    )
    await run(all)
    expect(texts(all.draft)).toEqual(['and in 2023?', rentQuestion])
  })
})

describe('an edited chip', () => {
  it('is searched as given, without any model', async () => {
    const generator = createScriptedGenerator(() => 'no')
    const all = setUp(generator, { request: { condensedQuestion: 'the rent of 2023' } })
    expect(await run(all)).toEqual([
      { type: 'status', stage: 'condense', detail: { condensedQuestion: 'the rent of 2023' } },
    ])
    expect(all.draft.queries).toEqual([{ text: 'the rent of 2023', weight: 1 }])
    expect(generator.requests).toEqual([])
  })

  it('is translated where the library speaks another language', async () => {
    const generator = createScriptedGenerator(() => '2023年的租金')
    const all = setUp(generator, { request: { condensedQuestion: 'the rent of 2023' }, languages: chinese })
    expect(lastDetail(await run(all))).toEqual({
      condensedQuestion: 'the rent of 2023',
      translatedQuestion: '2023年的租金',
    })
    expect(texts(all.draft)).toEqual(['the rent of 2023', '2023年的租金'])
    expect(generator.requests).toHaveLength(1)
  })

  it('searches even when the words are those of a request to change the answer', async () => {
    const all = setUp(
      createScriptedGenerator(() => 'no'),
      {
        request: { question: 'as a table', condensedQuestion: 'table of rents' },
      },
    )
    await run(all)
    expect(all.draft.transformed).toBeNull()
    expect(texts(all.draft)).toEqual(['table of rents'])
  })
})

describe('languages that do not match', () => {
  it('searches a first question in translation too, at its full weight', async () => {
    const generator = createScriptedGenerator(() => 'How much notice must be given to end the lease early?')
    const question = '提前退租要提前多久通知？'
    const all = setUp(generator, { turns: [], request: { question } })
    expect(lastDetail(await run(all))).toEqual({
      translatedQuestion: 'How much notice must be given to end the lease early?',
    })
    expect(all.draft.queries.map(({ weight }) => weight)).toEqual([1, 1])
    expect(generator.requests[0]?.messages[0]?.content).toContain('documents in English')
  })

  it('translates the condensed question of a follow-up', async () => {
    const generator = createScriptedGenerator((_request, number) =>
      number === 0 ? rentIn2023 : '2023年的租金是多少？',
    )
    const all = setUp(generator, { languages: chinese })
    expect(lastDetail(await run(all))).toEqual({
      condensedQuestion: rentIn2023,
      translatedQuestion: '2023年的租金是多少？',
    })
    expect(generator.requests[1]?.messages[0]?.content).toContain(`Question: ${rentIn2023}`)
    expect(texts(all.draft)).toEqual(['and in 2023?', rentIn2023, '2023年的租金是多少？', rentQuestion])
  })

  it.each([
    ['without a model', null, ''],
    ['when the translation is none', readyStatus(), 'The notice is 180 days.'],
  ])('says what may be missed %s', async (_name, status, written) => {
    const all = setUp(
      createScriptedGenerator(() => written),
      {
        turns: [],
        request: { question: 'What notice?' },
        languages: chinese,
        status,
      },
    )
    expect(lastDetail(await run(all))).toEqual({ missingTranslation: 'zh' })
    expect(texts(all.draft)).toEqual(['What notice?'])
  })
})

describe('a request that only changes the previous answer', () => {
  it('takes over the answer and its sources, and searches nothing', async () => {
    const previous = past(rentQuestion)
    const generator = createScriptedGenerator(() => 'no')
    const all = setUp(generator, { turns: [previous], request: { question: '做成表格' } })
    expect(lastDetail(await run(all))).toEqual({ transformation: 'table' })
    expect(all.draft.transformed).toEqual({
      transformation: { kind: 'table' },
      answer: previous.answer,
      sources: previous.sources,
    })
    expect(generator.requests).toEqual([])
  })

  it('says plainly that it needs a model', async () => {
    const all = setUp(
      createScriptedGenerator(() => 'no'),
      { status: null, request: { question: 'shorter' } },
    )
    await expect(run(all)).rejects.toMatchObject({ code: 'model-needed', message: expect.stringMatching(/\. ?.+\.$/) })
  })

  it.each([
    ['on a first turn', []],
    ['after an answer that has no text', [past(rentQuestion, { answer: '', finishReason: 'error' })]],
  ])('is an ordinary question %s', async (_name, turns) => {
    const all = setUp(
      createScriptedGenerator(() => ''),
      { turns, request: { question: 'shorter' } },
    )
    await run(all)
    expect(all.draft.transformed).toBeNull()
    expect(texts(all.draft)[0]).toBe('shorter')
  })
})
