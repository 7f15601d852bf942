import { create } from 'zustand'
import type { StreamEvent } from '../../../shared/answer-stream.ts'
import type { NamedScope } from '../../../shared/collection.ts'
import { type SerializedAppError, serializeError } from '../../../shared/errors.ts'
import { type ChunkId, type ConversationId, conversationIdSchema, type MessageId } from '../../../shared/ids.ts'
import type { AnswerBasis } from '../../../shared/search-trace.ts'
import { request } from '../../api.ts'
import { showEarlierStays, showFailure } from '../../components/notices.ts'
import { useModels } from '../settings/models-store.ts'
import { emptyAnswerView, failAnswer, reduceAnswer } from './answer-view.ts'
import { toSearchScope } from './scope-parts.ts'
import {
  type ConversationView,
  letGo,
  newConversation,
  storedTurn,
  streamingTurn,
  type TurnView,
  withFurther,
  withPage,
} from './turn-window.ts'

/** How a question is answered. */
interface AskOptions {
  readonly mode: 'auto' | 'quotes'
  readonly basis: AnswerBasis
}

interface ConversationsState {
  readonly currentId: ConversationId
  readonly byId: ReadonlyMap<ConversationId, ConversationView>
  /** Grows whenever somebody goes to a conversation, also to the one that is shown. */
  readonly visits: number
  startNew(): void
  /** Shows a conversation at its end or, with the key of a stored turn, there. */
  open(id: ConversationId, turnKey?: number): Promise<void>
  /** Loads the next turns of the current conversation on one side, if there are any and none are being loaded. */
  loadMore(side: 'older' | 'newer'): Promise<void>
  /** Loads the end of the current conversation where it is not loaded. */
  loadNewest(): Promise<void>
  /** Asks in the current conversation. Another answer of it still streaming: nothing happens. */
  ask(
    question: string,
    options: AskOptions & {
      readonly scope: NamedScope | null
      /** Passages to be summarised one by one, instead of a search. */
      readonly summarise?: readonly ChunkId[]
    },
  ): void
  /**
   * Asks a question again of what it was asked of, searching for `text`: in place of the last turn, or at the end for an older one. Another answer still
   * streaming: nothing happens.
   */
  searchAgain(turnKey: string, text: string, options: AskOptions): void
  /** Asks a question again on another basis: in place of the last turn, or at the end for an older one. Another answer still streaming: nothing happens. */
  askAgain(turnKey: string, options: AskOptions): void
  /** Brings back the next of the other answers to the last question. */
  showOther(turnKey: string): Promise<void>
  /** Stops the answer that streams in the current conversation; its terminal event still comes. */
  stop(): void
  /** The conversation changed in main: what another window (or program) asked in it is shown here too, once it is answered. */
  catchUp(id: ConversationId): Promise<void>
  /** The conversation was deleted. */
  forget(id: ConversationId): void
}

