import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { createEvidenceReader } from '../../../../src/main/answer/answer-evidence.ts'
import { createCheckStage } from '../../../../src/main/answer/check-stage.ts'
import type { AnswerDraft } from '../../../../src/main/answer/draft.ts'
import { emptyDraft } from '../../../../src/main/answer/draft.ts'
import { createStreamAnswer } from '../../../../src/main/answer/stream-answer.ts'
import { createAnswers } from '../../../../src/main/answer/answers.ts'
import { createWriteStage } from '../../../../src/main/answer/write-stage.ts'
import type { AnswerEvent } from '../../../../src/shared/answer-stream.ts'
import { settingsSchema } from '../../../../src/shared/settings.ts'
import {
  createRecordedTurns,
  noBoxes,
  noCollections,
  noHistory,
  noMeaning,
  sampleRequest,
} from '../../../support/answer-fakes.ts'
import { readyModels } from '../../../support/fake-page-api.ts'
import { createManualClock } from '../../../support/manual-clock.ts'
import { createRecordingLog } from '../../../support/recording-log.ts'
import { samplePassage } from '../../../support/sample-passage.ts'

const passages = [
  samplePassage({ ordinal: 0, text: 'Pets are welcome in every room of the house.' }),
  samplePassage({
    ordinal: 1,
    text: 'Rent is due monthly. The tenant gives written notice of 60 days to the landlord.',
  }),
  samplePassage({ ordinal: 2, text: '承租人提前终止合同的，应当提前三十日书面通知出租人。' }),
]

/** The service with a model that writes these pieces. */
async function answer(pieces: readonly string[], openEvidence = noMeaning): Promise<readonly AnswerEvent[]> {
  const log = createRecordingLog()
  const clock = createManualClock()
  const settings = settingsSchema.parse({})
  const streamAnswer = createStreamAnswer({
    answers: createAnswers({ clock, log }),
    stages: [
      {
        name: 'retrieve',
        async *run(draft: AnswerDraft) {
          draft.passages = passages
          yield { type: 'passages', passages: [...passages] }
        },
      },
      createWriteStage({
        generator: {
          async *generate() {
            for (const text of pieces) yield { type: 'text', text }
            yield { type: 'end', finishReason: 'stop', promptTokens: null, answerTokens: null }
          },
        },
        models: { current: async () => readyModels, refresh: async () => readyModels, onChange: () => () => undefined },
        settings: { get: () => settings, set: () => settings },
        quotes: async function* () {
          yield { text: 'unused', passageId: null }
        },
        openEvidence,
        tokenRatios: { read: () => null, write: () => undefined },
      }),
      createCheckStage(),
    ],
    conversations: createRecordedTurns(),
    documents: noBoxes,
    collections: noCollections,
    clock,
    log,
    onTurn: () => undefined,
  })
  return Array.fromAsync(streamAnswer(sampleRequest(), { signal: new AbortController().signal, frontEnd: 'test' }))
}

function resultOf(events: readonly AnswerEvent[]) {
  const last = events.at(-1)
  if (last?.type !== 'stop') throw new Error(`the answer ended with ${last?.type ?? 'nothing'}`)
  return last.result
}

