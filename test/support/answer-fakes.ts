import { randomUUID } from 'node:crypto'
import { createEvidenceReader } from '../../src/main/answer/answer-evidence.ts'
import type { CollectionStore } from '../../src/main/ports/collection-store.ts'
import type {
  AnswerProgress,
  ConversationStore,
  FinishedAnswer,
  RememberedConversation,
} from '../../src/main/ports/conversation-store.ts'
import type { DocumentStore } from '../../src/main/ports/document-store.ts'
import type { NamedScope } from '../../src/shared/collection.ts'
import { AppError } from '../../src/shared/errors.ts'
import { type ConversationId, conversationIdSchema, type MessageId, messageIdSchema } from '../../src/shared/ids.ts'
import { type AskRequest, askRequestSchema } from '../../src/shared/ipc.ts'
import { createRecordingLog } from './recording-log.ts'

export function sampleRequest(overrides: Partial<AskRequest> = {}): AskRequest {
  return askRequestSchema.parse({
    conversationId: conversationIdSchema.parse(randomUUID()),
    question: 'What notice?',
    ...overrides,
  })
}

/** Records what the service writes, and when. */
export interface RecordedTurns extends Pick<
  ConversationStore,
  'beginTurn' | 'saveProgress' | 'finishTurn' | 'remember' | 'lastScope'
> {
  readonly begun: {
    readonly conversationId: ConversationId
    readonly question: string
    readonly scope: NamedScope | null
    readonly answerId: MessageId
  }[]
  /** While it was being written. */
  readonly saved: AnswerProgress[]
  readonly finished: { readonly answerId: MessageId; readonly answer: FinishedAnswer }[]
}

export function createRecordedTurns(): RecordedTurns {
  const begun: RecordedTurns['begun'] = []
  const saved: AnswerProgress[] = []
  const finished: RecordedTurns['finished'] = []
  return {
    begun,
    saved,
    finished,
    saveProgress: (_answerId, progress) => void saved.push(progress),
    beginTurn({ conversationId, question, scope = null }) {
      const answerId = messageIdSchema.parse(randomUUID())
      begun.push({ conversationId, question, scope, answerId })
      return { questionId: messageIdSchema.parse(randomUUID()), answerId }
    },
    lastScope: (id) => begun.findLast(({ conversationId }) => conversationId === id)?.scope ?? null,
    remember: () => noHistory,
    finishTurn: (answerId, answer) => void finished.push({ answerId, answer }),
  }
}

/** A conversation that has just begun. */
export const noHistory: RememberedConversation = { summary: null, summarisedTurns: 0, turns: [], olderTurns: 0 }

/** A document store of which an answer only needs the boxes. */
export const noBoxes: Pick<DocumentStore, 'boxes'> = { boxes: () => [] }

/** Nothing is restricted: every question is asked of everything. */
export const noCollections: Pick<CollectionStore, 'describe' | 'resolve'> = {
  describe: () => null,
  resolve: async () => null,
}
/** The citation check without an embedder: words, numbers and names decide. */
export const noMeaning = createEvidenceReader({
  embedder: {
    processCount: 1,
    yieldToAnswers: () => undefined,
    embed: () =>
      Promise.reject(new AppError('embedding-model-missing', 'There is no embedder here. Install Carrel anew.')),
  },
  log: createRecordingLog(),
})
