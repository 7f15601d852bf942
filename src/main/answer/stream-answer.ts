import type { AnswerDelta, AnswerEvent, AnswerResult } from '../../shared/answer-stream.ts'
import type { CitationCheck, Claim } from '../../shared/citation-check.ts'
import type { FinishReason } from '../../shared/conversation.ts'
import { isAbortError, type SerializedAppError, serializeError } from '../../shared/errors.ts'
import type { MessageId } from '../../shared/ids.ts'
import type { AskRequest } from '../../shared/ipc.ts'
import type { Clock } from '../ports/clock.ts'
import type { CollectionStore } from '../ports/collection-store.ts'
import type { ConversationStore, RememberedConversation } from '../ports/conversation-store.ts'
import type { DocumentStore } from '../ports/document-store.ts'
import type { Log } from '../ports/log.ts'
import type { Passage, Source } from '../../shared/passage.ts'
import type { Answers } from './answers.ts'
import { type AnswerDraft, type AnswerStage, emptyDraft } from './draft.ts'
import { createProgressSaver } from './progress-saver.ts'

/**
 * The service under every front end: deltas, then the whole result in the `stop` (or `failure`) event, last.
 *
 * The question is written before retrieval; the answer at the terminal, with finish reason and evidence, partial or not, also
 * when the consumer only goes away. Until then passages, and every second what was written, are saved against a crash. Abort ends the answer as `aborted` with what it has: the terminal
 * event still comes for who still reads.
 *
 * @throws AppError `busy`, and `not-found` for what the scope names, before the first event.
 */
export interface StreamAnswer {
  (
    request: AskRequest,
    options: {
      readonly signal: AbortSignal
      readonly frontEnd: string
      /** The answer was ended early, by whomever: the terminal event follows. */
      readonly onEnding?: () => void
    },
  ): AsyncIterable<AnswerEvent>
}

export interface StreamAnswerParts {
  readonly answers: Answers
  /** In order. A new stage is one file, and one line where this list is written. */
  readonly stages: readonly AnswerStage[]
  readonly conversations: Pick<
    ConversationStore,
    'beginTurn' | 'saveProgress' | 'finishTurn' | 'remember' | 'lastScope'
  >
  readonly collections: Pick<CollectionStore, 'describe'>
  readonly documents: Pick<DocumentStore, 'boxes'>
  readonly clock: Clock
  readonly log: Log
  /** Told when the conversation's row changed: question written (`result` null), answer finished. */
  readonly onTurn: (request: AskRequest, result: AnswerResult | null) => void
}

export function createStreamAnswer(parts: StreamAnswerParts): StreamAnswer {
  const { answers, stages, conversations, collections, documents, clock, log, onTurn } = parts

  return async function* streamAnswer(request, { signal, frontEnd, onEnding }) {
    using active = answers.open({ frontEnd, conversationId: request.conversationId, signal })
    if (onEnding !== undefined) active.signal.addEventListener('abort', onEnding, { once: true })
    const scope =
      request.scope === null ? conversations.lastScope(request.conversationId) : collections.describe(request.scope)
    const { answerId } = conversations.beginTurn({
      conversationId: request.conversationId,
      question: request.question,
      scope,
      replaces: request.replaces,
    })
    let draft = emptyDraft(request, nothingRemembered, scope)
    const stageMs: Record<string, number> = {}
    let text = ''
    let reasoning = ''
    let isConcluded = false
    let savedSources: string | null = null

    /** From here on the turn must reach its end: what only accompanies it may fail, and is then logged. */
    const attempt = <Value>(what: string, work: () => Value, otherwise: Value): Value => {
      try {
        return work()
      } catch (cause) {
        log.error(`answer ${active.id}: ${what}`, cause)
        return otherwise
      }
    }
    const announce = (result: AnswerResult | null): void =>
      attempt('its conversation could not be announced', () => onTurn(request, result), undefined)
    const boxesOf: DocumentStore['boxes'] = (...place) =>
      attempt('the boxes of a source could not be read', () => documents.boxes(...place), [])
    using progress = createProgressSaver({
      clock,
      log,
      save() {
        // Marks in the text are numbered as they are cited: text and sources are saved as they belong together.
        const { passages, citedPassageIds } = draft
        const sources = [...citedPassageIds, '', ...passages.map(({ id }) => id)].join(' ')
        conversations.saveProgress(answerId, {
          condensedQuestion: draft.condensedQuestion,
          translatedQuestion: draft.translatedQuestion,
          answer: text,
          reasoning,
          mode: draft.mode,
          model: draft.model,
          sources: sources === savedSources ? null : freeze(draft, boxesOf),
          check: checkOf(draft),
        })
        savedSources = sources
      },
    })

    /**
     * The one place where a turn ends. Never throws: what the records refuse, a full disk for one, is told to the reader, who
     * still gets text and sources.
     */
    const conclude = (finishReason: FinishReason, error: SerializedAppError | null): AnswerEvent => {
      isConcluded = true
      // Not when the terminal event has been taken: a consumer that leaves it lying must not keep the conversation busy.
      using _active = active
      progress[Symbol.dispose]()
      const result = toResult({ draft, answerId, text, finishReason, stageMs, sources: freeze(draft, boxesOf) })
      try {
        conversations.finishTurn(answerId, {
          ...result,
          reasoning,
          error,
          condensedQuestion: draft.condensedQuestion,
          translatedQuestion: draft.translatedQuestion,
        })
      } catch (cause) {
        log.error(`answer ${active.id}: could not be saved`, cause)
        return { type: 'failure', error: serializeError(cause), result }
      }
      announce(result)
      return error === null ? { type: 'stop', result } : { type: 'failure', error, result }
    }

    announce(null)
    try {
      draft = emptyDraft(
        request,
        withoutReplaced(conversations.remember(request.conversationId), request.replaces),
        scope,
      )
      for (const stage of stages) {
        const startedAt = clock.now()
        log.verbose(`answer ${active.id}: ${stage.name} begins, query ${queriesText(draft)}`)
        try {
          for await (const delta of stage.run(draft, { signal: active.signal, frontEnd })) {
            text += delta.type === 'token' ? delta.text : ''
            draft.answer = text
            reasoning += delta.type === 'reasoning' ? delta.text : ''
            if (delta.type === 'passages') progress.saveNow()
            else if (delta.type !== 'status') progress.changed()
            yield delta satisfies AnswerDelta
          }
        } finally {
          stageMs[stage.name] = clock.now() - startedAt
        }
        active.signal.throwIfAborted()
        log.verbose(
          `answer ${active.id}: ${stage.name} took ${stageMs[stage.name]} ms, passages ${draft.passages.map(({ id }) => id).join(' ')}`,
        )
      }
      yield conclude(draft.finishReason, null)
    } catch (error) {
      if (isConcluded) throw error
      if (active.signal.aborted || isAbortError(error)) {
        yield conclude('aborted', null)
        return
      }
      const serialized = serializeError(error)
      log.warn(`answer ${active.id}: failed, ${serialized.code}`, error)
      yield conclude('error', serialized)
    } finally {
      // The consumer left at a `yield`: what was written until then is kept.
      if (!isConcluded) conclude('aborted', null)
    }
  }
}

