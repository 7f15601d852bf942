import type { Readable, Writable } from 'node:stream'
import type { AskRequest } from '../../shared/ipc.ts'
import type { Push } from '../../shared/push.ts'
import type { AnswerPort } from '../answer-session.ts'
import type { AbortReason } from '../answer/answers.ts'
import type { ExplainPassage } from '../answer/explain-passage.ts'
import type { ModelWatch } from '../answer/model-watch.ts'
import type { PassageSearch } from '../answer/search-passages.ts'
import type { SelfTest } from '../answer/self-test.ts'
import type { StreamAnswer } from '../answer/stream-answer.ts'
import type { ConversationUpkeep } from '../conversation-upkeep.ts'
import type { EmbedderChoice } from '../embedder-choice.ts'
import type { ConversationExport } from '../export/conversation-export.ts'
import type { writeFindings } from '../export/findings-csv.ts'
import type { FindDocuments } from '../findings/find-documents.ts'
import type { Desktop, Handlers } from '../handlers.ts'
import type { Importer } from '../ingest/importer.ts'
import type { Passwords } from '../ingest/passwords.ts'
import type { Recutter } from '../ingest/recutter.ts'
import type { Reindexer } from '../ingest/reindexer.ts'
import type { WatchedFolders } from '../ingest/watch/watched-folders.ts'
import type { LocalApi } from '../local-api/local-api.ts'
import type { RemoteCommand } from '../local-socket/serve-command.ts'
import type { Originals } from '../originals.ts'
import type { CollectionStore } from '../ports/collection-store.ts'
import type { ConversationStore } from '../ports/conversation-store.ts'
import type { DocumentStore } from '../ports/document-store.ts'
import type { VerifyReport } from '../ports/verify.ts'
import type { WorkerTransport } from '../ports/workers.ts'

/** Everything Carrel does, free of Electron. Disposing it is quitting: one await, in reverse order of what follows. */
export interface Carrel extends AsyncDisposable {
  readonly handlers: Handlers
  readonly importer: Importer
  /** Passwords of this session. */
  readonly passwords: Passwords
  readonly embedderChoice: EmbedderChoice
  readonly reindexer: Reindexer
  readonly recutter: Recutter
  readonly watchedFolders: WatchedFolders
  readonly documents: DocumentStore
  readonly collections: CollectionStore
  readonly conversations: ConversationStore
  readonly conversationUpkeep: ConversationUpkeep
  readonly conversationExport: ConversationExport
  readonly models: ModelWatch
  readonly originals: Originals
  readonly search: PassageSearch
  readonly explain: ExplainPassage
  readonly findDocuments: FindDocuments
  readonly writeFindings: typeof writeFindings
  readonly selfTest: SelfTest
  readonly streamAnswer: StreamAnswer
  /** The door for other programs; in the app the settings open it. */
  readonly localApi: LocalApi
  verify(): Promise<VerifyReport>
  /** Owns one port until its terminal event. */
  serveAnswer(port: AnswerPort, request: AskRequest): Promise<void>
  /** Every answer that this front end opened. */
  abortAnswers(frontEnd: string, reason: AbortReason): void
  /** Every answer, whoever asked; a download goes on. */
  abortAllAnswers(reason: AbortReason): void
  /** Nobody is there any more: a download and a warm-up end. */
  endModelWork(): void
  onPush(listener: (push: Push) => void): () => void
  /** Speaks MCP over these streams until the input ends. */
  serveMcp(
    streams: { readonly input: Readable; readonly output: Writable },
    options: { readonly frontEnd: string; readonly signal: AbortSignal },
  ): Promise<void>
}

export interface ComposeOptions {
  /** Made when it is not there; one writer at a time. */
  readonly dataFolder: string
  /** Holds `models/` and `samples/`. */
  readonly resourcesFolder: string
  /** Holds the built entries of the workers and the search thread. */
  readonly outFolder: string
  readonly transport: WorkerTransport
  readonly desktop: Desktop
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly isVerbose: boolean
  /** Verbose lines go to stderr too. */
  readonly isTerminal: boolean
  /**
   * The app stays open: an import that an earlier run left unfinished goes on by itself, and an embedder is started before the
   * first question. A command does neither.
   */
  readonly isResident: boolean
  /** Runs what `carrel` in a terminal sends to the app, over the socket that a resident Carrel opens. */
  readonly runCommandLine?: (carrel: Carrel, command: RemoteCommand) => Promise<number>
}
