import { totalmem } from 'node:os'
import type { RequestChannel } from '../shared/channels.ts'
import { condensePromptProblem, type CondensePromptProblem } from '../shared/condense-prompt.ts'
import { AppError, serializeError } from '../shared/errors.ts'
import type { CollectionId, ConversationId } from '../shared/ids.ts'
import type { IpcParsedRequest, IpcResponse } from '../shared/ipc.ts'
import type { LocalApiStatus } from '../shared/local-api.ts'
import type { Push } from '../shared/push.ts'
import type { ModelWork } from '../shared/model-server.ts'
import type { Settings } from '../shared/settings.ts'
import type { Answers } from './answer/answers.ts'
import type { ExplainAnswer } from './answer/explain-answer.ts'
import type { ModelWarmUp } from './answer/model-warm-up.ts'
import type { ModelWatch } from './answer/model-watch.ts'
import type { SelfTest } from './answer/self-test.ts'
import type { Importer } from './ingest/importer.ts'
import type { Passwords } from './ingest/passwords.ts'
import type { CollectionStore } from './ports/collection-store.ts'
import type { ConversationStore } from './ports/conversation-store.ts'
import type { DocumentStore } from './ports/document-store.ts'
import type { Embedder } from './ports/embedding.ts'
import type { PasswordCheck } from './ports/parsing.ts'
import type { SettingsStore } from './ports/settings-store.ts'
import type { ModelDownloads } from './model-downloads.ts'
import type { EmbedderChoice } from './embedder-choice.ts'
import { createEmbedderHandlers } from './embedder-handlers.ts'
import { createCollectionHandlers } from './collection-handlers.ts'
import { createConversationHandlers } from './conversation-handlers.ts'
import { createEvidenceHandlers } from './evidence-handlers.ts'
import type { ExportFormat } from '../shared/export-format.ts'
import type { ConversationExport } from './export/conversation-export.ts'
import type { OpenFindings } from './findings/open-findings.ts'
import { createFindingsHandlers } from './findings-handlers.ts'
import type { ConversationUpkeep } from './conversation-upkeep.ts'
import type { Originals } from './originals.ts'
import { createSelfTestHandlers } from './self-test-handlers.ts'
import { readSamples } from './samples.ts'
import type { WatchedFolders } from './ingest/watch/watched-folders.ts'
import { createReadingHandlers } from './reading-handlers.ts'
import { createWatchedFolderHandlers } from './watched-folder-handlers.ts'

/** What only the shell around Carrel can do: dialogs, the file manager. */
export interface Desktop {
  /** Of the app, from package.json. */
  readonly version: string
  /** Requests of the page that were refused. */
  connectionsBlocked(): number
  isOnBattery(): boolean
  chooseFiles(): Promise<readonly string[]>
  chooseFolder(): Promise<readonly string[]>
  /** Asks where to save a file. @returns null when they chose nothing */
  chooseNewFile(options: { readonly fileName: string; readonly format: ExportFormat | 'csv' }): Promise<string | null>
  openFolder(path: string): Promise<void>
  /** In the program that the system opens such files with. @throws AppError `not-found` where there is none, or no file */
  openFile(path: string): Promise<void>
  revealFile(path: string): Promise<void>
}

