import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Push } from '../shared/push.ts'
import type { Settings } from '../shared/settings.ts'
import { serveAnswer } from './answer-session.ts'
import { createAnswers } from './answer/answers.ts'
import { createConversationMemory } from './answer/conversation-memory.ts'
import { createFairGenerator } from './answer/fair-generator.ts'
import { createConversationUpkeep } from './conversation-upkeep.ts'
import { createConversationExport } from './export/conversation-export.ts'
import { writeFindings } from './export/findings-csv.ts'
import { createFileLog } from './file-log.ts'
import { createChatRelay } from './generators/chat-relay.ts'
import { readServerSetting } from './generators/server-plan.ts'
import { createHandlers } from './handlers.ts'
import { chunkerVersion } from './ingest/chunk/chunk-settings.ts'
import { parserVersion } from './ingest/parse/parser-version.ts'
import { readApiToken } from './local-api/api-token.ts'
import { type LocalApiSettings, createLocalApi } from './local-api/local-api.ts'
import type { LocalService } from './local-api/local-service.ts'
import { serveMcpStreams } from './local-api/mcp/mcp-stdio.ts'
import { listenForOwner, openLocalApi } from './local-api/open-local-api.ts'
import { seedConversation } from './local-api/seed-conversation.ts'
import { createUploads } from './local-api/uploads.ts'
import { openOwnerSocket } from './local-socket/open-owner-socket.ts'
import { socketPlace } from './local-socket/socket-place.ts'
import { watchConnections } from './network-proof.ts'
import { createOriginals } from './originals.ts'
import type { EmbedderStore } from './ports/embedder-store.ts'
import type { Embedder } from './ports/embedding.ts'
import type { Log } from './ports/log.ts'
import { openStorage } from './storage/open-storage.ts'
import { systemClock } from './system-clock.ts'
import type { Carrel, ComposeOptions } from './composing/carrel.ts'
import { composeAnswers } from './composing/compose-answers.ts'
import { composeImport } from './composing/compose-import.ts'
import { composeModels } from './composing/compose-models.ts'
import { composePushes } from './composing/compose-pushes.ts'
import { composeSearch } from './composing/compose-search.ts'
import type { Foundation } from './composing/foundation.ts'

export type { AnswerPort } from './answer-session.ts'
export type { RemoteCommand } from './local-socket/serve-command.ts'
export type { Desktop } from './handlers.ts'
export type { Carrel, ComposeOptions } from './composing/carrel.ts'

/** @throws AppError `storage-locked` `storage-newer` `storage-corrupt` `storage-full`; nothing stays open then. */
export async function compose(options: ComposeOptions): Promise<Carrel> {
  const { dataFolder, resourcesFolder, outFolder, desktop } = options
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
  const { documents, collections, settings } = storage
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

  const foundation: Foundation = {
    options,
    storage,
    conversations,
    clock,
    log,
    push,
    quitting: quitting.signal,
    // Both stores are made to agree before new work starts; questions need not wait for it.
    reconciled: storage.reconcile({ signal: quitting.signal }).then(() => undefined),
    answers: createAnswers({ clock, log }),
    stack,
  }
  const { answers, reconciled } = foundation
  const importParts = await composeImport(foundation)
  const { embedder, embedderChoice, importer, passwords, passwordCheck, recutter, reindexer, watchedFolders } =
    importParts
  const modelParts = composeModels(foundation)
  const { models, downloads, stoppedWork } = modelParts
  const searchParts = composeSearch(foundation, importParts)
  const { search, findDocuments, findings, explain, explainAnswer, selfTest } = searchParts
  const { streamAnswer, summariser, turns, warmModel } = composeAnswers(
    foundation,
    importParts,
    modelParts,
    searchParts,
  )
  composePushes({ ...foundation, connections }, importParts, modelParts, searchParts)
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
