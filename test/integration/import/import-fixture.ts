import { join } from 'node:path'
import { createImporter, type Importer } from '../../../src/main/ingest/importer.ts'
import { createPasswords } from '../../../src/main/ingest/passwords.ts'
import type { FolderEvents } from '../../../src/main/ingest/watch/folder-events.ts'
import { systemFolderEvents } from '../../../src/main/ingest/watch/system-folder-events.ts'
import { createWatchedFolders, type WatchedFolders } from '../../../src/main/ingest/watch/watched-folders.ts'
import type { Embedder } from '../../../src/main/ports/embedding.ts'
import type { Storage } from '../../../src/main/storage/open-storage.ts'
import { systemClock } from '../../../src/main/system-clock.ts'
import { createParserClient } from '../../../src/main/worker/parser-client.ts'
import { createRecogniserClient } from '../../../src/main/worker/recogniser-client.ts'
import { createRecordingLog } from '../../support/recording-log.ts'
import { openTestStorage, vectorOf } from '../storage/storage-fixture.ts'
import { modelsFolder, neverAborted, sourceTransport } from '../worker/workers.ts'

export interface ImportUnderTest extends AsyncDisposable {
  readonly storage: Storage
  readonly importer: Importer
  /** Every text the embedder was asked for so far, in order. */
  readonly embedded: string[]
  /** While true, the embedder keeps what it is asked for waiting. */
  holdEmbedding(isHeld: boolean): void
  /** Whether a search by keywords finds a live passage. */
  finds(word: string): Promise<boolean>
  /** Queues these and waits until all is read and embedded. */
  add(...paths: readonly string[]): Promise<void>
}

/** The real stores, the real parser process and the real pipeline; an embedder that counts. */
export async function openImport(folder: string): Promise<ImportUnderTest> {
  await using stack = new AsyncDisposableStack()
  const log = createRecordingLog()
  const storage = stack.use(await openTestStorage(join(folder, 'data'), { clock: systemClock, log }))
  const parser = stack.use(createParserClient({ transport: sourceTransport, modelsFolder, clock: systemClock, log }))
  const recogniser = stack.use(
    createRecogniserClient({ transport: sourceTransport, modelsFolder, clock: systemClock, log }),
  )
  const embedded: string[] = []
  let held = Promise.withResolvers<void>()
  held.resolve()
  const embedder: Embedder = {
    processCount: 1,
    yieldToAnswers: () => undefined,
    async embed(texts, options) {
      embedded.push(...texts)
      await held.promise
      return texts.map((text) => vectorOf(text, options.embedder === 'bge-small-zh-v1.5' ? 512 : 384))
    },
  }
  const importer = stack.use(
    createImporter({
      documents: storage.documents,
      chunkIndex: storage.chunkIndex,
      embedder,
      parser,
      passwords: createPasswords(),
      recogniser,
      clock: systemClock,
      log,
      ready: Promise.resolve(),
      resumes: true,
    }),
  )
  const lifetime = stack.move()
  return {
    storage,
    importer,
    embedded,
    holdEmbedding(isHeld) {
      held.resolve()
      if (isHeld) held = Promise.withResolvers()
    },
    async finds(word) {
      const hits = await storage.keywordIndex.search(word, { limit: 9, signal: neverAborted })
      return storage.documents.chunksByKey(hits.map(({ chunkKey }) => chunkKey)).length > 0
    },
    async add(...paths) {
      await importer.add(paths, { signal: neverAborted })
      await importer.idle({ signal: neverAborted })
    },
    [Symbol.asyncDispose]: () => {
      held.resolve()
      return lifetime.disposeAsync()
    },
  }
}

/** Watched folders over the same library, by the system's own events. */
export function followIn(
  under: ImportUnderTest,
  folder: string,
  events: FolderEvents = systemFolderEvents,
): WatchedFolders {
  return createWatchedFolders({
    documents: under.storage.documents,
    folders: under.storage.watchedFolders,
    events,
    dataFolder: join(folder, 'data'),
    clock: systemClock,
    log: createRecordingLog(),
    onWork: () => under.importer.wake(),
  })
}

/** A text of several chunks: long paragraphs under headings, each told by its number. */
export function longText(sections: readonly string[]): string {
  return sections
    .map((words, index) => `# Section ${index + 1}\n\n${`${words} in section ${index + 1}. `.repeat(40)}\n`)
    .join('\n')
}
