import type { AnswerDelta } from '../../shared/answer-stream.ts'
import type { Passage } from '../../shared/passage.ts'
import type { SearchTrace } from '../../shared/search-trace.ts'
import type { ChatMessage, Generator } from '../ports/generator.ts'
import type { SettingsStore } from '../ports/settings-store.ts'
import type { TokenRatios, TokenRatioStore } from '../ports/token-ratio-store.ts'
import { askedQuestion } from './asked-question.ts'
import type { OpenEvidence } from './answer-evidence.ts'
import { chooseModel } from './choose-model.ts'
import { type CitationMarks, createCitationMarks } from './citation-marks.ts'
import { createCitedText } from './cited-text.ts'
import type { AnswerDraft, AnswerStage, UnplacedClaim } from './draft.ts'
import { type TokenWeights, unknownModel, weighTokens } from './estimate-tokens.ts'
import type { ModelWatch } from './model-watch.ts'
import { type BuiltPrompt, buildPrompt } from './prompt.ts'
import type { QuoteWriter } from './quotes.ts'
import { isRefused, refusalText } from './refusal.ts'
import { messageTokens } from './remembered-messages.ts'
import { learnRatios } from './token-ratios.ts'
import { buildTransformationPrompt } from './transformation-prompt.ts'

/**
 * Writes the answer: by the model when there is one, else as quotations, and says which. A model that was asked for by
 * name is never replaced in silence: its absence is an error.
 */
export function createWriteStage(parts: {
  readonly generator: Generator
  readonly models: ModelWatch
  readonly settings: SettingsStore
  readonly quotes: QuoteWriter
  readonly openEvidence: OpenEvidence
  readonly tokenRatios: TokenRatioStore
}): AnswerStage {
  const { generator, models, settings, quotes, openEvidence, tokenRatios } = parts

  return {
    name: 'generate',
    async *run(draft, { signal, frontEnd }) {
      if (draft.request.mode === 'quotes' && draft.transformed === null) {
        if (draft.search !== null && isRefused(draft.search, false)) return yield* refuse(draft, draft.search)
        draft.mode = 'quotes'
        yield { type: 'status', stage: 'generate', detail: { mode: 'quotes' } }
        yield* writeQuotes(draft, quotes, signal)
        return
      }
      const status = await models.current({ signal })
      const { model: asked } = draft.request
      const chosen = chooseModel(status, { model: asked, settings: settings.get() })
      const { search, transformed } = draft
      if (search !== null && transformed === null) {
        if (isRefused(search, !('reason' in chosen))) return yield* refuse(draft, search)
        if (!search.isClose && search.basis === 'general') {
          // Far passages would only mislead; what the model knows has no source.
          draft.passages = []
          yield { type: 'passages', passages: [] }
        }
      }
      const isGeneral = draft.request.basis === 'general'
      const hasNothingToSay = draft.passages.length === 0 && asked === null && transformed === null && !isGeneral
      if ('reason' in chosen || hasNothingToSay) {
        draft.mode = 'quotes'
        yield {
          type: 'status',
          stage: 'generate',
          detail: { mode: 'quotes', ...('reason' in chosen ? { reason: chosen.reason } : {}) },
        }
        yield* writeQuotes(draft, quotes, signal)
        return
      }
      const { model, contextTokens } = chosen
      yield* writeWithModel(draft, { model, contextTokens, generator, openEvidence, tokenRatios, signal, frontEnd })
    },
  }
}

/** Nothing is close enough: that is said, with the nearest passages as what was also read. */
async function* refuse(draft: AnswerDraft, { documentCount }: SearchTrace): AsyncIterable<AnswerDelta> {
  draft.mode = 'refused'
  yield { type: 'status', stage: 'generate', detail: { mode: 'refused' } }
  yield { type: 'token', text: refusalText(draft.request.question, documentCount) }
}