const turnsPerPage = 20
/** More than one answers between two of its changes. */
const caughtUpTurns = 5
const aborts = new Map<ConversationId, () => void>()
const newId = (): ConversationId => conversationIdSchema.parse(crypto.randomUUID())

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
    readonly basis: AnswerBasis
    readonly scope: NamedScope | null
    readonly condensedQuestion: string | null
    readonly earlier: TurnView | null
    readonly summarise?: readonly ChunkId[]
  }): void => {
    const { question, mode, basis, scope, condensedQuestion, earlier } = asked
    const id = get().currentId
    const view = get().byId.get(id)
    if (view === undefined || view.state === 'loading' || streamingTurn(view) !== null) return
    if (view.hasNewer) {
      // The answer belongs below the last turn, which is not the one shown last.
      void get()
        .loadNewest()
        .then(() => get().currentId === id && get().byId.get(id)?.hasNewer === false && start(asked))
      return
    }
    const key = crypto.randomUUID()
    const turn: TurnView = {
      key,
      storedKey: null,
      question,
      scope,
      answer: emptyAnswerView,
      isStopping: false,
      answerId: null,
      otherAnswerIds: [],
      earlier,
    }
    const before = earlier === null ? view.turns : view.turns.filter(({ key: other }) => other !== earlier.key)
    change(id, () => ({ ...view, state: 'ready', error: null, turns: [...before, turn] }))
    try {
      const { abort } = window.api.ask(
        {
          conversationId: id,
          question,
          mode,
          scope: toSearchScope(scope),
          basis,
          ...(asked.summarise === undefined ? {} : { summarise: [...asked.summarise] }),
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

  const again = (turnKey: string, condensedQuestion: string | null, options: AskOptions): void => {
    const { turns = [], hasNewer = false } = get().byId.get(get().currentId) ?? {}
    const turn = turns.find(({ key }) => key === turnKey)
    if (turn === undefined) return
    const isReplaced = turn === turns.at(-1) && !hasNewer && turn.answerId !== null
    start({
      question: turn.question,
      ...options,
      scope: turn.scope,
      condensedQuestion,
      earlier: isReplaced ? turn : null,
    })
  }

  const reads = new Map<ConversationId, symbol>()
  const read = async (id: ConversationId, turnKey?: number): Promise<void> => {
    const ours = Symbol('read')
    reads.set(id, ours)
    const at = turnKey === undefined ? ('newest' as const) : { around: turnKey }
    const result = await request('conversations:turns', { id, at, limit: turnsPerPage })
    if (reads.get(id) !== ours) return
    reads.delete(id)
    const sought = turnKey === undefined ? null : { key: turnKey }
    change(id, (view) => {
      // A question was asked in the meantime: it stays.
      if (streamingTurn(view) !== null) return view
      if (!result.ok) return { ...newConversation, state: 'failed', error: result.error }
      const { conversation, turns, hasOlder, hasNewer } = result.value
      return {
        ...newConversation,
        state: 'ready',
        title: conversation.title,
        turns: turns.map((turn) => storedTurn(turn, turn.key)),
        hasOlder,
        hasNewer,
        sought,
      }
    })
  }

  const firstId = newId()
  return {
    currentId: firstId,
    byId: new Map([[firstId, newConversation]]),
    visits: 0,
    startNew: () => {
      const { currentId, byId } = get()
      set(({ visits }) => ({ visits: visits + 1 }))
      if (byId.get(currentId)?.state === 'new') return
      const id = newId()
      set({ currentId: id, byId: new Map(byId).set(id, newConversation) })
    },
    open: async (id, turnKey) => {
      const known = get().byId.get(id)
      set(({ visits }) => ({ currentId: id, visits: visits + 1 }))
      void useModels.getState().warmUp()
      if (known !== undefined && known.state !== 'failed') {
        const isShown = turnKey === undefined || known.turns.some(({ storedKey }) => storedKey === turnKey)
        if (isShown || streamingTurn(known) !== null)
          return change(id, (view) => ({ ...view, sought: turnKey === undefined ? null : { key: turnKey } }))
      }
      set((state) => ({ byId: letGo(new Map(state.byId).set(id, { ...newConversation, state: 'loading' }), id) }))
      await read(id, turnKey)
    },
    loadMore: async (side) => {
      const id = get().currentId
      const view = get().byId.get(id)
      const isThere = side === 'older' ? view?.hasOlder : view?.hasNewer
      if (view === undefined || isThere !== true || view.loading !== null) return
      const edge = (side === 'older' ? view.turns[0] : view.turns.at(-1))?.storedKey
      // Asked since it was opened, and not numbered yet: the end is read as a whole.
      if (edge === null && side === 'newer') return get().loadNewest()
      if (edge === null || edge === undefined) return
      change(id, (shown) => ({ ...shown, loading: side }))
      const at = side === 'older' ? { before: edge } : { after: edge }
      const result = await request('conversations:turns', { id, at, limit: turnsPerPage })
      change(id, (shown) => (result.ok ? withPage(shown, side, result.value) : { ...shown, loading: null }))
      if (!result.ok) showFailure(result.error)
    },
    loadNewest: async () => {
      const id = get().currentId
      if (get().byId.get(id)?.hasNewer === true) await read(id)
    },
    ask: (question, options) => start({ question, ...options, condensedQuestion: null, earlier: null }),
    searchAgain: (turnKey, text, options) => again(turnKey, text, options),
    askAgain: (turnKey, options) => again(turnKey, null, options),
    showOther: async (turnKey) => {
      const id = get().currentId
      const turn = get()
        .byId.get(id)
        ?.turns.find(({ key }) => key === turnKey)
      const [answerId] = turn?.otherAnswerIds ?? []
      if (answerId === undefined) return
      const result = await request('conversations:choose-answer', { answerId })
      if (result.ok) changeTurn(id, turnKey, () => storedTurn(result.value, null))
      else showFailure(result.error)
    },
    stop: () => {
      const id = get().currentId
      const turn = streamingTurn(get().byId.get(id))
      if (turn === null) return
      changeTurn(id, turn.key, (shown) => ({ ...shown, isStopping: true }))
      aborts.get(id)?.()
    },
    catchUp: async (id) => {
      const isAtEnd = (view: ConversationView | undefined): boolean =>
        view?.state === 'ready' && streamingTurn(view) === null && !view.hasNewer
      if (!isAtEnd(get().byId.get(id))) return
      const result = await request('conversations:turns', { id, at: 'newest', limit: caughtUpTurns })
      if (result.ok) change(id, (view) => (isAtEnd(view) ? withFurther(view, result.value) : view))
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
