import type { UnnumberedStreamEvent } from '../../src/shared/answer-stream.ts'
import type { ConversationHits } from '../../src/shared/conversation-search.ts'
import type { ConversationSummary, DeletedConversation, PlacedTurn, Turn } from '../../src/shared/conversation.ts'
import type { Collection } from '../../src/shared/collection.ts'
import type { DocumentSummary } from '../../src/shared/document.ts'
import type { EmbedderProposal, EmbeddersStatus } from '../../src/shared/embedder.ts'
import { boardEmbedders } from '../../src/shared/board-embedders.ts'
import type { Finding, FindingsSummary } from '../../src/shared/findings.ts'
import type { Result, SerializedAppError } from '../../src/shared/errors.ts'
import { type CollectionId, collectionIdSchema, type ConversationId, type DocumentId } from '../../src/shared/ids.ts'
import { idleImport, type ImportProgress } from '../../src/shared/import-progress.ts'
import type { AppStatus, AskRequestInput, IpcResponse, LibraryTotals } from '../../src/shared/ipc.ts'
import type { LocalApiStatus } from '../../src/shared/local-api.ts'
import type { ModelServerStatus } from '../../src/shared/model-server.ts'
import type { OriginalState } from '../../src/shared/original-state.ts'
import type { PageApi } from '../../src/shared/page-api.ts'
import type { PassageNow } from '../../src/shared/passage-now.ts'
import type { PassageExplanation } from '../../src/shared/passage-explanation.ts'
import type { Push } from '../../src/shared/push.ts'
import type { SelfTestStatus } from '../../src/shared/self-test.ts'
import { settingsSchema, type Settings } from '../../src/shared/settings.ts'
import type { WatchedFolder, WatchedFolderId } from '../../src/shared/watched-folder.ts'
import { createDocumentMapper } from '../../src/main/map-slices.ts'
import { findInText } from '../../src/shared/find-in-text.ts'
import type { FakeDocument } from './fake-library.ts'

/** An answer that waits to be written by the test: send what main would send. */
export interface FakeAnswer {
  readonly request: AskRequestInput
  send(...events: readonly UnnumberedStreamEvent[]): void
  isAborted(): boolean
}

/** A conversation with all its turns; keys are their places, from 1. */
export interface FakeConversation extends ConversationSummary {
  readonly turns: readonly PlacedTurn[]
}

/** What the fake knows; a test may change any of it. */
export interface FakeWorld {
  documents: DocumentSummary[]
  /** Counts come from the documents. */
  collections: Pick<Collection, 'id' | 'name'>[]
  texts: readonly FakeDocument[]
  conversations: FakeConversation[]
  deleted: (FakeConversation & DeletedConversation)[]
  /** What every search of conversations finds. */
  hits: ConversationHits
  models: ModelServerStatus
  activity: IpcResponse<'models:activity'>
  settings: Settings
  localApi: LocalApiStatus
  embedders: EmbeddersStatus
  embedderProposal: EmbedderProposal | null
  ollamaEmbedders: readonly { readonly name: string; readonly isMadeForIt: boolean }[]
  watchedFolders: WatchedFolder[]
  /** What every question why something was not found is told. */
  explanation: PassageExplanation
  selfTest: SelfTestStatus
  sampleQuestions: readonly string[]
  /** Of those that are not where they were read. */
  readonly originals: Map<DocumentId, OriginalState>
  /** What stands in the place of every kept passage. */
  passageNow: PassageNow
  /** What every look for documents finds. */
  findings: { readonly rows: readonly Finding[]; readonly summary: FindingsSummary }
  /** Requests of these channels fail with this error. */
  importProgress: ImportProgress
  failures: Partial<Record<string, SerializedAppError>>
  /** Every request, in order. */
  readonly requests: { readonly channel: string; readonly request: unknown }[]
  readonly answers: FakeAnswer[]
  onAsk: (answer: FakeAnswer) => void
  push(push: Push): void
}

