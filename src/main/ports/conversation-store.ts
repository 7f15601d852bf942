import type { CitationCheck } from '../../shared/citation-check.ts'
import type { NamedScope } from '../../shared/collection.ts'
import type { ConversationHits } from '../../shared/conversation-search.ts'
import type {
  AnswerMode,
  ConversationPage,
  ConversationSummary,
  DeletedConversation,
  FinishReason,
  Turn,
  Usage,
} from '../../shared/conversation.ts'
import type { SerializedAppError } from '../../shared/errors.ts'
import type { ConversationId, MessageId } from '../../shared/ids.ts'
import type { Source } from '../../shared/passage.ts'

export interface FinishedAnswer {
  readonly condensedQuestion: string | null
  readonly translatedQuestion: string | null
  readonly answer: string
  readonly reasoning: string
  readonly mode: AnswerMode
  readonly model: string | null
  readonly finishReason: FinishReason
  readonly error: SerializedAppError | null
  readonly sources: readonly Source[]
  readonly check: CitationCheck
  readonly usage: Usage
}

/** What there is of an answer that is still being written. */
export interface AnswerProgress {
  readonly condensedQuestion: string | null
  readonly translatedQuestion: string | null
  readonly answer: string
  readonly reasoning: string
  readonly mode: AnswerMode
  readonly model: string | null
  /** Null: as they were saved last. */
  readonly sources: readonly Source[] | null
  readonly check: CitationCheck
}

/** A finished turn as later ones look back on it. `answer` is empty when nothing had been written. */
export interface RememberedTurn {
  readonly answerId: MessageId
  readonly question: string
  readonly condensedQuestion: string | null
  readonly answer: string
  readonly mode: AnswerMode
  readonly finishReason: FinishReason
  readonly sources: readonly Source[]
}

/** What a conversation's next prompt may look back on: older turns in a few sentences, the later ones in their own words. */
export interface RememberedConversation {
  readonly summary: string | null
  /** Turns that the summary covers. */
  readonly summarisedTurns: number
  /** Oldest first; only those after the summary. */
  readonly turns: readonly RememberedTurn[]
  /** Turns between the summary and `turns`: too far back to be looked at. */
  readonly olderTurns: number
}

/** Where turns are read, by `PlacedTurn.key`: from the end, on one side of a turn, around it (it need not be there any more), or one answer alone. */
export type TurnPlace =
  | 'newest'
  | { readonly before: number }
  | { readonly after: number }
  | { readonly around: number }
  | { readonly answer: MessageId }

export interface ConversationStore {
  /** Writes the question (before retrieval) and an unfinished answer; creates the conversation, titled by its first question, when it is new. */
  beginTurn(turn: {
    readonly conversationId: ConversationId
    readonly question: string
    /** What is searched; null or absent: everything. */
    readonly scope?: NamedScope | null
    /** The last answer of the conversation, whose place it takes once it is finished with any text; until then that one stands. */
    readonly replaces?: MessageId | null
  }): {
    readonly questionId: MessageId
    readonly answerId: MessageId
  }
  /**
   * Brings back another answer to the last question, in place of the one that stands there.
   * @throws AppError `not-found`; `invalid-request` when further questions were asked after it
   */
  chooseAnswer(answerId: MessageId): Turn
  /** What a crash would leave of the answer; nothing when it is finished or gone. */
  saveProgress(answerId: MessageId, progress: AnswerProgress): void
  /** Once, at the terminal, with evidence, partial or not. */
  finishTurn(answerId: MessageId, finished: FinishedAnswer): void
  /**
   * Finished turns after the summary, oldest first, without those that were asked again; the latest ones where there are many.
   * Empty for an unknown conversation.
   */
  remember(id: ConversationId): RememberedConversation
  /** What the last question searched; null: everything, or no question yet. */
  lastScope(id: ConversationId): NamedScope | null
  /** One of them; null when it is not finished, was asked again or is gone. */
  rememberTurn(answerId: MessageId): RememberedTurn | null
  /**
   * Keeps the summary of all turns up to and with `until`.
   * @returns false, and nothing is kept, when that turn is gone or was asked again
   */
  saveSummary(id: ConversationId, summary: { readonly summary: string; readonly until: MessageId }): boolean
  /** At start: answers that a crash cut off become `aborted`. @returns how many. */
  recover(): number
  list(options: { readonly offset: number; readonly limit: number }): {
    readonly total: number
    readonly conversations: readonly ConversationSummary[]
  }
  /** Null for an unknown or deleted one. */
  summary(id: ConversationId): ConversationSummary | null
  /** At most `limit` turns at a place. @throws AppError `not-found` */
  turns(id: ConversationId, options: { readonly at: TurnPlace; readonly limit: number }): ConversationPage
  /** @throws AppError `not-found` */
  rename(id: ConversationId, title: string): void
  /** Out of the list and of every search at once; it can be brought back. Nothing for an unknown one. */
  delete(id: ConversationId): void
  /** Brings a deleted conversation back where it was. @throws AppError `not-found` when it is gone for ever */
  restore(id: ConversationId): void
  /** What can be brought back, deleted last first. */
  deleted(): readonly DeletedConversation[]
  /** Of deleted conversations one, or all (null). Their rows go in slices, see `tidy`. */
  deleteForEver(id: ConversationId | null): void
  /** Deletes for ever what was deleted before a moment (milliseconds since 1970). */
  expireDeleted(before: number): void
  /** One short step of work for idle moments: rows of what is gone for ever, the index of older turns. @returns true while there is more. */
  tidy(): boolean
  /** Off the main thread; newest first. Abort takes a waiting search out of the queue. */
  search(
    query: { readonly query: string; readonly beforeKey: number | null; readonly limit: number },
    options: { readonly signal: AbortSignal },
  ): Promise<ConversationHits>
}
