import { describe, expect, test, vi } from 'vitest'
import { createConversationMemory } from '../../src/main/answer/conversation-memory.ts'
import { emptyDraft } from '../../src/main/answer/draft.ts'
import { createSummariser } from '../../src/main/answer/summariser.ts'
import { createWriteStage } from '../../src/main/answer/write-stage.ts'
import { createOllama } from '../../src/main/generators/ollama.ts'
import type { GenerateRequest, Generator } from '../../src/main/ports/generator.ts'
import { systemClock } from '../../src/main/system-clock.ts'
import { emptyCitationCheck } from '../../src/shared/citation-check.ts'
import { conversationIdSchema } from '../../src/shared/ids.ts'
import { settingsSchema } from '../../src/shared/settings.ts'
import { noMeaning, sampleRequest } from '../support/answer-fakes.ts'
import { readyModels } from '../support/fake-page-api.ts'
import { createRecordingLog } from '../support/recording-log.ts'
import { samplePassage } from '../support/sample-passage.ts'
import { openTestStorage, temporaryFolder } from '../integration/storage/storage-fixture.ts'

const { CARREL_TEST_OLLAMA: url, CARREL_TEST_OLLAMA_MODEL: model = 'smollm2:135m' } = process.env

const turns = 14

/** Answers need not be long here: only what was read is looked at. */
function shortAnswers(generator: Generator, maxAnswerTokens: number, sent: GenerateRequest[]): Generator {
  return {
    generate(request, options) {
      sent.push(request)
      return generator.generate({ ...request, maxAnswerTokens }, options)
    },
  }
}

describe.skipIf(url === undefined || url === '')('a conversation, with a real Ollama (CARREL_TEST_OLLAMA)', () => {
  const ollama = createOllama({ ollamaHost: url, clock: systemClock, log: createRecordingLog() })

  test('a long conversation stays within a context of 2,048', { timeout: 1_200_000 }, async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const conversations = createConversationMemory(storage.conversations, { capacity: 4 })
    const sent: GenerateRequest[] = []
    const generator = shortAnswers(ollama, 8, sent)
    const { tokenRatios } = storage
    const log = createRecordingLog()
    await using summariser = createSummariser({ generator, conversations, tokenRatios, log })
    const settings = settingsSchema.parse({ contextTokens: 2048 })
    const status = { ...readyModels, chosenModel: model, models: [] }
    const stage = createWriteStage({
      generator,
      models: { current: async () => status, refresh: async () => status, onChange: () => () => undefined },
      settings: { get: () => settings, set: () => settings },
      quotes: () => {
        throw new Error('a model was there')
      },
      openEvidence: noMeaning,
      tokenRatios,
    })
    const conversationId = conversationIdSchema.parse(crypto.randomUUID())
    for (let turn = 0; turn < turns; turn += 1) {
      const question =
        turn % 3 === 0
          ? `第${turn}条规定的租金是多少，何时支付？`
          : `What does clause ${turn} say about notice and rent?`
      const { answerId } = conversations.beginTurn({ conversationId, question })
      const draft = emptyDraft(sampleRequest({ conversationId, question }), conversations.remember(conversationId))
      draft.passages = [0, 1, 2].map((ordinal) =>
        samplePassage({
          ordinal,
          text: `Clause ${turn}.${ordinal}. The tenant gives ${turn + 30} days of notice. 租金每月${turn}00元。`.repeat(
            4,
          ),
        }),
      )
      const text = (await Array.fromAsync(stage.run(draft, { signal: new AbortController().signal, frontEnd: 'test' })))
        .map((delta) => (delta.type === 'token' ? delta.text : ''))
        .join('')
      const { context, promptTokens } = draft
      if (context === null || promptTokens === null) throw new Error('the server did not count')
      expect(promptTokens).toBeLessThanOrEqual(context.estimatedPromptTokens)
      expect(context.estimatedPromptTokens + context.reserveTokens).toBeLessThanOrEqual(2048)
      expect(draft.leftOutPassageIds.length).toBeLessThan(3)
      const kept = (sent.at(-1)?.messages ?? []).filter(({ role }) => role === 'assistant').length
      const answered = draft.history.turns.filter(({ answer }) => answer.trim() !== '').length
      const known = answered + draft.history.summarisedTurns + draft.history.olderTurns
      expect(kept + context.summarisedTurns + context.droppedTurns).toBe(known)
      // A tiny model may say nothing at all; the turn then counts as one without an answer.
      conversations.finishTurn(answerId, {
        condensedQuestion: null,
        translatedQuestion: null,
        answer: text,
        reasoning: '',
        mode: 'generated',
        model,
        finishReason: 'stop',
        error: null,
        sources: [],
        check: emptyCitationCheck,
        usage: { promptTokens, answerTokens: draft.answerTokens, stageMs: {}, leftOutPassageIds: [], context },
      })
      summariser.answered(conversationId, { model, contextTokens: 2048 })
      await vi.waitFor(() => expect(summariser.isRunning).toBe(false), { timeout: 120_000, interval: 20 })
    }
    const remembered = conversations.remember(conversationId)
    expect(remembered).toEqual(storage.conversations.remember(conversationId))
    expect(remembered.summary).not.toBeNull()
    expect(remembered.summarisedTurns + remembered.turns.length).toBe(turns)
  })
})