export interface HandlerParts {
  readonly dataFolder: string
  readonly samplesFolder: string
  readonly desktop: Desktop
  readonly documents: DocumentStore
  readonly collections: CollectionStore
  readonly conversations: ConversationStore
  readonly conversationUpkeep: ConversationUpkeep
  readonly conversationExport: ConversationExport
  readonly findings: OpenFindings
  readonly settings: SettingsStore
  readonly embedder: Embedder
  readonly embedderChoice: EmbedderChoice
  readonly importer: Importer
  readonly passwords: Passwords
  readonly passwordCheck: PasswordCheck
  readonly originals: Originals
  readonly watchedFolders: WatchedFolders
  readonly answers: Answers
  readonly models: ModelWatch
  readonly downloads: ModelDownloads
  readonly warmUp: ModelWarmUp
  readonly stoppedWork: { readonly current: ModelWork | null }
  /** Ends what the model does for a conversation: its answer, its notes. */
  readonly endConversation: (id: ConversationId) => void
  /** An address as a person types it, as it is kept. @throws AppError `invalid-request` `model-not-local` */
  readonly readServerSetting: (text: string) => string
  readonly explainAnswer: ExplainAnswer
  readonly selfTest: SelfTest
  readonly connectionsOutside: () => number
  readonly localApiStatus: () => LocalApiStatus
  readonly push: (push: Push) => void
  /** Ends with Carrel. */
  readonly signal: AbortSignal
}

export type Handlers<Channel extends RequestChannel = RequestChannel> = {
  readonly [C in Channel]: (request: IpcParsedRequest<C>) => Promise<IpcResponse<C>> | IpcResponse<C>
}

/** Ten thousand in one go would hold main for 70 ms. */
const removedAtOnce = 500

const condensePromptSentences: Record<CondensePromptProblem, string> = {
  'no-history': 'The prompt for follow-ups does not say where the conversation goes. Put {history} in its place.',
  'no-question': 'The prompt for follow-ups does not say where the question goes. Put {question} in its place.',
  'too-long': 'The prompt for follow-ups is over 4,000 characters. Make it shorter.',
}

