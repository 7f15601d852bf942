import { join } from 'node:path'
import { createForkTransport } from '../../src/cli/worker-process.ts'
import { chunkerVersion } from '../../src/main/ingest/chunk/chunk-settings.ts'
import { createImporter, type Importer } from '../../src/main/ingest/importer.ts'
import { createPasswords } from '../../src/main/ingest/passwords.ts'
import type { Parser } from '../../src/main/ports/parsing.ts'
import { parserVersion } from '../../src/main/ingest/parse/parser-version.ts'
import { openStorage, type Storage } from '../../src/main/storage/open-storage.ts'
import { systemClock } from '../../src/main/system-clock.ts'
import { createEmbedderPool } from '../../src/main/worker/embedder-pool.ts'
import { createRecogniserClient } from '../../src/main/worker/recogniser-client.ts'
import { createParserClient } from '../../src/main/worker/parser-client.ts'
import { embedderLimits, parserLimits, type WorkerLimits } from '../../src/main/worker/worker-limits.ts'
import type { DocumentSummary } from '../../src/shared/document.ts'
import { createRecordingLog } from './recording-log.ts'
import { projectFolder } from './run-carrel.ts'

export interface ImportUnderTest extends AsyncDisposable {
  readonly importer: Importer
  readonly storage: Storage
  /** Adds the paths, waits until nothing is left to do, and returns the documents by name. */
  add(...paths: readonly string[]): Promise<ReadonlyMap<string, DocumentSummary>>
}

/** Import with real storage and real processes, the rest of Carrel left out. `entries`: the built workers, or those with lethal words. */
export async function openImport(options: {
  readonly dataFolder: string
  readonly entries?: 'built' | 'lethal'
  readonly parser?: Partial<WorkerLimits>
  readonly embedder?: Partial<WorkerLimits>
  /** Runs before each reading of a file by the parser, after its bytes were hashed. */
  readonly beforeParse?: (path: string) => Promise<void>
}): Promise<ImportUnderTest> {
  await using stack = new AsyncDisposableStack()
  const outFolder = join(projectFolder, 'out', 'main')
  const modelsFolder = join(projectFolder, 'resources', 'models')
  const log = createRecordingLog()
  const clock = systemClock
  const lethalFolder = join(import.meta.dirname, 'lethal')
  const transport = createForkTransport({
    outFolder,
    ...(options.entries === 'lethal'
      ? { entryPath: (entry: string): string => join(lethalFolder, `${entry}-entry.ts`) }
      : {}),
  })
  const storage = stack.use(
    await openStorage({
      dataFolder: options.dataFolder,
      keywordThread: join(outFolder, 'keyword-search.js'),
      parserVersion,
      chunkerVersion,
      clock,
      log,
    }),
  )
  const { documents, chunkIndex } = storage
  documents.recover()
  const workers = { transport, modelsFolder, clock, log }
  const client = stack.use(createParserClient({ ...workers, limits: { ...parserLimits, ...options.parser } }))
  const parser: Parser = {
    async parse(file, parseOptions) {
      await options.beforeParse?.(file.path)
      return client.parse(file, parseOptions)
    },
  }
  const embedder = stack.use(
    createEmbedderPool({ ...workers, processCount: 1, limits: { ...embedderLimits, ...options.embedder } }),
  )
  const { signal } = new AbortController()
  const ready = storage.reconcile({ signal }).then(() => undefined)
  const importer = stack.use(
    createImporter({
      documents,
      chunkIndex,
      embedder,
      parser,
      passwords: createPasswords(),
      recogniser: stack.use(createRecogniserClient(workers)),
      clock,
      log,
      ready,
      resumes: true,
    }),
  )
  const lifetime = stack.move()
  return {
    importer,
    storage,
    async add(...paths) {
      await importer.add(paths, { signal })
      await importer.idle({ signal })
      const listed = documents.list({ offset: 0, limit: 1_000, filter: '' })
      return new Map(listed.documents.map((document) => [document.name, document]))
    },
    [Symbol.asyncDispose]: () => lifetime.disposeAsync(),
  }
}
