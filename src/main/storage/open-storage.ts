import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../ports/clock.ts'
import type { CollectionStore } from '../ports/collection-store.ts'
import type { ConversationStore } from '../ports/conversation-store.ts'
import type { DocumentStore } from '../ports/document-store.ts'
import type { EmbedderStore } from '../ports/embedder-store.ts'
import type { FindingsIndex } from '../ports/findings-index.ts'
import type { ChunkIndex, KeywordIndex } from '../ports/indexes.ts'
import type { Log } from '../ports/log.ts'
import type { SelfTestStore } from '../ports/self-test-store.ts'
import type { SettingsStore } from '../ports/settings-store.ts'
import type { TokenRatioStore } from '../ports/token-ratio-store.ts'
import type { VerifyReport } from '../ports/verify.ts'
import type { WatchedFolderStore } from '../ports/watched-folder-store.ts'
import { checkpointElsewhere } from './checkpoints.ts'
import { openChunkIndex } from './chunk-index.ts'
import { createCollectionStore } from './collection-store.ts'
import { createConversationStore } from './conversation-store.ts'
import { holdExclusively, openDatabase } from './database.ts'
import type { ReadingVersions } from './document-reading.ts'
import { createDocumentStore } from './document-store.ts'
import { createEmbedderStore, nextPlaces, servingPlaces } from './embedder-store.ts'
import { createFindingsIndex } from './findings-index.ts'
import { createKeywordIndex } from './keyword-index.ts'
import { createLibraryChanges } from './library-changes.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations/index.ts'
import { reconcile, type ReconcileReport } from './reconcile.ts'
import { readSchemaVersionOfFile } from './schema-version.ts'
import { createSearchThread } from './search-thread.ts'
import { createSelfTestStore } from './self-test-store.ts'
import { createSettingsStore } from './settings-store.ts'
import { storageNewer, translateStorageError } from './sqlite-errors.ts'
import { createTokenRatioStore } from './token-ratio-store.ts'
import { verifyStorage } from './verify.ts'
import { createWatchedFolderStore } from './watched-folder-store.ts'

export interface StorageOptions extends ReadingVersions {
  readonly dataFolder: string
  /** The built keyword-search-thread. */
  readonly keywordThread: string | URL
  readonly clock: Clock
  readonly log: Log
}

export interface Storage extends AsyncDisposable {
  readonly documents: DocumentStore
  readonly collections: CollectionStore
  readonly chunkIndex: ChunkIndex
  readonly keywordIndex: KeywordIndex
  readonly findingsIndex: FindingsIndex
  readonly conversations: ConversationStore
  readonly settings: SettingsStore
  readonly embedders: EmbedderStore
  readonly tokenRatios: TokenRatioStore
  readonly selfTest: SelfTestStore
  readonly watchedFolders: WatchedFolderStore
  /** At start, before or beside the first work, see reconcile.ts. */
  reconcile(options: { readonly signal: AbortSignal }): Promise<ReconcileReport>
  verify(): Promise<VerifyReport>
}

/**
 * Opens the library in `dataFolder` (made when absent) for this process alone. Disposing closes LanceDB, stops the search
 * thread, checkpoints and closes SQLite and gives the lock back, in this order; a failure half-way does the same.
 * @throws AppError `storage-locked` `storage-newer` (nothing was touched) `storage-corrupt` `storage-full` `internal`
 */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  try {
    return await open(options)
  } catch (error) {
    throw translateStorageError(error)
  }
}

async function open(options: StorageOptions): Promise<Storage> {
  const { dataFolder, clock, log } = options
  const databasePath = join(dataFolder, 'carrel.sqlite')
  await using stack = new AsyncDisposableStack()

  await mkdir(dataFolder, { recursive: true })
  stack.use(holdExclusively(join(dataFolder, 'carrel.lock')))
  const found = await readSchemaVersionOfFile(databasePath)
  const known = migrations.at(-1)?.version ?? 0
  if (found > known) throw storageNewer(found, known)
  const database = stack.use(openDatabase(databasePath, { isReadOnly: false, log }))
  await migrate(database, { migrations, backupFolder: join(dataFolder, 'backups'), log })

  const thread = { thread: options.keywordThread, databasePath }
  const searchThread = stack.use(createSearchThread(thread))
  // Of its own: no question waits behind the disk.
  const checkpointThread = stack.use(createSearchThread(thread))
  const embedders = createEmbedderStore(database, { ...options, clock })
  const chunkIndex = await openChunkIndex(join(dataFolder, 'vectors'), {
    serving: servingPlaces(embedders),
    beside: nextPlaces(embedders),
    // LanceDB makes folders anew as it writes: that of the vectors says nothing.
    isLibraryThere: () => existsSync(databasePath),
    clock,
    log,
  })
  stack.defer(() => chunkIndex.close())

  const closing = new AbortController()
  const running = new Set<Promise<unknown>>()
  /** Closing waits for what still uses both stores. */
  const track = <Result>(work: Promise<Result>): Promise<Result> => {
    const settled = work.catch(() => undefined).finally(() => running.delete(settled))
    running.add(settled)
    return work
  }
  stack.defer(async () => {
    closing.abort()
    await Promise.all(running)
  })

  checkpointElsewhere(database, checkpointThread, { signal: closing.signal, log })
  const changes = createLibraryChanges(log)
  const documents = createDocumentStore(database, { ...options, changes })
  const lifetime = stack.move()
  return {
    documents,
    collections: createCollectionStore(database, { changes, clock, thread: searchThread }),
    chunkIndex,
    keywordIndex: createKeywordIndex(searchThread),
    findingsIndex: createFindingsIndex(searchThread),
    conversations: createConversationStore(database, { clock, thread: searchThread }),
    embedders,
    settings: createSettingsStore(database, { log }),
    tokenRatios: createTokenRatioStore(database),
    selfTest: createSelfTestStore(database),
    watchedFolders: createWatchedFolderStore(database),
    reconcile: ({ signal }) =>
      track(reconcile(documents, chunkIndex, { signal: AbortSignal.any([signal, closing.signal]), log })),
    verify: () => track(verifyStorage(documents, chunkIndex, thread, { signal: closing.signal })),
    [Symbol.asyncDispose]: () => lifetime.disposeAsync(),
  }
}
