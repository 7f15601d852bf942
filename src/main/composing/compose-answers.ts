import { createEvidenceReader } from '../answer/answer-evidence.ts'
import { createCheckStage } from '../answer/check-stage.ts'
import { createCondenseStage } from '../answer/condense-stage.ts'
import { createCondenser } from '../answer/condenser.ts'
import { createFairGenerator, createTurns } from '../answer/fair-generator.ts'
import { createModelWarmUp } from '../answer/model-warm-up.ts'
import { createStreamAnswer } from '../answer/stream-answer.ts'
import { createSummariseStage, forQuestions } from '../answer/summarise-stage.ts'
import { createSummariser } from '../answer/summariser.ts'
import { createWriteStage } from '../answer/write-stage.ts'
import type { ImportParts } from './compose-import.ts'
import type { ModelParts } from './compose-models.ts'
import type { SearchParts } from './compose-search.ts'
import type { Foundation } from './foundation.ts'

/** A server on this computer seldom writes two answers faster than one after the other; one slow reader must not hold all. */
const completionsAtOnce = 2

/** Answering: the stages of a turn, the memory of a conversation, and the model that is kept warm for both. */
export function composeAnswers(
  foundation: Foundation,
  { embedder }: ImportParts,
  { server, models, refreshModels }: ModelParts,
  { retrieve, quotes }: SearchParts,
) {
  const { options, storage, conversations, clock, log, push, quitting, answers, stack } = foundation
  const { desktop } = options
  const { documents, collections, settings } = storage
  const condenser = createCondenser({ generator: server, clock, log })
  const turns = createTurns(completionsAtOnce)
  const generator = createFairGenerator(server, turns)
  const summariser = stack.use(
    createSummariser({ generator: server, conversations, tokenRatios: storage.tokenRatios, log }),
  )
  const openEvidence = createEvidenceReader({ embedder, log })
  const streamAnswer = createStreamAnswer({
    answers,
    stages: [
      createSummariseStage({
        documents,
        generator,
        models,
        settings,
        openEvidence,
        log,
      }),
      ...[
        createCondenseStage({ condenser, models, documents, settings, retrieve }),
        retrieve,
        createWriteStage({
          generator,
          models,
          settings,
          quotes,
          openEvidence,
          tokenRatios: storage.tokenRatios,
        }),
      ].map(forQuestions),
      createCheckStage(),
    ],
    conversations,
    collections,
    documents,
    clock,
    log,
    onTurn({ conversationId }, result) {
      const context = result?.usage.context
      if (options.isResident && result?.model != null && context != null && result.finishReason !== 'aborted')
        summariser.answered(conversationId, { model: result.model, contextTokens: context.limitTokens })
      const summary = conversations.summary(conversationId)
      if (summary !== null) push({ type: 'conversations', changed: [summary], removed: [] })
    },
  })
  const warmModel = stack.use(
    createModelWarmUp({
      care: server,
      models,
      settings,
      isOnBattery: () => desktop.isOnBattery(),
      isAnswering: () => answers.count > 0,
      clock,
      log,
    }),
  )
  answers.onCount((count) => {
    embedder.yieldToAnswers(count > 0)
    summariser.setAnswering(count > 0)
    // What is loaded has changed, and perhaps whether it fits.
    if (count === 0 && options.isResident && !quitting.aborted) refreshModels()
  })
  return { streamAnswer, summariser, turns, warmModel }
}
