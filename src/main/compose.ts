import { mkdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { boardIdOf } from '../shared/board-embedders.ts'
import { languageGroups } from '../shared/embedder.ts'
import { serializeError } from '../shared/errors.ts'
import { hasImportWork } from '../shared/import-progress.ts'
import type { AskRequest } from '../shared/ipc.ts'
import type { Push } from '../shared/push.ts'
import type { Settings } from '../shared/settings.ts'
import { type AnswerPort, serveAnswer } from './answer-session.ts'
import { createEvidenceReader } from './answer/answer-evidence.ts'
import { type AbortReason, createAnswers } from './answer/answers.ts'
import { createCheckStage } from './answer/check-stage.ts'
import { createCondenseStage } from './answer/condense-stage.ts'
import { createCondenser } from './answer/condenser.ts'
import { createConversationMemory } from './answer/conversation-memory.ts'
import { closeEnoughAmong } from './answer/refusal.ts'
import { chunksFor } from './answer/choose-passages.ts'
import { createExplainAnswer } from './answer/explain-answer.ts'
import { createExplainPassage, type ExplainPassage } from './answer/explain-passage.ts'
import { createFairGenerator, createTurns } from './answer/fair-generator.ts'
import { createModelWarmUp } from './answer/model-warm-up.ts'
import { passagePreset } from './answer/presets.ts'
import { createModelWatch, type ModelWatch } from './answer/model-watch.ts'
import { createQuoteWriter } from './answer/quotes.ts'
import { createSelfTest, type SelfTest } from './answer/self-test.ts'
import { createRetrieveStage } from './answer/retrieve-stage.ts'
import { wantWhatIsFound } from './answer/want-what-is-found.ts'
import { createPassageSearch, type PassageSearch } from './answer/search-passages.ts'
import { createStreamAnswer, type StreamAnswer } from './answer/stream-answer.ts'
import { createSummariseStage, forQuestions } from './answer/summarise-stage.ts'
import { createSummariser } from './answer/summariser.ts'
import { createWriteStage } from './answer/write-stage.ts'
import { pushCollections } from './collection-pushes.ts'
import { type ConversationUpkeep, createConversationUpkeep } from './conversation-upkeep.ts'
import { createFindDocuments, type FindDocuments } from './findings/find-documents.ts'
import { createOpenFindings } from './findings/open-findings.ts'
import { type ConversationExport, createConversationExport } from './export/conversation-export.ts'
import { writeFindings } from './export/findings-csv.ts'
import { createFileLog } from './file-log.ts'
import { readApiToken } from './local-api/api-token.ts'
import { createLocalApi, type LocalApi, type LocalApiSettings } from './local-api/local-api.ts'
import type { LocalService } from './local-api/local-service.ts'
import { serveMcpStreams } from './local-api/mcp/mcp-stdio.ts'
import { listenForOwner, openLocalApi } from './local-api/open-local-api.ts'
import { createChatRelay } from './generators/chat-relay.ts'
import { createModelServers } from './generators/model-servers.ts'
import { isOllamaInstalled } from './generators/ollama-installed.ts'
import { readOllamaRunners } from './generators/runner-processes.ts'
import { readServerSetting } from './generators/server-plan.ts'
import { createStoppedWork } from './generators/stopped-work.ts'
import { createEmbedderChoice, type EmbedderChoice, tidyEmbedders } from './embedder-choice.ts'
import { createOllamaEmbedding } from './generators/ollama-embedding.ts'
import { createHandlers, type Desktop, type Handlers } from './handlers.ts'
import { chunkerVersion } from './ingest/chunk/chunk-settings.ts'
import { routeQuestion } from './ingest/chunk/route-embedder.ts'
import { createImporter, type Importer } from './ingest/importer.ts'
import { createPasswords, type Passwords } from './ingest/passwords.ts'
import { createRecutter, type Recutter } from './ingest/recutter.ts'
import { createReindexer, type Reindexer } from './ingest/reindexer.ts'
import { parserVersion } from './ingest/parse/parser-version.ts'
import type { CollectionStore } from './ports/collection-store.ts'
import type { ConversationStore } from './ports/conversation-store.ts'
import type { DocumentStore } from './ports/document-store.ts'
import type { EmbedderStore } from './ports/embedder-store.ts'
import type { Embedder } from './ports/embedding.ts'
import type { Log } from './ports/log.ts'
import type { VerifyReport } from './ports/verify.ts'
import type { WorkerTransport } from './ports/workers.ts'
import { systemFolderEvents } from './ingest/watch/system-folder-events.ts'
import { createWatchedFolders, type WatchedFolders } from './ingest/watch/watched-folders.ts'
import { pushImportProgress } from './import-pushes.ts'
import { pushLibraryChanges } from './library-pushes.ts'
import { openOwnerSocket } from './local-socket/open-owner-socket.ts'
import type { RemoteCommand } from './local-socket/serve-command.ts'
import { socketPlace } from './local-socket/socket-place.ts'
import { createModelDownloads } from './model-downloads.ts'
import { seedConversation } from './local-api/seed-conversation.ts'
import { createUploads } from './local-api/uploads.ts'
import { watchConnections } from './network-proof.ts'
import { createOriginals, type Originals } from './originals.ts'
import { openStorage } from './storage/open-storage.ts'
import { systemClock } from './system-clock.ts'
import { untilQuiet } from './until-quiet.ts'
import { isOnBoard, createServingEmbedder, createVectorMaker } from './vector-maker.ts'
import { createEmbedderFolders } from './worker/embedder-folders.ts'
import { addedModel } from './worker/embedder-models.ts'
import { createEmbedderPool } from './worker/embedder-pool.ts'
import { createParserClient } from './worker/parser-client.ts'
import { createPasswordCheck } from './worker/password-check.ts'
import { createRecogniserClient } from './worker/recogniser-client.ts'

export type { AnswerPort } from './answer-session.ts'
export type { RemoteCommand } from './local-socket/serve-command.ts'
export type { Desktop } from './handlers.ts'

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

/** A server on this computer seldom writes two answers faster than one after the other; one slow reader must not hold all. */
const completionsAtOnce = 2

/** @throws AppError `storage-locked` `storage-newer` `storage-corrupt` `storage-full`; nothing stays open then. */
export async function compose(options: ComposeOptions): Promise<Carrel> {
  const { dataFolder, resourcesFolder, outFolder, transport, desktop, environment } = options
  const clock = systemClock
  await using stack = new AsyncDisposableStack()
  const quitting = new AbortController()
  const listeners = new Set<(push: Push) => void>()
  const push = (message: Push): void => {
    for (const listener of listeners) listener(message)
  }

  await mkdir(dataFolder, { recursive: true })
  let isVerboseSetting = false
  const log = createFileLog({
    dataFolder,
    isTerminal: options.isTerminal,
    isVerbose: () => options.isVerbose || isVerboseSetting,
  })
  const connections = watchConnections()
  stack.defer(() => connections.stop())
  const storage = stack.use(
    await openStorage({
      dataFolder,
      keywordThread: join(outFolder, 'keyword-search.js'),
      parserVersion,
      chunkerVersion,
      clock,
      log,
    }),
  )
  const { documents, collections, settings, chunkIndex, keywordIndex } = storage
  const conversations = createConversationMemory(storage.conversations, { capacity: 32 })
  const conversationUpkeep = stack.use(
    createConversationUpkeep({
      conversations: {
        expireDeleted(before) {
          conversations.expireDeleted(before)
          collections.expireDeleted(before)
        },
        tidy: () => conversations.tidy() || collections.tidy(),
      },
      clock,
      log,
    }),
  )
  const conversationExport = createConversationExport(conversations)
  isVerboseSetting = settings.get().verboseLog
  documents.recover()
  conversations.recover()

  const answers = createAnswers({ clock, log })
  const modelsFolder = join(resourcesFolder, 'models')
  const parser = stack.use(createParserClient({ transport, modelsFolder, clock, log }))
  const recogniser = stack.use(createRecogniserClient({ transport, modelsFolder, clock, log }))
  const passwords = createPasswords()
  const passwordCheck = stack.use(createPasswordCheck({ transport, modelsFolder, clock, log }))
  const embedderPool = stack.use(
    createEmbedderPool({ transport, modelsFolder, processCount: settings.get().embedderProcesses, clock, log }),
  )
  const ollamaEmbedding = createOllamaEmbedding({
    setting: () => settings.get().modelServer,
    ollamaHost: environment['OLLAMA_HOST'],
    clock,
    untilQuiet: (signal) => untilQuiet(answers, signal),
  })
  const embeddersFolder = join(dataFolder, 'embedders')
  const makeVectors = createVectorMaker({
    onBoard: (texts, given) => embedderPool.embed(texts, given),
    added: (texts, { record, ...given }) =>
      embedderPool.embed(texts, { ...given, embedder: addedModel(record, embeddersFolder) }),
    byOllama: (texts, given) => ollamaEmbedding.embed(texts, given),
  })
  const embedder = createServingEmbedder({ embedders: storage.embedders, makeVectors, pool: embedderPool })
  // Both stores are made to agree before new work starts; questions need not wait for it.
  const reconciled = storage.reconcile({ signal: quitting.signal }).then(() => undefined)
  const importer: Importer = stack.use(
    createImporter({
      documents,
      chunkIndex,
      embedder,
      parser,
      passwords,
      recogniser,
      clock,
      log,
      ready: reconciled,
      resumes: options.isResident,
      isPaused: settings.get().importPaused,
      documentsToCut: () => recutter.documentsLeft,
    }),
  )
  const recutter: Recutter = stack.use(
    createRecutter({
      documents,
      cutter: parser,
      mayWork: () => !importer.isPaused && !importer.isReading,
      onImportProgress: (listener) => importer.onProgress(listener),
      onCut: () => importer.wake(),
      clock,
      log,
      ready: reconciled,
      resumes: options.isResident,
    }),
  )

  const reindexer = stack.use(
    createReindexer({
      documents,
      chunkIndex,
      embedders: storage.embedders,
      makeVectors,
      reconcile: () => storage.reconcile({ signal: quitting.signal }),
      onSwitched: () => importer.wake(),
      clock,
      log,
      ready: reconciled,
      resumes: options.isResident,
    }),
  )
  const folders = createEmbedderFolders({ parent: embeddersFolder, transport, modelsFolder, clock, log })
  const tellEmbedders = (): void => push({ type: 'embedders', status: embedderChoice.status() })
  const embedderChoice = createEmbedderChoice({
    embedders: storage.embedders,
    documents,
    reindexer,
    folders,
    ollama: ollamaEmbedding,
    processes: embedderPool.processCount,
    clock,
    log,
    onChange: tellEmbedders,
  })
  stack.defer(reindexer.onChange(tellEmbedders))
  await tidyEmbedders({ embedders: storage.embedders, reindexer, folders })
  const watchedFolders = stack.use(
    createWatchedFolders({
      documents,
      folders: storage.watchedFolders,
      events: systemFolderEvents,
      dataFolder: await realpath(dataFolder),
      clock,
      log,
      onWork: () => importer.wake(),
    }),
  )

  const stoppedWork = stack.use(createStoppedWork({ clock, log, readRunners: () => readOllamaRunners() }))
  const server = createModelServers({
    setting: () => settings.get().modelServer,
    ollamaHost: environment['OLLAMA_HOST'],
    isOllamaInstalled: () => isOllamaInstalled(environment),
    stoppedWork,
    clock,
    log,
  })
  const models = createModelWatch({ server, settings, clock })
  const refreshModels = (): void => {
    models.refresh({ signal: quitting.signal }).catch((error: unknown) => {
      if (!quitting.signal.aborted) log.warn('the model server could not be looked at', error)
    })
  }
  const downloads = stack.use(createModelDownloads({ care: server, clock, log, onDone: refreshModels }))
  const searchUnwanted = createPassageSearch({
    documents,
    chunkIndex,
    keywordIndex,
    embedder,
    log,
    routeQuestion,
    isCalibrated: (embedderId) => {
      const { record } = storage.embedders.serving(embedderId)
      return record.id === embedderId && isOnBoard(record)
    },
  })
  const search = wantWhatIsFound(searchUnwanted, documents)
  const quotes = createQuoteWriter({ embedder, log, routeQuestion })
  const retrieve = createRetrieveStage({ search, documents, collections, settings })
  const findDocuments = createFindDocuments({
    findingsIndex: storage.findingsIndex,
    documents,
    collections,
    search,
    closeEnough: (within) => closeEnoughAmong(documents.searchableChunkCount(within?.keys ?? null)),
  })
  const findings = stack.use(createOpenFindings(findDocuments))
  // Looking back at a question is not asking it: what it finds is not wanted any sooner.
  const explain = createExplainPassage({ search: searchUnwanted, documents, settings })
  const explainAnswer = createExplainAnswer({
    explain,
    documents,
    conversations,
    collections,
    considered: () => chunksFor(passagePreset(settings.get())).considered,
  })
  const selfTest = stack.use(
    createSelfTest({
      search: searchUnwanted,
      documents,
      store: storage.selfTest,
      setup: () => ({
        version: desktop.version,
        parserVersion,
        chunkerVersion: documents.oldestChunker() ?? chunkerVersion,
        indexes: languageGroups.map((group) => {
          const { record } = storage.embedders.serving(boardIdOf[group])
          return { group, embedder: record.id }
        }),
      }),
      considered: () => chunksFor(passagePreset(settings.get())).considered,
      isSettled: () =>
        languageGroups.every((group) => reindexer.progress(boardIdOf[group]) === null) &&
        !hasImportWork(importer.progress) &&
        recutter.documentsLeft === 0,
      untilQuiet: (signal) => untilQuiet(answers, signal),
      clock,
      log,
    }),
  )
  const condenser = createCondenser({ generator: server, clock, log })
  const turns = createTurns(completionsAtOnce)
  const generator = createFairGenerator(server, turns)
  const summariser = stack.use(
    createSummariser({ generator: server, conversations, tokenRatios: storage.tokenRatios, log }),
  )
  const openEvidence = createEvidenceReader({ embedder, log })
  const streamAnswer = createStreamAnswer({
    answers,
    stages: [
      createSummariseStage({
        documents,
        generator,
        models,
        settings,
        openEvidence,
        log,
      }),
      ...[
        createCondenseStage({ condenser, models, documents, settings, retrieve }),
        retrieve,
        createWriteStage({
          generator,
          models,
          settings,
          quotes,
          openEvidence,
          tokenRatios: storage.tokenRatios,
        }),
      ].map(forQuestions),
      createCheckStage(),
    ],
    conversations,
    collections,
    documents,
    clock,
    log,
    onTurn({ conversationId }, result) {
      const context = result?.usage.context
      if (options.isResident && result?.model != null && context != null && result.finishReason !== 'aborted')
        summariser.answered(conversationId, { model: result.model, contextTokens: context.limitTokens })
      const summary = conversations.summary(conversationId)
      if (summary !== null) push({ type: 'conversations', changed: [summary], removed: [] })
    },
  })
  const warmModel = stack.use(
    createModelWarmUp({
      care: server,
      models,
      settings,
      isOnBattery: () => desktop.isOnBattery(),
      isAnswering: () => answers.count > 0,
      clock,
      log,
    }),
  )
  answers.onCount((count) => {
    embedder.yieldToAnswers(count > 0)
    summariser.setAnswering(count > 0)
    // What is loaded has changed, and perhaps whether it fits.
    if (count === 0 && options.isResident && !quitting.signal.aborted) refreshModels()
  })

  importer.onProblem((problem) => push({ type: 'import', problem: problem === null ? null : serializeError(problem) }))
  stack.defer(pushLibraryChanges({ documents, clock, push }))
  stack.defer(pushCollections({ documents, collections, clock, push }))
  stack.defer(watchedFolders.onChange((folders) => push({ type: 'watched-folders', folders })))
  stack.defer(pushImportProgress({ importer, clock, push }))
  stack.defer(selfTest.onChange(() => push({ type: 'self-test', status: selfTest.status() })))
  if (options.isResident) {
    // After another embedder, chunker or version, as soon as what is found is what will be found.
    importer.onProgress(() => selfTest.wake())
    stack.defer(reindexer.onChange(() => selfTest.wake()))
    void reconciled.then(
      () => selfTest.wake(),
      // The importer says what is wrong with the stores.
      () => undefined,
    )
  }
  stack.defer(models.onChange((status) => push({ type: 'models', status })))
  stack.defer(downloads.onChange((pull) => push({ type: 'model-pull', pull })))
  stack.defer(stoppedWork.onChange((work) => push({ type: 'model-work', work })))
  stack.defer(
    connections.onChange(() =>
      push({
        type: 'network',
        connectionsOutside: connections.outside(),
        connectionsBlocked: desktop.connectionsBlocked(),
      }),
    ),
  )
  stack.defer(() => quitting.abort())
  // First of all when quitting: the model's connections close, and partial answers are written.
  stack.defer(() => {
    warmModel.cancel()
    downloads.cancel()
    summariser.cancel()
    return answers.close()
  })

  const uploads = stack.use(createUploads({ folder: join(dataFolder, 'uploads'), documents, log }))
  const service: LocalService = {
    streamAnswer,
    search,
    findDocuments,
    documents,
    collections,
    importer,
    models,
    answers,
    relay: createFairGenerator(createChatRelay({ status: (signal) => models.current({ signal }), clock, log }), turns),
    seedConversation: (id, turns) => seedConversation(conversations, id, turns),
    uploads,
    allowedFolders: () => localApi.allowedFolders,
    version: desktop.version,
    status: () => handlers['app:status']({}),
    clock,
    log,
  }
  const localApi = stack.use(
    createLocalApi({ readToken: () => readApiToken(dataFolder), open: openLocalApi(service), log }),
  )
  stack.defer(localApi.onChange((status) => push({ type: 'local-api', status })))

  const originals = createOriginals({ documents })
  const handlers = createHandlers({
    dataFolder,
    samplesFolder: join(resourcesFolder, 'samples'),
    desktop,
    documents,
    collections,
    conversations,
    conversationUpkeep,
    conversationExport,
    findings,
    settings,
    embedder,
    embedderChoice,
    importer,
    passwords,
    passwordCheck,
    originals,
    watchedFolders,
    answers,
    models,
    downloads,
    warmUp: warmModel,
    stoppedWork,
    endConversation(id) {
      answers.abortConversation(id, 'conversation deleted')
      summariser.forget(id)
    },
    readServerSetting,
    explainAnswer,
    selfTest,
    connectionsOutside: () => connections.outside(),
    localApiStatus: () => localApi.status,
    push(message) {
      if (message.type === 'settings') {
        isVerboseSetting = message.settings.verboseLog
        if (options.isResident) void localApi.apply(localApiSettings(message.settings))
      }
      push(message)
    },
    signal: quitting.signal,
  })

  if (options.isResident) void localApi.apply(localApiSettings(settings.get()))
  if (options.isResident) conversationUpkeep.wake()
  if (options.isResident) watchedFolders.start()
  if (options.isResident) void warmUp(embedder, storage.embedders, quitting.signal, log)

  const carrel: Carrel = {
    handlers,
    importer,
    passwords,
    embedderChoice,
    reindexer,
    recutter,
    watchedFolders,
    documents,
    collections,
    conversations,
    conversationUpkeep,
    conversationExport,
    models,
    originals,
    search,
    explain,
    findDocuments,
    writeFindings,
    selfTest,
    streamAnswer,
    localApi,
    async verify() {
      await reconciled
      return storage.verify()
    },
    serveAnswer: (port, request) => serveAnswer(port, request, { streamAnswer, clock, log }),
    abortAnswers(frontEnd, reason) {
      answers.abortFrontEnd(frontEnd, reason)
      // The page that comes after a reload wants it again.
      if (reason !== 'page reloaded') warmModel.cancel()
      summariser.cancel()
    },
    abortAllAnswers(reason) {
      answers.abortAll(reason)
      warmModel.cancel()
      summariser.cancel()
    },
    endModelWork() {
      warmModel.cancel()
      summariser.cancel()
      downloads.cancel()
    },
    onPush(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    serveMcp: (streams, { frontEnd, signal }) => serveMcpStreams(service, streams, { frontEnd, signal }),
    [Symbol.asyncDispose]: () => lifetime.disposeAsync(),
  }
  const { runCommandLine } = options
  if (options.isResident && runCommandLine !== undefined) {
    stack.use(
      await openOwnerSocket({
        place: socketPlace(dataFolder),
        listen: listenForOwner(service),
        runCommandLine: (command) => runCommandLine(carrel, command),
        log,
      }),
    )
  }
  const lifetime = stack.move()
  return carrel
}

function localApiSettings(settings: Settings): LocalApiSettings {
  return {
    isOn: settings.localApi,
    port: settings.localApiPort,
    allowedOrigins: settings.localApiOrigins,
    allowedFolders: settings.localApiFolders,
  }
}

/** The first question then need not wait for a process to start and a model to load. */
async function warmUp(embedder: Embedder, embedders: EmbedderStore, signal: AbortSignal, log: Log): Promise<void> {
  try {
    for (const embedderId of ['all-MiniLM-L6-v2', 'bge-small-zh-v1.5'] as const) {
      // Ollama would put out the model that answers.
      if (embedders.serving(embedderId).record.identity.source === 'ollama') continue
      await embedder.embed(['.'], { embedder: embedderId, priority: 'interactive', signal })
    }
  } catch (error) {
    if (!signal.aborted) log.warn('the embedders could not be warmed up', error)
  }
}
