import type { AnswerDelta } from '../../shared/answer-stream.ts'
import { AppError, serializeError } from '../../shared/errors.ts'
import { canAskModel } from '../../shared/model-server.ts'
import type { ChatMessage, Generator, SettingsStore, TokenRatioStore } from '../interfaces.ts'
import { askedContextTokens } from './asked-context.ts'
import { createCitationMarks } from './citation-marks.ts'
import type { AnswerDraft, AnswerStage } from './draft.ts'
import { type TokenWeights, unknownModel, weighTokens } from './estimate-tokens.ts'
import type { ModelWatch } from './model-watch.ts'
import { buildPrompt } from './prompt.ts'
import type { QuoteWriter } from './quotes.ts'
import { messageTokens } from './remembered-messages.ts'
import { learnRatios } from './token-ratios.ts'

/**
 * Writes the answer: by the model when there is one, else as quotations, and says which. A model that was asked for by
 * name is never replaced in silence: its absence is an error.
 */
export function createWriteStage(parts: {
  readonly generator: Generator
  readonly models: ModelWatch
  readonly settings: SettingsStore
  readonly quotes: QuoteWriter
  readonly tokenRatios: TokenRatioStore
}): AnswerStage {
  const { generator, models, settings, quotes, tokenRatios } = parts

  return {
    name: 'generate',
    async *run(draft, { signal }) {
      if (draft.request.mode === 'quotes') {
        draft.mode = 'quotes'
        yield { type: 'status', stage: 'generate', detail: { mode: 'quotes' } }
        yield* writeQuotes(draft, quotes, signal)
        return
      }
      const status = await models.current({ signal })
      const { model: asked } = draft.request
      // A name that was asked for goes to the server as it is: a model that is missing or not local is refused there, by name.
      const model = asked ?? (canAskModel(status) ? status.chosenModel : null)
      if (model === null || (draft.passages.length === 0 && asked === null)) {
        draft.mode = 'quotes'
        const reason =
          model === null
            ? (status.problem ??
              serializeError(
                new AppError(
                  'ollama-unreachable',
                  'No model server answers on this computer. Start Ollama, or read the quotations.',
                ),
              ))
            : undefined
        yield {
          type: 'status',
          stage: 'generate',
          detail: { mode: 'quotes', ...(reason === undefined ? {} : { reason }) },
        }
        yield* writeQuotes(draft, quotes, signal)
        return
      }
      const contextTokens = askedContextTokens(settings.get(), status, model)
      yield* writeWithModel(draft, { model, contextTokens, generator, tokenRatios, signal })
    },
  }
}

async function* writeWithModel(
  draft: AnswerDraft,
  options: {
    readonly model: string
    readonly contextTokens: number
    readonly generator: Generator
    readonly tokenRatios: TokenRatioStore
    readonly signal: AbortSignal
  },
): AsyncIterable<AnswerDelta> {
  const { model, contextTokens, generator, tokenRatios, signal } = options
  draft.model = model
  draft.mode = 'generated'
  const ratios = tokenRatios.read(model) ?? unknownModel
  const prompt = buildPrompt(
    { question: draft.query, passages: draft.passages, history: draft.history },
    { contextTokens, ratios },
  )
  draft.context = prompt.context
  draft.leftOutPassageIds = prompt.leftOut.map(({ id }) => id)
  const marks = createCitationMarks(prompt.given.map(({ id }) => id))
  const piece = (final: ReturnType<typeof marks.push>): readonly AnswerDelta[] => {
    draft.citedPassageIds = [...marks.cited]
    if (final.text === '') return []
    return [
      { type: 'token', text: final.text, ...(final.citations.length === 0 ? {} : { citations: [...final.citations] }) },
    ]
  }
  yield { type: 'status', stage: 'load', detail: { model } }
  let isWriting = false
  try {
    // Prompt and answer share the context: beyond it the server would drop the beginning of the prompt unseen.
    const maxAnswerTokens = contextTokens - prompt.context.estimatedPromptTokens
    const request = { model, messages: prompt.messages, contextTokens, maxAnswerTokens }
    for await (const event of generator.generate(request, { signal })) {
      if (event.type === 'accepted') continue
      if (!isWriting && event.type !== 'end') {
        isWriting = true
        yield { type: 'status', stage: 'generate', detail: { model, mode: 'generated' } }
      }
      if (event.type === 'text') yield* piece(marks.push(event.text))
      else if (event.type === 'reasoning') yield { type: 'reasoning', text: event.text }
      else {
        yield* piece(marks.flush())
        draft.finishReason = event.finishReason
        draft.promptTokens = event.promptTokens
        draft.answerTokens = event.answerTokens
        if (event.promptTokens !== null) {
          const counted = event.promptTokens - prompt.messages.length * messageTokens
          const learnt = learnRatios(ratios, weightsOf(prompt.messages), counted)
          if (learnt !== ratios) tokenRatios.write(model, learnt)
        }
      }
    }
  } catch (error) {
    // Stopped or broken off: a mark that waited for its next character is still part of the answer.
    yield* piece(marks.flush())
    throw error
  }
}

function weightsOf(messages: readonly ChatMessage[]): TokenWeights {
  const weights = messages.map(({ content }) => weighTokens(content))
  return {
    narrow: weights.reduce((sum, { narrow }) => sum + narrow, 0),
    wide: weights.reduce((sum, { wide }) => sum + wide, 0),
  }
}

async function* writeQuotes(draft: AnswerDraft, quotes: QuoteWriter, signal: AbortSignal): AsyncIterable<AnswerDelta> {
  const marks = createCitationMarks(draft.passages.map(({ id }) => id))
  for await (const piece of quotes(draft.query, draft.passages, { signal })) {
    // Quoted words never go through the search for marks: a document may hold "[1]" itself.
    yield { type: 'token', text: piece.text }
    if (piece.passageId === null) continue
    const mark = marks.cite(piece.passageId)
    draft.citedPassageIds = [...marks.cited]
    yield { type: 'token', text: ` ${mark.text}\n\n`, citations: [...mark.citations] }
  }
}
