import { create } from 'zustand'
import type { ConversationSummary } from '../../../shared/conversation.ts'
import type { SerializedAppError } from '../../../shared/errors.ts'
import type { ConversationId } from '../../../shared/ids.ts'
import { request } from '../../api.ts'
import { showDeleted, showFailure } from '../../components/notices.ts'
import { useConversations } from './conversation-store.ts'

interface ConversationListState {
  /** Newest first. */
  readonly conversations: readonly ConversationSummary[]
  readonly total: number
  readonly state: 'loading' | 'ready' | 'failed'
  readonly error: SerializedAppError | null
  load(): Promise<void>
  /** Loads the next page once the end of the list is near. */
  loadMore(): Promise<void>
  receive(push: { readonly changed: readonly ConversationSummary[]; readonly removed: readonly ConversationId[] }): void
  rename(id: ConversationId, title: string): Promise<void>
  /** It is gone at once, and a notice offers to bring it back. */
  delete(conversation: Pick<ConversationSummary, 'id' | 'title'>): Promise<void>
  /** Brings a deleted conversation back. @returns false when that failed, which is said */
  restore(id: ConversationId): Promise<boolean>
}

const pageSize = 100

/** Puts conversations together, newest first, each once; `next` wins. */
export function mergeConversations(
  known: readonly ConversationSummary[],
  next: readonly ConversationSummary[],
): readonly ConversationSummary[] {
  const byId = new Map([...known, ...next].map((conversation) => [conversation.id, conversation]))
  return [...byId.values()].toSorted((left, right) => right.updatedAt - left.updatedAt)
}

/** The list of conversations. */
export const useConversationList = create<ConversationListState>()((set, get) => ({
  conversations: [],
  total: 0,
  state: 'loading',
  error: null,
  load: async () => {
    const result = await request('conversations:list', { offset: 0, limit: pageSize })
    if (result.ok) {
      set({
        conversations: mergeConversations([], result.value.conversations),
        total: result.value.total,
        state: 'ready',
        error: null,
      })
    } else set({ state: 'failed', error: result.error })
  },
  loadMore: async () => {
    const { conversations, total } = get()
    if (conversations.length >= total) return
    const result = await request('conversations:list', { offset: conversations.length, limit: pageSize })
    if (!result.ok) return showFailure(result.error)
    const { value } = result
    set((state) => ({
      conversations: mergeConversations(state.conversations, value.conversations),
      total: value.total,
    }))
  },
  receive: ({ changed, removed }) =>
    set((state) => {
      const gone = new Set(removed)
      // Older than all that is loaded: it comes with its page.
      const oldest =
        state.conversations.length >= state.total ? -Infinity : (state.conversations.at(-1)?.updatedAt ?? 0)
      const shown = changed.filter(({ updatedAt }) => updatedAt >= oldest)
      const conversations = mergeConversations(state.conversations, shown).filter(({ id }) => !gone.has(id))
      return { conversations, total: state.total + conversations.length - state.conversations.length }
    }),
  rename: async (id, title) => {
    const result = await request('conversations:rename', { id, title })
    if (!result.ok) return showFailure(result.error)
    set((state) => ({
      conversations: state.conversations.map((conversation) =>
        conversation.id === id ? { ...conversation, title } : conversation,
      ),
    }))
  },
  delete: async ({ id, title }) => {
    const result = await request('conversations:delete', { id })
    if (!result.ok) return showFailure(result.error)
    const wasShown = useConversations.getState().currentId === id
    get().receive({ changed: [], removed: [id] })
    useConversations.getState().forget(id)
    const undo = async (): Promise<void> => {
      if ((await get().restore(id)) && wasShown) await useConversations.getState().open(id)
    }
    showDeleted(title, { id: `deleted ${id}`, onUndo: () => void undo() })
  },
  restore: async (id) => {
    const result = await request('conversations:restore', { id })
    if (!result.ok) showFailure(result.error)
    return result.ok
  },
}))
