import { create } from 'zustand'
import type { StreamEvent } from '../../../shared/answer-stream.ts'
import { type SerializedAppError, serializeError } from '../../../shared/errors.ts'
import { type ConversationId, conversationIdSchema, type MessageId } from '../../../shared/ids.ts'
import type { Turn } from '../../../shared/conversation.ts'
import { request } from '../../api.ts'
import { showEarlierStays, showFailure } from '../../components/notices.ts'
import { useModels } from '../settings/models-store.ts'
import { type AnswerView, answerViewFromTurn, emptyAnswerView, failAnswer, reduceAnswer } from './answer-view.ts'

/** A question with its answer as shown. `key` is stable while the answer streams and afterwards. */
export interface TurnView {
  readonly key: string
  readonly question: string
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
  readonly turns: readonly TurnView[]
}

interface ConversationsState {
  readonly currentId: ConversationId
  readonly byId: ReadonlyMap<ConversationId, ConversationView>
  startNew(): void
  open(id: ConversationId): Promise<void>
  /** Asks in the current conversation. Another answer of it still streaming: nothing happens. */
  ask(question: string, options: { readonly mode: 'auto' | 'quotes' }): void
  /**
   * Asks a question again, searching for `text`: in place of the last turn, or at the end for an older one. Another answer still
   * streaming: nothing happens.
   */
  searchAgain(turnKey: string, text: string, options: { readonly mode: 'auto' | 'quotes' }): void
  /** Brings back the next of the other answers to the last question. */
  showOther(turnKey: string): Promise<void>
  /** Stops the answer that streams in the current conversation; its terminal event still comes. */
  stop(): void
  /** The conversation was deleted. */
  forget(id: ConversationId): void
}

const newConversation: ConversationView = { state: 'new', error: null, turns: [] }
const aborts = new Map<ConversationId, () => void>()
const newId = (): ConversationId => conversationIdSchema.parse(crypto.randomUUID())

function storedTurn(turn: Turn): TurnView {
  return {
    key: turn.answerId,
    question: turn.question,
    answer: answerViewFromTurn(turn),
    isStopping: false,
    answerId: turn.answerId,
    otherAnswerIds: turn.otherAnswerIds,
    earlier: null,
  }
}

/** A turn whose answer has ended; one that was to take another one's place and wrote nothing gives that one back. */
function ended(turn: TurnView, answerId: MessageId | null): TurnView {
  const { earlier, answer } = turn
  if (earlier === null) return { ...turn, answerId }
  if (answer.text === '') {
    if (answer.error === null) showEarlierStays()
    else showFailure(answer.error)
    return earlier
  }
  const kept = earlier.answerId === null ? [] : [earlier.answerId]
  return { ...turn, answerId, otherAnswerIds: [...earlier.otherAnswerIds, ...kept], earlier: null }
}

/** The answer that streams in a conversation, if any: always that of its last turn. */
export function streamingTurn(view: ConversationView | undefined): TurnView | null {
  const last = view?.turns.at(-1)
  return last?.answer.state === 'streaming' ? last : null
}

