import type { StreamEvent } from '../../../shared/answer-stream.ts'
import {
  advanceStream,
  initialStreamState,
  type AnswerStageName,
  type StageDetail,
  type StreamState,
} from '../../../shared/answer-stream.ts'
import { assertNever } from '../../../shared/assert-never.ts'
import type { AnswerMode, FinishReason, Turn, Usage } from '../../../shared/conversation.ts'
import type { SerializedAppError } from '../../../shared/errors.ts'
import type { ChunkId } from '../../../shared/ids.ts'
import type { Passage, Source } from '../../../shared/passage.ts'
import { markAddedCitations, markChecked, withoutPretendedMarks } from './citation-marks.ts'

/** A stage that began, with what is known of it; the last one runs while the answer streams. */
export interface StageView {
  readonly stage: AnswerStageName
  readonly detail: StageDetail
}

/** `stopped`: ended by a person (or cut off); its text and sources stay. */
export type AnswerState = 'streaming' | 'complete' | 'stopped' | 'failed'

/**
 * All that the page shows of one answer, whether it streams or was stored. `text` is Markdown with citation marks that carry what is
 * known of them in private signs (see citation-marks.ts). Times are milliseconds of the page's own clock.
 */
export interface AnswerView {
  readonly stream: StreamState
  readonly state: AnswerState
  readonly stages: readonly StageView[]
  readonly condensedQuestion: string | null
  readonly translatedQuestion: string | null
  /** Searched too, since the question only continues it. */
  readonly previousQuestion: string | null
  readonly missingTranslation: NonNullable<StageDetail['missingTranslation']> | null
  readonly transformation: NonNullable<StageDetail['transformation']> | null
  /** Why the search went by keywords alone. */
  readonly keywordsOnly: SerializedAppError | null
  /** What the search came to; null until it is known, and where nothing was searched. */
  readonly search: NonNullable<StageDetail['search']> | null
  readonly passages: readonly Passage[]
  readonly citations: ReadonlyMap<number, ChunkId>
  readonly sources: readonly Source[] | null
  readonly text: string
  readonly reasoning: string
  readonly mode: AnswerMode | null
  readonly model: string | null
  /** Why there are only quotations. */
  readonly reason: SerializedAppError | null
  readonly finishReason: FinishReason | null
  readonly usage: Usage | null
  readonly error: SerializedAppError | null
  readonly firstTextAt: number | null
  readonly lastTextAt: number | null
}

/** The view at the moment a question was asked. */
export const emptyAnswerView: AnswerView = {
  stream: initialStreamState,
  state: 'streaming',
  stages: [],
  condensedQuestion: null,
  translatedQuestion: null,
  previousQuestion: null,
  missingTranslation: null,
  transformation: null,
  keywordsOnly: null,
  search: null,
  passages: [],
  citations: new Map(),
  sources: null,
  text: '',
  reasoning: '',
  mode: null,
  model: null,
  reason: null,
  finishReason: null,
  usage: null,
  error: null,
  firstTextAt: null,
  lastTextAt: null,
}

/**
 * The view after one event. Pure. @throws Error when the event breaks the stream's grammar (then the bridge is broken, and
 * the caller shows a failed answer). `atMs`: when the event arrived.
 */
export function reduceAnswer(view: AnswerView, event: StreamEvent, atMs: number): AnswerView {
  const next: AnswerView = { ...view, stream: advanceStream(view.stream, event) }
  switch (event.type) {
    case 'status':
      return {
        ...next,
        stages: withStage(view.stages, { stage: event.stage, detail: event.detail }),
        condensedQuestion: event.detail.condensedQuestion ?? view.condensedQuestion,
        translatedQuestion: event.detail.translatedQuestion ?? view.translatedQuestion,
        previousQuestion: event.detail.previousQuestion ?? view.previousQuestion,
        missingTranslation: event.detail.missingTranslation ?? view.missingTranslation,
        transformation: event.detail.transformation ?? view.transformation,
        keywordsOnly: event.detail.keywordsOnly ?? view.keywordsOnly,
        search: event.detail.search ?? view.search,
        mode: event.detail.mode ?? view.mode,
        model: event.detail.model ?? view.model,
        reason: event.detail.reason ?? view.reason,
      }
    case 'passages':
      return { ...next, passages: event.passages }
    case 'token': {
      const text = withoutPretendedMarks(event.text)
      return {
        ...next,
        text: view.text + (event.addedBy === 'carrel' ? markAddedCitations(text) : text),
        citations: withCitations(view.citations, event.citations ?? []),
        firstTextAt: view.firstTextAt ?? atMs,
        lastTextAt: atMs,
      }
    }
    case 'reasoning':
      return {
        ...next,
        reasoning: view.reasoning + event.text,
        firstTextAt: view.firstTextAt ?? atMs,
        lastTextAt: atMs,
      }
    case 'sources':
      return { ...next, sources: event.sources, text: markChecked(view.text, event.sources, event.check) }
    case 'done':
      return {
        ...next,
        state: event.finishReason === 'aborted' ? 'stopped' : 'complete',
        mode: event.mode,
        model: event.model,
        finishReason: event.finishReason,
        usage: event.usage,
      }
    case 'error':
      return { ...next, state: 'failed', finishReason: 'error', error: event.error }
    default:
      return assertNever(event)
  }
}

/** A failure outside the stream (the bridge broke): what was shown stays, the answer ends as failed. */
export function failAnswer(view: AnswerView, error: SerializedAppError): AnswerView {
  return { ...view, stream: { ...view.stream, phase: 'ended' }, state: 'failed', finishReason: 'error', error }
}

/** The view of a stored turn. One without an ending that nobody writes any more was cut off: it shows as stopped. */
export function answerViewFromTurn(turn: Turn): AnswerView {
  const state: AnswerState =
    turn.finishReason === 'error'
      ? 'failed'
      : turn.finishReason === 'stop' || turn.finishReason === 'length'
        ? 'complete'
        : 'stopped'
  return {
    ...emptyAnswerView,
    stream: { phase: 'ended', nextSequence: 0 },
    state,
    condensedQuestion: turn.condensedQuestion,
    translatedQuestion: turn.translatedQuestion,
    keywordsOnly: turn.usage?.keywordsOnly ?? null,
    search: turn.usage?.search ?? null,
    sources: turn.sources,
    text: markChecked(withoutPretendedMarks(turn.answer), turn.sources, turn.check),
    reasoning: turn.reasoning,
    mode: turn.mode,
    model: turn.model,
    finishReason: turn.finishReason,
    usage: turn.usage,
    error: turn.error,
  }
}

/** A stage told again (with more detail) replaces its first telling; the order stays that of the first. */
function withStage(stages: readonly StageView[], stage: StageView): readonly StageView[] {
  const index = stages.findIndex((known) => known.stage === stage.stage)
  if (index === -1) return [...stages, stage]
  return stages.map((known, at) =>
    at === index ? { stage: known.stage, detail: { ...known.detail, ...stage.detail } } : known,
  )
}

function withCitations(
  known: ReadonlyMap<number, ChunkId>,
  citations: readonly { readonly number: number; readonly passageId: ChunkId }[],
): ReadonlyMap<number, ChunkId> {
  if (citations.length === 0) return known
  return new Map([...known, ...citations.map(({ number, passageId }) => [number, passageId] as const)])
}
