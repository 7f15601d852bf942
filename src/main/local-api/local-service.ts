import type { AppStatus } from '../../shared/ipc.ts'
import type { Answers } from '../answer/answers.ts'
import type { ModelWatch } from '../answer/model-watch.ts'
import type { PassageSearch } from '../answer/search-passages.ts'
import type { StreamAnswer } from '../answer/stream-answer.ts'
import type { FindDocuments } from '../findings/find-documents.ts'
import type { Importer } from '../ingest/importer.ts'
import type { Uploads } from './uploads.ts'
import type { ConversationId } from '../../shared/ids.ts'
import type { ChatTurn } from './chat-completions.ts'
import type { Clock } from '../ports/clock.ts'
import type { CollectionStore } from '../ports/collection-store.ts'
import type { DocumentStore } from '../ports/document-store.ts'
import type { Generator } from '../ports/generator.ts'
import type { Log } from '../ports/log.ts'

/** What every door opens on: the same pipeline, registry and library as the window. */
export interface LocalService {
  readonly streamAnswer: StreamAnswer
  readonly search: PassageSearch
  readonly findDocuments: FindDocuments
  readonly documents: DocumentStore
  readonly collections: CollectionStore
  readonly importer: Importer
  readonly models: ModelWatch
  readonly answers: Answers
  /** The model server's own stream, without retrieval. */
  readonly relay: Generator
  /** Gives a conversation that is not known yet what was said before, so that a follow-up is understood. */
  readonly seedConversation: (id: ConversationId, turns: readonly ChatTurn[]) => void
  readonly uploads: Uploads
  /** Folders that other programs may add files from. */
  readonly allowedFolders: () => readonly string[]
  /** Of Carrel. */
  readonly version: string
  readonly status: () => AppStatus | Promise<AppStatus>
  readonly clock: Clock
  readonly log: Log
}
