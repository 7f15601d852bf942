import type { Clock } from './ports/clock.ts'
import type { ConversationStore } from './ports/conversation-store.ts'
import type { Log } from './ports/log.ts'

const dayMs = 24 * 60 * 60_000
/** A deleted conversation or collection can be brought back for this long. */
const keptMs = 30 * dayMs
/** Between two steps, for whatever else main has to do. */
const pauseMs = 5

export interface ConversationUpkeep extends Disposable {
  /** There may be work: it is done in short steps until there is none, and looked for again each day. */
  wake(): void
  /** Resolves when all is done, for a command that needs the index whole. Abort ends it after a step. @throws the signal's reason */
  finish(options: { readonly signal: AbortSignal }): Promise<void>
}

/** Deletes for ever what was deleted 30 days ago (collections too), and indexes turns that an earlier version wrote. */
export function createConversationUpkeep(parts: {
  readonly conversations: Pick<ConversationStore, 'expireDeleted' | 'tidy'>
  readonly clock: Clock
  readonly log: Log
}): ConversationUpkeep {
  const { conversations, clock, log } = parts
  let cancelTimer: (() => void) | null = null
  let isDisposed = false

  const later = (ms: number, work: () => void): void => {
    cancelTimer?.()
    if (!isDisposed) cancelTimer = clock.after(ms, work)
  }
  const step = (): void => {
    try {
      later(...(conversations.tidy() ? ([pauseMs, step] as const) : ([dayMs, look] as const)))
    } catch (error) {
      // A full disk: what is deleted stays out of sight, and the index is gone on with tomorrow or at the next start.
      log.warn('conversations could not be tidied', error)
      later(dayMs, look)
    }
  }
  const look = (): void => {
    try {
      conversations.expireDeleted(clock.now() - keptMs)
    } catch (error) {
      log.warn('old deleted conversations could not be looked for', error)
    }
    step()
  }

  return {
    wake: () => later(pauseMs, look),
    async finish({ signal }) {
      while (conversations.tidy()) {
        await new Promise((resolve) => setImmediate(resolve))
        signal.throwIfAborted()
      }
    },
    [Symbol.dispose]() {
      isDisposed = true
      cancelTimer?.()
    },
  }
}
