import { rememberedTurns } from '../../shared/conversation.ts'
import type { ConversationId, MessageId } from '../../shared/ids.ts'
import type { ConversationStore, RememberedConversation } from '../ports/conversation-store.ts'

/**
 * The conversation store with a write-through cache of what the prompts of recently used conversations look back on.
 * Every write goes to the store first; a finished turn is then added to its conversation's entry, and any other change
 * drops the entry. So `remember` gives the same with the cache and without it. Each method is named here, so that a new one of
 * the store cannot slip past unconsidered.
 */
export function createConversationMemory(
  store: ConversationStore,
  options: {
    /** Conversations kept, those used last. */
    readonly capacity: number
  },
): ConversationStore {
  /** In order of use, the latest last. */
  const entries = new Map<ConversationId, RememberedConversation>()
  const answering = new Map<MessageId, ConversationId>()
  /** Answers that will take another one's place: their conversation is read anew. */
  const replacing = new Set<MessageId>()

  const keep = (id: ConversationId, remembered: RememberedConversation): void => {
    entries.delete(id)
    entries.set(id, remembered)
    for (const oldest of entries.keys()) {
      if (entries.size <= options.capacity) break
      entries.delete(oldest)
    }
  }

  return {
    beginTurn(turn) {
      const begun = store.beginTurn(turn)
      answering.set(begun.answerId, turn.conversationId)
      if (turn.replaces != null) replacing.add(begun.answerId)
      return begun
    },
    finishTurn(answerId, finished) {
      const id = answering.get(answerId)
      // Until the write has succeeded nothing is known of this conversation.
      const entry = id === undefined ? undefined : entries.get(id)
      if (id === undefined) entries.clear()
      else entries.delete(id)
      store.finishTurn(answerId, finished)
      answering.delete(answerId)
      if (replacing.delete(answerId) || id === undefined || entry === undefined) return
      const turn = store.rememberTurn(answerId)
      if (turn === null) return
      const turns = [...entry.turns, turn]
      const tooOld = Math.max(0, turns.length - rememberedTurns)
      keep(id, { ...entry, turns: turns.slice(tooOld), olderTurns: entry.olderTurns + tooOld })
    },
    // An unfinished turn is not remembered yet.
    saveProgress: (answerId, progress) => store.saveProgress(answerId, progress),
    lastScope: (id) => store.lastScope(id),
    saveSummary(id, summary) {
      entries.delete(id)
      return store.saveSummary(id, summary)
    },
    remember(id) {
      const remembered = entries.get(id) ?? store.remember(id)
      keep(id, remembered)
      return remembered
    },
    chooseAnswer(answerId) {
      // The conversation is not named, and this is rare.
      entries.clear()
      return store.chooseAnswer(answerId)
    },
    rememberTurn: (answerId) => store.rememberTurn(answerId),
    recover() {
      entries.clear()
      return store.recover()
    },
    list: (options) => store.list(options),
    turns: (id, options) => store.turns(id, options),
    summary: (id) => store.summary(id),
    rename: (id, title) => store.rename(id, title),
    delete(id) {
      entries.delete(id)
      store.delete(id)
    },
    restore(id) {
      entries.delete(id)
      store.restore(id)
    },
    deleted: () => store.deleted(),
    deleteForEver(id) {
      if (id === null) entries.clear()
      else entries.delete(id)
      store.deleteForEver(id)
    },
    expireDeleted: (before) => store.expireDeleted(before),
    tidy: () => store.tidy(),
    search: (query, options) => store.search(query, options),
  }
}
