import type { NamedScope } from '../../../shared/collection.ts'
import type { ConversationPage, Turn } from '../../../shared/conversation.ts'
import type { SerializedAppError } from '../../../shared/errors.ts'
import type { ConversationId, MessageId } from '../../../shared/ids.ts'
import { type AnswerView, answerViewFromTurn } from './answer-view.ts'

/** A question with its answer as shown. `key` is stable while the answer streams and afterwards. */
export interface TurnView {
  readonly key: string
  /** Its place in the stored conversation; null: asked in this window since it was opened. */
  readonly storedKey: number | null
  readonly question: string
  /** What it was asked of; null: everything. */
  readonly scope: NamedScope | null
  readonly answer: AnswerView
  readonly isStopping: boolean
  /** Null until it is known: while the answer streams, and after it failed. */
  readonly answerId: MessageId | null
  readonly otherAnswerIds: readonly MessageId[]
  /** What stood here before it was asked again; it comes back when nothing is written. */
  readonly earlier: TurnView | null
}

/** One conversation as far as it is shown; `new` has nothing stored yet. */
export interface ConversationView {
  readonly state: 'new' | 'loading' | 'ready' | 'failed'
  readonly error: SerializedAppError | null
  /** As it was read; the list knows it newer, but not every conversation. */
  readonly title: string | null
  /** As many as were read; those on either side are loaded when the reader gets there. */
  readonly turns: readonly TurnView[]
  readonly hasOlder: boolean
  readonly hasNewer: boolean
  readonly loading: 'older' | 'newer' | null
  /** The turn that was searched for, by its stored key: it is shown, marked. A new object each time it is sought. */
  readonly sought: { readonly key: number } | null
}

/** Read further, and turns on the other side are let go: a conversation of a thousand turns must not stay on the page whole. */
const mostTurns = 80
/** Conversations kept as they were read last; others are read again. */
const mostConversations = 12

/** Nothing stored yet. */
export const newConversation: ConversationView = {
  state: 'new',
  error: null,
  title: null,
  turns: [],
  hasOlder: false,
  hasNewer: false,
  loading: null,
  sought: null,
}

/** The answer that streams in a conversation, if any: always that of its last turn. */
export function streamingTurn(view: ConversationView | undefined): TurnView | null {
  const last = view?.turns.at(-1)
  return last?.answer.state === 'streaming' ? last : null
}

/** A stored turn as it is shown. `storedKey`: null where it is not told. */
export function storedTurn(turn: Turn, storedKey: number | null): TurnView {
  return {
    key: turn.answerId,
    storedKey,
    question: turn.question,
    scope: turn.scope,
    answer: answerViewFromTurn(turn),
    isStopping: false,
    answerId: turn.answerId,
    otherAnswerIds: turn.otherAnswerIds,
    earlier: null,
  }
}

/**
 * The view with those turns of the newest page that follow what is shown and have been answered: another window's, since this
 * one knows its own by their answers.
 */
export function withFurther(view: ConversationView, page: ConversationPage): ConversationView {
  const known = new Set(view.turns.flatMap(({ answerId, otherAnswerIds }) => [answerId, ...otherAnswerIds]))
  const lastKey = Math.max(-1, ...view.turns.map(({ storedKey }) => storedKey ?? -1))
  const further = page.turns.filter(
    ({ key, answerId, finishReason }) => key > lastKey && finishReason !== null && !known.has(answerId),
  )
  if (further.length === 0) return view
  return { ...view, turns: [...view.turns, ...further.map((turn) => storedTurn(turn, turn.key))] }
}

/** The view with a page more on one side; what grows too long is let go on the other. */
export function withPage(view: ConversationView, side: 'older' | 'newer', page: ConversationPage): ConversationView {
  const known = new Set(view.turns.map(({ key }) => key))
  const more = page.turns.map((turn) => storedTurn(turn, turn.key)).filter(({ key }) => !known.has(key))
  if (side === 'older') {
    const turns = [...more, ...view.turns]
    const isCut = turns.length > mostTurns && streamingTurn(view) === null
    return {
      ...view,
      turns: isCut ? turns.slice(0, mostTurns) : turns,
      hasOlder: page.hasOlder,
      hasNewer: view.hasNewer || isCut,
      loading: null,
    }
  }
  const turns = [...view.turns, ...more]
  const isCut = turns.length > mostTurns
  return {
    ...view,
    turns: isCut ? turns.slice(-mostTurns) : turns,
    hasOlder: view.hasOlder || isCut,
    hasNewer: page.hasNewer,
    loading: null,
  }
}

/** Lets the conversations go that were opened longest ago, but never one that streams or has nothing stored yet. */
export function letGo(
  byId: ReadonlyMap<ConversationId, ConversationView>,
  currentId: ConversationId,
): ReadonlyMap<ConversationId, ConversationView> {
  const idle = [...byId].filter(
    ([id, view]) => id !== currentId && view.state === 'ready' && streamingTurn(view) === null,
  )
  const kept = new Map(byId)
  for (const [id] of idle.slice(0, Math.max(0, byId.size - mostConversations))) kept.delete(id)
  return kept
}
