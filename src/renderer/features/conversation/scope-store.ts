import { create } from 'zustand'
import { isEverything, type NamedScope } from '../../../shared/collection.ts'
import type { ConversationId } from '../../../shared/ids.ts'
import { useConversations } from './conversation-store.ts'

interface ScopeState {
  /** What the next question of a conversation is asked of, where the reader has chosen it; null: everything. */
  readonly chosen: ReadonlyMap<ConversationId, NamedScope | null>
  /** Told whenever a scope was chosen elsewhere than in the composer, which then takes the focus. */
  readonly calls: number
  choose(id: ConversationId, scope: NamedScope | null): void
}

/** What questions are asked of: as chosen, else as the question before. */
export const useScopes = create<ScopeState>()((set) => ({
  chosen: new Map(),
  calls: 0,
  choose: (id, scope) =>
    set(({ chosen }) => ({
      chosen: new Map(chosen).set(id, scope === null || isEverything(scope) ? null : scope),
    })),
}))

/** The scope of the next question in the conversation shown. */
export function useCurrentScope(): NamedScope | null {
  const id = useConversations((state) => state.currentId)
  const chosen = useScopes((state) => state.chosen.get(id))
  const last = useConversations((state) => state.byId.get(id)?.turns.at(-1)?.scope ?? null)
  return chosen === undefined ? last : chosen
}

/** The next question in the conversation shown is asked of this; the composer takes the focus. */
export function askWithin(scope: NamedScope): void {
  useScopes.getState().choose(useConversations.getState().currentId, scope)
  useScopes.setState(({ calls }) => ({ calls: calls + 1 }))
}