const nothingRemembered: RememberedConversation = { summary: null, summarisedTurns: 0, turns: [], olderTurns: 0 }

/** The answer that is asked for again says nothing to the one that takes its place. */
function withoutReplaced(history: RememberedConversation, replaces: MessageId | null): RememberedConversation {
  return replaces === null
    ? history
    : { ...history, turns: history.turns.filter(({ answerId }) => answerId !== replaces) }
}

function queriesText({ queries }: AnswerDraft): string {
  return queries.map(({ text, weight }) => `${JSON.stringify(text)}${weight === 1 ? '' : ` (${weight})`}`).join(', ')
}

/**
 * Passages become evidence: numbered, cited ones first in order of appearance, with the boxes that mark them. An answer in
 * another form keeps the evidence of the one before it, and its numbers.
 */
function freeze(draft: AnswerDraft, boxesOf: DocumentStore['boxes']): Source[] {
  const claimsOf = ({ id, documentId }: Passage): Claim[] =>
    draft.claims
      .filter(({ passageId }) => passageId === id)
      .map(({ claim }) => ({
        ...claim,
        boxes: claim.carriedBy.flatMap(({ start, end }) => boxesOf(documentId, start, end)),
      }))
  if (draft.transformed !== null)
    return draft.transformed.sources.map((source) => ({
      ...source,
      isCited: draft.citedPassageIds.includes(source.id),
      claims: claimsOf(source),
    }))
  const byId = new Map(draft.passages.map((passage) => [passage.id, passage]))
  const cited = draft.citedPassageIds.flatMap((id) => byId.get(id) ?? [])
  const rest = draft.passages.filter(({ id }) => !draft.citedPassageIds.includes(id))
  return [...cited, ...rest].map((passage, index) => ({
    ...passage,
    number: index + 1,
    isCited: index < cited.length,
    boxes: [...boxesOf(passage.documentId, passage.start, passage.end)],
    claims: claimsOf(passage),
  }))
}

function checkOf({ addedMarks, uncited, droppedMarks }: AnswerDraft): CitationCheck {
  return { addedMarks: [...addedMarks], uncited: [...uncited], droppedMarks }
}

function toResult(parts: {
  readonly draft: AnswerDraft
  readonly answerId: MessageId
  readonly text: string
  readonly finishReason: FinishReason
  readonly stageMs: Record<string, number>
  readonly sources: Source[]
}): AnswerResult {
  const { draft, answerId, text, finishReason, stageMs, sources } = parts
  return {
    conversationId: draft.request.conversationId,
    messageId: answerId,
    mode: draft.mode,
    model: draft.model,
    answer: text,
    sources,
    check: checkOf(draft),
    finishReason,
    usage: {
      promptTokens: draft.promptTokens,
      answerTokens: draft.answerTokens,
      stageMs,
      leftOutPassageIds: [...draft.leftOutPassageIds],
      context: draft.context,
      ...(draft.search === null ? {} : { search: draft.search }),
      ...(draft.keywordsOnly === null ? {} : { keywordsOnly: draft.keywordsOnly }),
    },
  }
}