describe('citations in a written answer', () => {
  it('adds a mark where the model gave none and one passage clearly carries the sentence', async () => {
    const events = await answer([
      'The tenant gives written ',
      'notice of 60 days. ',
      'Pets [1] are welcome in every room.',
    ])
    const { answer: text, sources, check } = resultOf(events)
    expect(text).toBe('The tenant gives written notice of 60 days [1]. Pets [2] are welcome in every room.')
    expect(check.addedMarks).toEqual([text.indexOf('[1]')])
    expect(sources.map(({ id, isCited }) => [id, isCited])).toEqual([
      [passages[1]?.id, true],
      [passages[0]?.id, true],
      [passages[2]?.id, false],
    ])
    expect(events.filter((event) => event.type === 'token' && event.addedBy === 'carrel')).toEqual([
      { type: 'token', text: ' [1]', addedBy: 'carrel', citations: [{ number: 1, passageId: passages[1]?.id }] },
    ])
    expect(sources[0]?.claims).toMatchObject([
      { finding: 'matches', numbers: 1, carriedBy: [{ start: 121, end: 180 }] },
    ])
  })

  it('finds a changed number, a fact without a citation, and counts marks that name nothing', async () => {
    const {
      check,
      sources,
      answer: text,
    } = resultOf(await answer(['承租人应当提前六十日书面通知出租人[3]。The Eiffel Tower is 330 metres high [7].']))
    expect(sources[0]?.claims[0]).toMatchObject({
      finding: 'differs',
      differences: [{ kind: 'number', claimed: '六十日', found: '三十日' }],
    })
    expect(check.droppedMarks).toBe(1)
    expect(check.uncited.map(({ start, end }) => text.slice(start, end))).toEqual([
      'The Eiffel Tower is 330 metres high .',
    ])
  })

  it('says nothing against a sentence that a mark at the end of its paragraph covers', async () => {
    const { check } = resultOf(await answer(['Notice is 60 days. It is given in written form to the landlord [2].']))
    expect(check.uncited).toEqual([])
  })

  it('counts marks that name nothing also where no text follows them', async () => {
    for (const parts of [['][9][9]'], [']', '[9][9]'], [']', '[9]', '[9]']])
      expect(resultOf(await answer(parts)).check.droppedMarks).toBe(2)
  })

  const pieces = fc.array(
    fc.constantFrom(
      'The tenant gives written notice of 60 days',
      '承租人应当提前三十日书面通知出租人',
      'Pets are welcome in every room of the house',
      '. ',
      '。',
      '\n',
      '\n\n- ',
      ' [1]',
      '[2]',
      '【3】',
      '[1, 3]',
      '[2-3]',
      '［１］',
      '[^2]',
      '[9]',
      '[',
      ']',
      '| a |',
      '```\n',
      '# ',
    ),
    { maxLength: 24 },
  )
  test.prop([pieces, fc.array(fc.nat({ max: 500 }), { maxLength: 10 })], { numRuns: 200 })(
    'text, announced numbers and sources agree, however the model cites and its text is cut',
    async (parts, cuts) => {
      const whole = parts.join('')
      const borders = [0, ...cuts.map((cut) => Math.min(cut, whole.length)).toSorted((a, b) => a - b), whole.length]
      const events = await answer(borders.slice(1).map((end, index) => whole.slice(borders[index], end)))
      const { answer: text, sources, check } = resultOf(events)
      expect(events.map((event) => (event.type === 'token' ? event.text : '')).join('')).toBe(text)
      const announced = events.flatMap((event) => (event.type === 'token' ? (event.citations ?? []) : []))
      const cited = sources.filter(({ isCited }) => isCited)
      expect(announced).toEqual(cited.map(({ number, id }) => ({ number, passageId: id })))
      expect(sources.map(({ number }) => number)).toEqual(sources.map((_, index) => index + 1))
      const numbers = [...text.matchAll(/\[([1-9]\d{0,2})\]/g)].map(([, digits]) => Number(digits))
      expect([...new Set(numbers)]).toEqual(cited.map(({ number }) => number))
      for (const offset of check.addedMarks) expect(text.slice(offset)).toMatch(/^\[[1-3]\]/)
      for (const { start, end } of [...check.uncited, ...sources.flatMap(({ claims }) => claims)])
        expect(text.slice(start, end).trim()).toBe(text.slice(start, end))
      expect(resultOf(await answer([whole]))).toMatchObject({ answer: text, check })
    },
  )

  it('goes on by words alone where nothing can be embedded, and the log says so once', async () => {
    const log = createRecordingLog()
    const broken = createEvidenceReader({
      embedder: {
        processCount: 1,
        yieldToAnswers: () => undefined,
        embed: () => Promise.reject(new Error('worker gone')),
      },
      log,
    })
    const { answer: text } = resultOf(await answer(['The tenant gives written notice of 60 days.'], broken))
    expect(text).toBe('The tenant gives written notice of 60 days [1].')
    expect(log.lines).toHaveLength(1)
  })
})

describe('the check ends with the answer', () => {
  it('hands the signal to the embedder, and ends with its reason', async () => {
    const controller = new AbortController()
    const seen: AbortSignal[] = []
    const reached = Promise.withResolvers<void>()
    const open = createEvidenceReader({
      embedder: {
        processCount: 1,
        yieldToAnswers: () => undefined,
        embed: (_texts, { signal }) => {
          seen.push(signal)
          reached.resolve()
          return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
        },
      },
      log: createRecordingLog(),
    })
    const draft = emptyDraft(sampleRequest(), noHistory)
    draft.answer = 'The tenant gives written notice of 60 days [1].'
    draft.citedPassageIds = passages.map(({ id }) => id)
    draft.evidence = open(passages, { signal: controller.signal })
    const running = Array.fromAsync(createCheckStage().run(draft, { signal: controller.signal, frontEnd: 'test' }))
    await reached.promise
    controller.abort()
    await expect(running).rejects.toBe(controller.signal.reason)
    expect(seen).toEqual([controller.signal])
    expect(draft.claims).toEqual([])
  })
})