async function* writeWithModel(
  draft: AnswerDraft,
  options: {
    readonly model: string
    readonly contextTokens: number
    readonly generator: Generator
    readonly openEvidence: OpenEvidence
    readonly tokenRatios: TokenRatioStore
    readonly signal: AbortSignal
    readonly frontEnd: string
  },
): AsyncIterable<AnswerDelta> {
  const { model, contextTokens, generator, openEvidence, tokenRatios, signal, frontEnd } = options
  draft.model = model
  draft.mode = 'generated'
  const ratios = tokenRatios.read(model) ?? unknownModel
  const { prompt, marks, passages } = promptOf(draft, { contextTokens, ratios })
  draft.context = prompt.context
  draft.leftOutPassageIds = prompt.leftOut.map(({ id }) => id)
  // Its sentences are embedded while the model loads and reads the prompt.
  const evidence = openEvidence(passages, { signal })
  draft.evidence = evidence
  const cited = createCitedText({
    marks,
    evidence,
    onAdded: (offset) => (draft.addedMarks = [...draft.addedMarks, offset]),
  })
  const give = async function* (deltas: AsyncIterable<AnswerDelta>): AsyncIterable<AnswerDelta> {
    for await (const delta of deltas) {
      draft.citedPassageIds = [...marks.cited]
      draft.droppedMarks = marks.droppedCount
      yield delta
    }
    // A mark that names nothing leaves no text behind, and so no delta.
    draft.droppedMarks = marks.droppedCount
  }
  yield { type: 'status', stage: 'load', detail: { model } }
  let isWriting = false
  try {
    // Prompt and answer share the context: beyond it the server would drop the beginning of the prompt unseen.
    const maxAnswerTokens = contextTokens - prompt.context.estimatedPromptTokens
    const request = { model, messages: prompt.messages, contextTokens, maxAnswerTokens }
    for await (const event of generator.generate(request, { signal, client: frontEnd })) {
      if (event.type === 'accepted') continue
      if (!isWriting && event.type !== 'end') {
        isWriting = true
        yield { type: 'status', stage: 'generate', detail: { model, mode: 'generated' } }
      }
      if (event.type === 'text') yield* give(cited.push(event.text))
      else if (event.type === 'reasoning') yield { type: 'reasoning', text: event.text }
      else {
        yield* give(cited.flush())
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
    yield* give(cited.flush({ isBroken: true }))
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

/** What the model is given, how the marks in its answer are read, and what they can name, in the model's order. */
function promptOf(
  draft: AnswerDraft,
  limits: { readonly contextTokens: number; readonly ratios: TokenRatios },
): {
  readonly prompt: Omit<BuiltPrompt, 'given'>
  readonly marks: CitationMarks
  readonly passages: readonly Passage[]
} {
  if (draft.transformed !== null) {
    const { sources } = draft.transformed
    const prompt = buildTransformationPrompt(draft.transformed, limits)
    const ids = sources.map(({ id }) => id)
    return { prompt, marks: createCitationMarks(ids, { keepsNumbers: true }), passages: sources }
  }
  const prompt = buildPrompt(
    {
      question: askedQuestion(draft),
      passages: draft.passages,
      history: draft.history,
      isGeneral: draft.request.basis === 'general',
    },
    limits,
  )
  return { prompt, marks: createCitationMarks(prompt.given.map(({ id }) => id)), passages: prompt.given }
}

async function* writeQuotes(draft: AnswerDraft, quotes: QuoteWriter, signal: AbortSignal): AsyncIterable<AnswerDelta> {
  const marks = createCitationMarks(draft.passages.map(({ id }) => id))
  const claims: UnplacedClaim[] = []
  let length = 0
  const isOverview = draft.search !== null && draft.search.overview !== null
  const question = draft.condensedQuestion ?? draft.request.question
  for await (const piece of quotes(question, draft.passages, { signal, isOverview })) {
    // Quoted words never go through the search for marks: a document may hold "[1]" itself.
    yield { type: 'token', text: piece.text }
    const start = length
    length += piece.text.length
    if (piece.passageId === null) continue
    const mark = marks.cite(piece.passageId)
    draft.citedPassageIds = [...marks.cited]
    const text = ` ${mark.text}`
    const found = { finding: 'quoted' as const, differences: [], numbers: 0, names: 0, carriedBy: [piece.place] }
    claims.push({ passageId: piece.passageId, claim: { ...found, start, end: length + text.length } })
    draft.claims = [...claims]
    length += text.length + 2
    yield { type: 'token', text: `${text}\n\n`, citations: [...mark.citations] }
  }
}