/** The embedders on board, each for its language, in a library of some size. */
export const boardOnly: EmbeddersStatus = {
  embedders: Object.values(boardEmbedders),
  processes: 2,
  groups: [
    {
      group: 'chinese',
      embedderId: 'bge-small-zh-v1.5',
      passages: 3_420,
      averageTokens: 170,
      next: null,
      misfit: null,
    },
    {
      group: 'other',
      embedderId: 'all-MiniLM-L6-v2',
      passages: 18_240,
      averageTokens: 168,
      next: null,
      misfit: null,
    },
  ],
}

/** Others were closer. */
export const lostInOrder: PassageExplanation = {
  lostAt: 'order',
  passageId: null,
  rank: 41,
  considered: 12,
  lookedAt: 1_000,
  threshold: 0.27,
  missingPhrases: [],
  candidate: null,
  source: null,
}

/** Nothing was kept yet. */
export const noSelfTest: SelfTestStatus = {
  kept: 0,
  generated: 0,
  running: null,
  isDue: false,
  problem: null,
  report: null,
}

/** A server with two local models and a refused one. */
export const readyModels: ModelServerStatus = {
  state: 'ready',
  product: 'ollama',
  address: 'http://127.0.0.1:11434',
  offeredAddress: null,
  triedAddresses: ['http://127.0.0.1:11434'],
  version: '0.11.4',
  models: [
    {
      name: 'qwen3:8b',
      sizeBytes: 5_200_000_000,
      parameterSize: '8.2B',
      quantization: 'Q4_K_M',
      contextTokens: 40_960,
      abilities: ['completion', 'tools', 'thinking'],
      isLoaded: true,
    },
    {
      name: 'smollm2:135m',
      sizeBytes: 98_000_000,
      parameterSize: '135M',
      quantization: 'Q4_1',
      contextTokens: 8192,
      abilities: ['completion'],
      isLoaded: false,
    },
  ],
  refusedModels: ['gpt-oss:120b-cloud'],
  chosenModel: 'qwen3:8b',
  problem: null,
}

/** No server answers. */
export const noModels: ModelServerStatus = {
  state: 'not-installed',
  product: null,
  address: null,
  offeredAddress: null,
  triedAddresses: ['http://127.0.0.1:11434', 'http://[::1]:11434'],
  version: null,
  models: [],
  refusedModels: [],
  chosenModel: null,
  problem: { code: 'ollama-unreachable', message: 'No model server answers on this computer.', retryable: true },
}

/** Of a look that found nothing. */
export const noFindings: FindingsSummary = {
  subject: 'nothing',
  isCount: false,
  documents: 0,
  searched: 0,
  words: 0,
  apart: 0,
  similar: 0,
  passages: 0,
  unread: { needsAttention: 0, waiting: 0, partly: 0, outdated: 0, documents: [] },
  keywordsOnly: null,
}

const localApiOff: LocalApiStatus = { state: 'off', address: null, token: null, problem: null }

/** The door for other programs, open. */
export const localApiOn: LocalApiStatus = {
  state: 'on',
  address: 'http://127.0.0.1:7517',
  token: 'T5vQx0mJr8cLw2kYb7nGdZ1uHs9aEfPi4oVtX6yKqRM',
  problem: null,
}

const ok = <T>(value: T): Result<T> => ({ ok: true, value })
const fail = (code: SerializedAppError['code']): Result<never> => ({
  ok: false,
  error: { code, message: code, retryable: false },
})

/** What main would count for these rows. */
export function totalsOf(documents: readonly DocumentSummary[]): LibraryTotals {
  const byState = { queued: 0, reading: 0, searchable: 0, ready: 0, 'needs-attention': 0 }
  for (const { state } of documents) byState[state] += 1
  const sum = (pick: (document: DocumentSummary) => number): number =>
    documents.reduce((total, document) => total + pick(document), 0)
  return {
    byState,
    documents: documents.length,
    chunks: sum((document) => document.chunkCount),
    embeddedChunks: sum((document) => document.embeddedChunkCount),
  }
}