/** The conversations opened in this window. An answer goes on streaming into its own while another one is shown. */
export const useConversations = create<ConversationsState>()((set, get) => {
  const change = (id: ConversationId, next: (view: ConversationView) => ConversationView): void =>
    set((state) => {
      const view = state.byId.get(id)
      return view === undefined ? state : { byId: new Map(state.byId).set(id, next(view)) }
    })
  const changeTurn = (id: ConversationId, key: string, next: (turn: TurnView) => TurnView): void =>
    change(id, (view) => ({ ...view, turns: view.turns.map((turn) => (turn.key === key ? next(turn) : turn)) }))
  const fail = (id: ConversationId, key: string, error: SerializedAppError): void =>
    changeTurn(id, key, (turn) => ended({ ...turn, answer: failAnswer(turn.answer, error) }, null))

  const receive = (id: ConversationId, key: string, event: StreamEvent): void => {
    try {
      changeTurn(id, key, (turn) => ({ ...turn, answer: reduceAnswer(turn.answer, event, performance.now()) }))
    } catch (error) {
      // The grammar was broken: nothing that follows can be trusted.
      aborts.get(id)?.()
      fail(id, key, serializeError(error))
    }
    if (event.type !== 'done' && event.type !== 'error') return
    aborts.delete(id)
    change(id, (view) => ({
      ...view,
      turns: view.turns.map((turn) =>
        turn.key === key ? ended(turn, event.type === 'done' ? event.messageId : null) : turn,
      ),
    }))
  }

  const start = (asked: {
    readonly question: string
    readonly mode: 'auto' | 'quotes'
    readonly condensedQuestion: string | null
    readonly earlier: TurnView | null
  }): void => {
    const { question, mode, condensedQuestion, earlier } = asked
    const id = get().currentId
    const view = get().byId.get(id)
    if (view === undefined || view.state === 'loading' || streamingTurn(view) !== null) return
    const key = crypto.randomUUID()
    const turn: TurnView = {
      key,
      question,
      answer: emptyAnswerView,
      isStopping: false,
      answerId: null,
      otherAnswerIds: [],
      earlier,
    }
    const before = earlier === null ? view.turns : view.turns.filter(({ key: other }) => other !== earlier.key)
    change(id, () => ({ state: 'ready', error: null, turns: [...before, turn] }))
    try {
      const { abort } = window.api.ask(
        {
          conversationId: id,
          question,
          mode,
          ...(condensedQuestion === null ? {} : { condensedQuestion }),
          ...(earlier === null ? {} : { replaces: earlier.answerId }),
        },
        (event) => receive(id, key, event),
      )
      if (streamingTurn(get().byId.get(id)) !== null) aborts.set(id, abort)
    } catch (error) {
      fail(id, key, serializeError(error))
    }
  }

  const firstId = newId()
  return {
    currentId: firstId,
    byId: new Map([[firstId, newConversation]]),
    startNew: () => {
      const { currentId, byId } = get()
      if (byId.get(currentId)?.state === 'new') return
      const id = newId()
      set({ currentId: id, byId: new Map(byId).set(id, newConversation) })
    },
    open: async (id) => {
      const known = get().byId.get(id)
      set({ currentId: id })
      void useModels.getState().warmUp()
      if (known !== undefined && known.state !== 'failed') return
      set((state) => ({ byId: new Map(state.byId).set(id, { state: 'loading', error: null, turns: [] }) }))
      const result = await request('conversations:open', { id })
      change(id, () =>
        result.ok
          ? {
              state: 'ready',
              error: null,
              turns: result.value.turns.map(storedTurn),
            }
          : { state: 'failed', error: result.error, turns: [] },
      )
    },
    ask: (question, { mode }) => start({ question, mode, condensedQuestion: null, earlier: null }),
    searchAgain: (turnKey, text, { mode }) => {
      const turns = get().byId.get(get().currentId)?.turns ?? []
      const turn = turns.find(({ key }) => key === turnKey)
      if (turn === undefined) return
      const isReplaced = turn === turns.at(-1) && turn.answerId !== null
      start({ question: turn.question, mode, condensedQuestion: text, earlier: isReplaced ? turn : null })
    },
    showOther: async (turnKey) => {
      const id = get().currentId
      const turn = get()
        .byId.get(id)
        ?.turns.find(({ key }) => key === turnKey)
      const [answerId] = turn?.otherAnswerIds ?? []
      if (answerId === undefined) return
      const result = await request('conversations:choose-answer', { answerId })
      if (result.ok) changeTurn(id, turnKey, () => storedTurn(result.value))
      else showFailure(result.error)
    },
    stop: () => {
      const id = get().currentId
      const turn = streamingTurn(get().byId.get(id))
      if (turn === null) return
      changeTurn(id, turn.key, (shown) => ({ ...shown, isStopping: true }))
      aborts.get(id)?.()
    },
    forget: (id) => {
      aborts.get(id)?.()
      aborts.delete(id)
      const byId = new Map(get().byId)
      byId.delete(id)
      if (get().currentId !== id) return set({ byId })
      const next = newId()
      set({ currentId: next, byId: byId.set(next, newConversation) })
    },
  }
})