/** One short function a channel; requests were checked against the contract before. @throws AppError, which becomes the reply. */
export function createHandlers(parts: HandlerParts): Handlers {
  const { documents, settings, importer, models, desktop, signal } = parts

  const add = async (paths: readonly string[], collectionId: CollectionId | null): Promise<{ queued: number }> => {
    if (paths.length === 0) return { queued: 0 }
    if (collectionId === null) return { queued: await importer.add(paths, { signal }) }
    const onFile = (path: string): void => parts.collections.addPath(collectionId, path)
    return { queued: await importer.add(paths, { signal, onFile }) }
  }

  const changeSettings = (change: Partial<Settings>): Settings => {
    const changed = settings.set(change)
    parts.push({ type: 'settings', settings: changed })
    return changed
  }

  return {
    'app:status': () => ({
      version: desktop.version,
      dataFolder: parts.dataFolder,
      embedderProcesses: parts.embedder.processCount,
      connectionsOutside: parts.connectionsOutside(),
      connectionsBlocked: desktop.connectionsBlocked(),
      activeAnswers: parts.answers.count,
      importProblem: importer.problem === null ? null : serializeError(importer.problem),
      importProgress: importer.progress,
      totals: documents.totals(),
    }),
    'app:open-data-folder': async () => {
      await desktop.openFolder(parts.dataFolder)
      return {}
    },
    'library:list': (request) => {
      const { total, documents: rows } = documents.list(request)
      return { total, documents: [...rows] }
    },
    'library:add-paths': ({ paths, collectionId }) => add(paths, collectionId),
    'library:choose': async ({ what, collectionId }) =>
      add(what === 'files' ? await desktop.chooseFiles() : await desktop.chooseFolder(), collectionId),
    'library:add-samples': async () => {
      const { paths, questions } = await readSamples(parts.samplesFolder)
      const { queued } = await add(paths, null)
      return { queued, questions: [...questions] }
    },
    'library:remove': async ({ documentIds }) => {
      let removed = 0
      for (let start = 0; start < documentIds.length; start += removedAtOnce) {
        removed += documents.remove(documentIds.slice(start, start + removedAtOnce))
        await new Promise((resolve) => setImmediate(resolve))
      }
      importer.wake()
      return { removed }
    },
    'library:retry': ({ documentId }) => {
      documents.retry(documentId)
      documents.want([documentId])
      importer.wake()
      return {}
    },
    'library:unlock': async ({ documentId, password }) => {
      const [document] = documents.summaries([documentId])
      const path = document?.paths[0]
      if (document === undefined || path === undefined)
        throw new AppError('not-found', 'This document is no longer in the library.')
      if (!(await parts.passwordCheck.opens({ path, password }, { signal }))) return { opens: false }
      parts.passwords.remember(documentId, password)
      if (document.state === 'needs-attention') documents.retry(documentId)
      else documents.startScan(documentId)
      documents.want([documentId])
      importer.wake()
      return { opens: true }
    },
    'library:stop-scan': ({ documentId }) => {
      importer.stopScan(documentId)
      return {}
    },
    'library:start-scan': ({ documentId }) => {
      documents.startScan(documentId)
      importer.wake()
      return {}
    },
    'document:password': ({ documentId }) => ({ password: parts.passwords.of(documentId) }),
    'library:retry-failed': async () => ({ retried: await importer.retryFailed({ signal }) }),
    'library:stop': ({ documentIds }) => ({ stopped: importer.stop(documentIds) }),
    'library:pause': ({ isPaused }) => {
      importer.setPaused(isPaused)
      changeSettings({ importPaused: isPaused })
      return {}
    },
    'document:read': ({ documentId, start, end, neighbours }) => {
      const [document] = documents.summaries([documentId])
      if (document === undefined)
        throw new AppError(
          'not-found',
          'This document is no longer in the library. The stored passage can still be read.',
        )
      const { slices, sliceCount, parserVersion } = documents.readSlices(documentId, { start, end, neighbours })
      return { document, parserVersion, sliceCount, slices: [...slices] }
    },
    'document:explain': (request) => parts.explainAnswer(request, { signal }),
    'document:boxes': ({ documentId, start, end }) => ({ boxes: [...documents.boxes(documentId, start, end)] }),
    ...createEvidenceHandlers(parts),
    ...createReadingHandlers(parts),
    ...createCollectionHandlers(parts),
    ...createWatchedFolderHandlers(parts),
    ...createConversationHandlers(parts),
    ...createFindingsHandlers(parts),
    'models:status': () => models.refresh({ signal }),
    'models:choose': async ({ name }) => {
      parts.push({ type: 'settings', settings: settings.set({ model: name }) })
      return models.refresh({ signal })
    },
    'models:details': () => models.refresh({ signal, isDetailed: true }),
    'models:activity': () => ({
      pull: parts.downloads.current,
      work: parts.stoppedWork.current,
      memoryBytes: totalmem(),
    }),
    'models:use-server': ({ address }) => {
      parts.push({ type: 'settings', settings: settings.set({ modelServer: parts.readServerSetting(address) }) })
      return models.refresh({ signal })
    },
    'models:warm-up': () => {
      parts.warmUp.request()
      return {}
    },
    'models:pull': ({ name }) => parts.downloads.start(name),
    'models:cancel-pull': () => {
      parts.downloads.cancel()
      return {}
    },
    ...createEmbedderHandlers(parts),
    ...createSelfTestHandlers(parts),
    'settings:get': () => settings.get(),
    'settings:set': (change) => {
      const problem = typeof change.condensePrompt === 'string' ? condensePromptProblem(change.condensePrompt) : null
      if (problem !== null) throw new AppError('invalid-request', condensePromptSentences[problem])
      return changeSettings(definedOnly(change))
    },
    'local-api:allow-folder': async () => {
      const folders = settings.get().localApiFolders
      const chosen = await desktop.chooseFolder()
      return changeSettings({ localApiFolders: [...new Set([...folders, ...chosen])] })
    },
    'local-api:forget-folder': ({ folder }) =>
      changeSettings({ localApiFolders: settings.get().localApiFolders.filter((other) => other !== folder) }),
    'local-api:status': () => parts.localApiStatus(),
  }
}

/** Zod keeps `undefined` for keys that were given as such; the stored settings must not. */
function definedOnly<T extends object>(change: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