/** `window.api` without Electron: everything in memory, answers written by whoever holds the world. */
export function createFakePageApi(given: Partial<FakeWorld> = {}): {
  readonly api: PageApi
  readonly world: FakeWorld
} {
  const listeners = new Set<(push: Push) => void>()
  const world: FakeWorld = {
    documents: [],
    collections: [],
    texts: [],
    conversations: [],
    deleted: [],
    hits: { titles: [], turns: [], nextKey: null, isComplete: true },
    models: readyModels,
    activity: { pull: null, work: null, memoryBytes: 16_000_000_000 },
    settings: settingsSchema.parse({}),
    localApi: localApiOff,
    embedders: boardOnly,
    embedderProposal: null,
    ollamaEmbedders: [],
    watchedFolders: [],
    explanation: lostInOrder,
    selfTest: noSelfTest,
    sampleQuestions: [],
    originals: new Map(),
    passageNow: { document: null, isSameFile: false, standing: null },
    findings: { rows: [], summary: noFindings },
    importProgress: idleImport,
    failures: {},
    requests: [],
    answers: [],
    onAsk: () => undefined,
    push: (push) => listeners.forEach((listener) => listener(push)),
    ...given,
  }
  const status = (): AppStatus => ({
    version: '0.1.0',
    dataFolder: 'Home/.local/share/carrel',
    embedderProcesses: 2,
    connectionsOutside: 0,
    connectionsBlocked: 0,
    activeAnswers: 0,
    importProblem: null,
    importProgress: world.importProgress,
    totals: totalsOf(world.documents),
  })
  const tellLibrary = (changed: readonly DocumentSummary[], removed: readonly DocumentId[]): void =>
    world.push({ type: 'library', changed, removed, isTooMuch: false, totals: totalsOf(world.documents) })
  let findingsGiven = 0
  const deletedCollections: FakeWorld['collections'] = []
  const listCollections = (): Collection[] =>
    world.collections
      .map(({ id, name }) => ({
        id,
        name,
        documentCount: world.documents.filter(({ collectionIds }) => collectionIds.includes(id)).length,
      }))
      .toSorted((a, b) => a.name.localeCompare(b.name))
  const tellCollections = (): void => world.push({ type: 'collections', collections: listCollections() })
  const move = (
    documentIds: readonly DocumentId[],
    next: (ids: readonly CollectionId[]) => readonly CollectionId[],
  ): number => {
    const changed = world.documents
      .filter(({ id }) => documentIds.includes(id))
      .map((document) => ({ ...document, collectionIds: [...next(document.collectionIds)] }))
    world.documents = world.documents.map((document) => changed.find(({ id }) => id === document.id) ?? document)
    tellLibrary(changed, [])
    tellCollections()
    return changed.length
  }
  const read = (request: {
    documentId: DocumentId
    start: number
    end: number
    neighbours: number
  }): Result<IpcResponse<'document:read'>> => {
    const text = world.texts.find(({ summary }) => summary.id === request.documentId)
    if (text === undefined) return fail('not-found')
    const inside = text.slices.filter(
      ({ start, end }) => start < Math.max(request.end, request.start + 1) && end > request.start,
    )
    const first = (inside[0]?.ordinal ?? 0) - request.neighbours
    const last = (inside.at(-1)?.ordinal ?? 0) + request.neighbours
    return ok({
      document: text.summary,
      parserVersion: 1,
      sliceCount: text.slices.length,
      slices: text.slices.filter(({ ordinal }) => ordinal >= first && ordinal <= last),
    })
  }
  const summaryOf = ({ turns: _turns, ...summary }: FakeConversation): ConversationSummary => summary
  const readTurns = ({
    id,
    at,
    limit,
  }: IpcMap['conversations:turns']['request']): Result<IpcMap['conversations:turns']['response']> => {
    const found = world.conversations.find((conversation) => conversation.id === id)
    if (found === undefined) return fail('not-found')
    const all = found.turns
    const from =
      at === 'newest'
        ? all.length - limit
        : 'before' in at
          ? at.before - 1 - limit
          : 'after' in at
            ? at.after
            : at.around - 3
    const first = Math.max(0, from)
    const last = at !== 'newest' && 'before' in at ? at.before - 1 : Math.min(all.length, first + limit)
    return ok({
      conversation: summaryOf(found),
      turns: all.slice(first, last),
      hasOlder: first > 0,
      hasNewer: last < all.length,
    })
  }
  type Handlers = {
    readonly [C in Exclude<keyof IpcMap, 'library:add-paths'>]: (
      request: IpcMap[C]['request'],
    ) => Result<IpcMap[C]['response']>
  }
  const changeFolder = (id: WatchedFolderId, change: Partial<WatchedFolder>): void => {
    world.watchedFolders = world.watchedFolders.map((folder) => (folder.id === id ? { ...folder, ...change } : folder))
    world.push({ type: 'watched-folders', folders: world.watchedFolders })
  }
  const handlers: Handlers = {
    'app:status': () => ok(status()),
    'app:open-data-folder': () => ok({}),
    'library:list': ({ offset, limit, filter, collectionId, onlyAttention }) => {
      const found = world.documents.filter(
        ({ name, collectionIds, state, problem }) =>
          name.toLowerCase().includes(filter.toLowerCase()) &&
          (onlyAttention !== true || state === 'needs-attention' || (state === 'searchable' && problem !== null)) &&
          (collectionId == null || collectionIds.includes(collectionId)),
      )
      return ok({ total: found.length, documents: found.slice(offset, offset + limit) })
    },
    'library:choose': () => ok({ queued: 0 }),
    'library:add-samples': () => {
      world.documents = [...world.texts.map(({ summary }) => summary), ...world.documents]
      tellLibrary(world.documents, [])
      return ok({ queued: world.texts.length, questions: [...world.sampleQuestions] })
    },
    'library:remove': ({ documentIds }) => {
      world.documents = world.documents.filter(({ id }) => !documentIds.includes(id))
      tellLibrary([], documentIds)
      return ok({ removed: documentIds.length })
    },
    'library:retry': () => ok({}),
    'library:unlock': ({ password }) => ok({ opens: password === 'open sesame' }),
    'library:stop-scan': () => ok({}),
    'library:start-scan': () => ok({}),
    'document:password': () => ok({ password: null }),
    'findings:begin': () => {
      findingsGiven = 0
      return ok({ id: '5d0c2c1e-6f0a-4f0e-9a57-1d1f3d2f4af0' })
    },
    'findings:more': () => {
      const rows = world.findings.rows.slice(findingsGiven, findingsGiven + 60)
      findingsGiven += rows.length
      const isLast = findingsGiven >= world.findings.rows.length
      return ok({ rows: [...rows], share: 1, summary: isLast ? world.findings.summary : null })
    },
    'findings:stop': () => ok({}),
    'findings:export': () => ok({ isSaved: true }),
    'collections:list': () => ok({ collections: listCollections() }),
    'collections:create': ({ name }) => {
      if (world.collections.some((other) => other.name === name)) return fail('name-taken')
      const id = collectionIdSchema.parse(crypto.randomUUID())
      world.collections = [...world.collections, { id, name }]
      tellCollections()
      return ok({ id, name, documentCount: 0 })
    },
    'collections:rename': ({ id, name }) => {
      world.collections = world.collections.map((other) => (other.id === id ? { id, name } : other))
      tellCollections()
      return ok({})
    },
    'collections:delete': ({ id }) => {
      deletedCollections.push(...world.collections.filter((other) => other.id === id))
      world.collections = world.collections.filter((other) => other.id !== id)
      tellCollections()
      return ok({})
    },
    'collections:restore': ({ id }) => {
      const found = deletedCollections.find((other) => other.id === id)
      if (found === undefined) return fail('not-found')
      world.collections = [...world.collections, found]
      tellCollections()
      return ok({})
    },
    'collections:add': ({ id, documentIds }) => ok({ added: move(documentIds, (ids) => [...new Set([...ids, id])]) }),
    'collections:remove': ({ id, documentIds }) =>
      ok({ removed: move(documentIds, (ids) => ids.filter((other) => other !== id)) }),
    'watched:list': () => ok({ folders: world.watchedFolders }),
    'watched:choose': () => ok({ added: 0 }),
    'watched:rescan': () => ok({}),
    'watched:pause': ({ id, isPaused }) => {
      changeFolder(id, { state: isPaused ? 'paused' : 'in-step' })
      return ok({})
    },
    'watched:set-rules': ({ id, rules }) => {
      changeFolder(id, { rules })
      return ok({})
    },
    'watched:bring-back': ({ id }) => {
      changeFolder(id, { leftOutCount: 0 })
      return ok({})
    },
    'watched:remove': ({ id }) => {
      world.watchedFolders = world.watchedFolders.filter((folder) => folder.id !== id)
      world.push({ type: 'watched-folders', folders: world.watchedFolders })
      return ok({})
    },
    'watched:reveal': () => ok({}),
    'library:retry-failed': () => ok({ retried: totalsOf(world.documents).byState['needs-attention'] }),
    'library:stop': ({ documentIds }) => ok({ stopped: documentIds.length }),
    'library:pause': ({ isPaused }) => {
      world.importProgress = { ...world.importProgress, isPaused }
      world.push({ type: 'import-progress', progress: world.importProgress })
      return ok({})
    },
    'document:read': read,
    'document:boxes': () => ok({ boxes: [] }),
    'document:map': ({ documentId }) => {
      const text = world.texts.find(({ summary }) => summary.id === documentId)
      if (text === undefined) return fail('not-found')
      const mapper = createDocumentMapper(text.summary.kind)
      for (const slice of text.slices) mapper.add(slice)
      return ok(mapper.finish())
    },
    'document:find': ({ documentId, query }) => {
      const slices = world.texts.find(({ summary }) => summary.id === documentId)?.slices ?? []
      const matches = slices.flatMap(({ start, text }) =>
        findInText(text, query).map((found) => ({ start: start + found.start, end: start + found.end })),
      )
      return ok({ matches, isCut: false })
    },
    'document:open': () => ok({}),
    'document:explain': () => ok(world.explanation),
    'document:reveal': () => ok({}),
    'document:original': ({ documentId }) => ok({ state: world.originals.get(documentId) ?? 'there' }),
    'document:passage-now': () => ok(world.passageNow),
    'document:read-again': () => ok({ queued: 1 }),
    'conversations:list': ({ offset, limit }) =>
      ok({
        total: world.conversations.length,
        conversations: world.conversations.map(summaryOf).slice(offset, offset + limit),
      }),
    'conversations:turns': readTurns,
    'conversations:search': () => ok(world.hits),
    'conversations:rename': () => ok({}),
    'conversations:delete': ({ id }) => {
      const found = world.conversations.filter((conversation) => conversation.id === id)
      world.deleted = [...found.map((conversation) => ({ ...conversation, deletedAt: Date.now() })), ...world.deleted]
      world.conversations = world.conversations.filter((conversation) => conversation.id !== id)
      return ok({})
    },
    'conversations:choose-answer': ({ answerId }) => {
      const found = world.conversations.flatMap(({ turns }) => turns).find((turn) => turn.answerId === answerId)
      return found === undefined ? fail('not-found') : ok(found)
    },
    'conversations:as-html': ({ markdown }) => ok({ html: `<p>${markdown}</p>` }),
    'conversations:export': () => ok({ isSaved: true }),
    'conversations:restore': ({ id }) => {
      const found = world.deleted.find((conversation) => conversation.id === id)
      if (found === undefined) return fail('not-found')
      world.deleted = world.deleted.filter((conversation) => conversation !== found)
      world.conversations = [found, ...world.conversations]
      world.push({ type: 'conversations', changed: [summaryOf(found)], removed: [] })
      return ok({})
    },
    'conversations:deleted': () => ok({ conversations: world.deleted }),
    'conversations:delete-for-ever': ({ id }) => {
      world.deleted = world.deleted.filter((conversation) => id !== null && conversation.id !== id)
      return ok({})
    },
    'models:status': () => ok(world.models),
    'models:choose': ({ name }) => {
      world.models = { ...world.models, chosenModel: name }
      return ok(world.models)
    },
    'models:details': () => ok(world.models),
    'models:activity': () => ok(world.activity),
    'models:use-server': ({ address }) => {
      world.settings = { ...world.settings, modelServer: address }
      return ok(world.models)
    },
    'models:warm-up': () => ok({}),
    'models:pull': ({ name }) => {
      const pull = {
        name,
        phase: 'starting',
        receivedBytes: 0,
        totalBytes: null,
        bytesPerSecond: null,
        error: null,
      } as const
      world.activity = { ...world.activity, pull }
      return ok(pull)
    },
    'models:cancel-pull': () => {
      world.activity = { ...world.activity, pull: null }
      world.push({ type: 'model-pull', pull: null })
      return ok({})
    },
    'embedders:status': () => ok(world.embedders),
    'embedders:choose-folder': () => ok({ proposal: world.embedderProposal }),
    'embedders:add-folder': () => ok(world.embedders),
    'embedders:ollama-models': () => ok({ models: [...world.ollamaEmbedders] }),
    'embedders:add-ollama': () => ok(world.embedders),
    'embedders:remove': () => ok(world.embedders),
    'embedders:use': () => ok(world.embedders),
    'embedders:cancel': () => ok(world.embedders),
    'self-test:status': () => ok(world.selfTest),
    'self-test:keep': () => {
      world.selfTest = { ...world.selfTest, kept: world.selfTest.kept + 1 }
      return ok({ isNew: true })
    },
    'self-test:remove': ({ id }) => {
      const { report } = world.selfTest
      if (report !== null)
        world.selfTest = { ...world.selfTest, report: { ...report, rows: report.rows.filter((row) => row.id !== id) } }
      return ok(world.selfTest)
    },
    'self-test:generate': ({ count }) => {
      world.selfTest = { ...world.selfTest, generated: count, running: { done: 0, total: count } }
      world.push({ type: 'self-test', status: world.selfTest })
      return ok({ made: count })
    },
    'self-test:start': () => {
      world.selfTest = {
        ...world.selfTest,
        running: { done: 0, total: world.selfTest.kept + world.selfTest.generated },
      }
      return ok(world.selfTest)
    },
    'self-test:cancel': () => {
      world.selfTest = { ...world.selfTest, running: null }
      world.push({ type: 'self-test', status: world.selfTest })
      return ok({})
    },
    'settings:get': () => ok(world.settings),
    'settings:set': (change) => {
      world.settings = settingsSchema.parse({ ...world.settings, ...change })
      if (change.localApi !== undefined) {
        world.localApi = change.localApi ? localApiOn : localApiOff
        world.push({ type: 'local-api', status: world.localApi })
      }
      return ok(world.settings)
    },
    'local-api:status': () => ok(world.localApi),
    'local-api:allow-folder': () => {
      world.settings = { ...world.settings, localApiFolders: [...world.settings.localApiFolders, 'Home/Leases'] }
      return ok(world.settings)
    },
    'local-api:forget-folder': ({ folder }) => {
      const localApiFolders = world.settings.localApiFolders.filter((other) => other !== folder)
      world.settings = { ...world.settings, localApiFolders }
      return ok(world.settings)
    },
  }
  const api: PageApi = {
    platform: 'linux',
    request: async (channel, request) => {
      world.requests.push({ channel, request })
      const failure = world.failures[channel]
      if (failure !== undefined) return { ok: false, error: failure }
      const handle = handlers[channel] as (request: unknown) => Result<never>
      return handle(request)
    },
    addDroppedFiles: async (files, collectionId) => {
      const names = files.map(({ name }) => name)
      world.requests.push({ channel: 'library:add-paths', request: { names, collectionId } })
      return ok({ queued: files.length })
    },
    ask: (request, onEvent) => {
      let sequence = 0
      let isAborted = false
      const answer: FakeAnswer = {
        request,
        send: (...events) => {
          for (const event of events) {
            onEvent({ ...event, sequence })
            sequence += 1
          }
        },
        isAborted: () => isAborted,
      }
      world.answers.push(answer)
      queueMicrotask(() => world.onAsk(answer))
      return {
        abort: () => {
          isAborted = true
        },
      }
    },
    onPush: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
  return { api, world }
}

type IpcMap = {
  [C in Parameters<PageApi['request']>[0] | 'library:add-paths']: {
    request: import('../../src/shared/ipc.ts').IpcParsedRequest<C>
    response: IpcResponse<C>
  }
}

/** A conversation's place in the list, for tests that only need its summary. */
export function fakeConversation(
  id: ConversationId,
  title: string,
  updatedAt: number,
  turns: readonly Turn[] = [],
): FakeConversation {
  return {
    id,
    title,
    createdAt: updatedAt,
    updatedAt,
    turnCount: Math.max(1, turns.length),
    state: 'complete',
    turns: turns.map((turn, index) => ({ ...turn, key: index + 1 })),
  }
}
