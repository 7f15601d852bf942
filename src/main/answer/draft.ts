import type { AnswerDelta } from '../../shared/answer-stream.ts'
import type { NamedScope } from '../../shared/collection.ts'
import type { Claim } from '../../shared/citation-check.ts'
import type { AnswerMode, ContextUsage, FinishReason } from '../../shared/conversation.ts'
import type { SerializedAppError } from '../../shared/errors.ts'
import type { ChunkId } from '../../shared/ids.ts'
import type { AskRequest } from '../../shared/ipc.ts'
import type { Passage } from '../../shared/passage.ts'
import type { SearchTrace } from '../../shared/search-trace.ts'
import type { RememberedConversation } from '../ports/conversation-store.ts'
import type { AnswerEvidence } from './answer-evidence.ts'
import { type SearchQuery, searchQueries } from './search-queries.ts'
import type { TransformedAnswer } from './transformation-prompt.ts'

/** A claim as the stages know it: beside which passage; its boxes are looked up when the sources are frozen. */
export interface UnplacedClaim {
  readonly passageId: ChunkId
  readonly claim: Omit<Claim, 'boxes'>
}

/** What the stages hand on to each other while one answer comes to be. */
export interface AnswerDraft {
  readonly request: AskRequest
  /** What is searched; null: everything. */
  readonly scope: NamedScope | null
  /** What came before this question, finished turns only; the turn that is being asked again is not among them. */
  readonly history: RememberedConversation
  /** What is searched for: the reader's own words first. */
  queries: readonly SearchQuery[]
  /** The follow-up as it stands alone, by a model or by the reader's own hand. */
  condensedQuestion: string | null
  translatedQuestion: string | null
  /** Set: the previous answer gets another form, and nothing is searched. */
  transformed: TransformedAnswer | null
  passages: readonly Passage[]
  /** How they were found; null where nothing is searched. */
  search: SearchTrace | null
  /** Why the search went by keywords alone; null: it did not. */
  keywordsOnly: SerializedAppError | null
  mode: AnswerMode
  model: string | null
  /** In order of appearance: the first is source 1. */
  citedPassageIds: readonly ChunkId[]
  /** As it was given out so far: the service keeps it from the deltas. */
  answer: string
  /** The passages as the citation check reads them; null where no model writes. */
  evidence: AnswerEvidence | null
  claims: readonly UnplacedClaim[]
  /** Where words of Carrel's own begin that end the answer and claim nothing of the documents; null: there are none. UTF-16 units. */
  ownWordsFrom: number | null
  /** See `CitationCheck`. */
  addedMarks: readonly number[]
  uncited: readonly { readonly start: number; readonly end: number }[]
  droppedMarks: number
  finishReason: Extract<FinishReason, 'stop' | 'length'>
  promptTokens: number | null
  answerTokens: number | null
  leftOutPassageIds: readonly ChunkId[]
  context: ContextUsage | null
}

/**
 * One stage of the pipeline: one file, and one line in compose. It reads and completes the draft and yields deltas.
 * @throws AppError to end the answer as failed; on abort, the signal's reason.
 */
export interface AnswerStage {
  /** Names its time in the result's `usage.stageMs`. */
  readonly name: string
  run(
    draft: AnswerDraft,
    /** `frontEnd`: who asked. */
    options: { readonly signal: AbortSignal; readonly frontEnd: string },
  ): AsyncIterable<AnswerDelta>
}

export function emptyDraft(
  request: AskRequest,
  history: RememberedConversation,
  scope: NamedScope | null = null,
): AnswerDraft {
  return {
    request,
    scope,
    history,
    queries: searchQueries({
      question: request.question,
      previousQuestion: null,
      condensedQuestion: null,
      translatedQuestion: null,
    }),
    condensedQuestion: null,
    translatedQuestion: null,
    transformed: null,
    passages: [],
    search: null,
    keywordsOnly: null,
    mode: request.mode === 'quotes' ? 'quotes' : 'generated',
    model: null,
    citedPassageIds: [],
    answer: '',
    evidence: null,
    claims: [],
    ownWordsFrom: null,
    addedMarks: [],
    uncited: [],
    droppedMarks: 0,
    finishReason: 'stop',
    promptTokens: null,
    answerTokens: null,
    leftOutPassageIds: [],
    context: null,
  }
}
