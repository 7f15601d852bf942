import type { Push } from '../../shared/push.ts'
import type { Answers } from '../answer/answers.ts'
import type { Clock } from '../ports/clock.ts'
import type { ConversationStore } from '../ports/conversation-store.ts'
import type { Log } from '../ports/log.ts'
import type { Storage } from '../storage/open-storage.ts'
import type { ComposeOptions } from './carrel.ts'

/** What every part of Carrel stands on. */
export interface Foundation {
  readonly options: ComposeOptions
  readonly storage: Storage
  readonly conversations: ConversationStore
  readonly clock: Clock
  readonly log: Log
  /** To every front end. */
  readonly push: (message: Push) => void
  /** Aborts when Carrel quits. */
  readonly quitting: AbortSignal
  /** Both stores are made to agree before new work starts; questions need not wait for it. */
  readonly reconciled: Promise<void>
  readonly answers: Answers
  /** Takes what is to be ended with Carrel, in the reverse order. */
  readonly stack: AsyncDisposableStack
}
