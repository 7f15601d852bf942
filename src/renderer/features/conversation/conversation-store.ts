import { create } from 'zustand'
import type { StreamEvent } from '../../../shared/answer-stream.ts'
import { type SerializedAppError, serializeError } from '../../../shared/errors.ts'
import { type ConversationId, conversationIdSchema } from '../../../shared/ids.ts'
import { request } from '../../api.ts'
import { useModels } from '../settings/models-store.ts'
import { type AnswerView, answerViewFromTurn, emptyAnswerView, failAnswer, reduceAnswer } from './answer-view.ts'

/** A question with its answer as shown. `key` is stable while the answer streams and afterwards. */
export interface TurnView {
  readonly key: string
  readonly question: string
  readonly answer: AnswerView
  readonly isStopping: boolean
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
  /** Stops the answer that streams in the current conversation; its terminal event still comes. */
  stop(): void
  /** The conversation was deleted. */
  forget(id: ConversationId): void
}

const newConversation: ConversationView = { state: 'new', error: null, turns: [] }
const aborts = new Map<ConversationId, () => void>()
const newId = (): ConversationId => conversationIdSchema.parse(crypto.randomUUID())

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
    changeTurn(id, key, (turn) => ({ ...turn, answer: failAnswer(turn.answer, error) }))

  const receive = (id: ConversationId, key: string, event: StreamEvent): void => {
    try {
      changeTurn(id, key, (turn) => ({ ...turn, answer: reduceAnswer(turn.answer, event, performance.now()) }))
    } catch (error) {
      // The grammar was broken: nothing that follows can be trusted.
      aborts.get(id)?.()
      fail(id, key, serializeError(error))
    }
    if (event.type === 'done' || event.type === 'error') aborts.delete(id)
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
              turns: result.value.turns.map((turn) => ({
                key: turn.answerId,
                question: turn.question,
                answer: answerViewFromTurn(turn),
                isStopping: false,
              })),
            }
          : { state: 'failed', error: result.error, turns: [] },
      )
    },
    ask: (question, { mode }) => {
      const id = get().currentId
      const view = get().byId.get(id)
      if (view === undefined || view.state === 'loading' || streamingTurn(view) !== null) return
      const key = crypto.randomUUID()
      const turn: TurnView = { key, question, answer: emptyAnswerView, isStopping: false }
      change(id, () => ({ state: 'ready', error: null, turns: [...view.turns, turn] }))
      try {
        const { abort } = window.api.ask({ conversationId: id, question, mode }, (event) => receive(id, key, event))
        if (streamingTurn(get().byId.get(id)) !== null) aborts.set(id, abort)
      } catch (error) {
        fail(id, key, serializeError(error))
      }
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
