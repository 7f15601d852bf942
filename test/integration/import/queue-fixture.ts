import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createImporter, type Importer } from '../../../src/main/ingest/importer.ts'
import { createPasswords } from '../../../src/main/ingest/passwords.ts'
import type { Embedder } from '../../../src/main/ports/embedding.ts'
import type { ChunkIndex } from '../../../src/main/ports/indexes.ts'
import type { Parser } from '../../../src/main/ports/parsing.ts'
import type { Storage } from '../../../src/main/storage/open-storage.ts'
import type { DocumentSummary } from '../../../src/shared/document.ts'
import { createRecordingLog } from '../../support/recording-log.ts'
import { systemClock } from '../../../src/main/system-clock.ts'
import { batchOf, openTestStorage, sha256, temporaryFolder, vectorOf } from '../storage/storage-fixture.ts'

/** Steps that wait until the test lets them through. */
export interface Turnstile {
  /** By default everything passes. */
  close(): void
  /** Lets everything through, from now on too. */
  open(): void
  /** Lets one step through, now or when it comes. */
  letOne(): void
  /** Resolves when so many steps have arrived in all. */
  arrived(count: number): Promise<void>
  pass(signal: AbortSignal): Promise<void>
}

export function createTurnstile(): Turnstile {
  let isOpen = true
  let passes = 0
  let arrivals = 0
  const waiting: (() => void)[] = []
  const watchers = new Set<() => void>()
  return {
    close: () => void (isOpen = false),
    open() {
      isOpen = true
      for (const go of waiting.splice(0)) go()
    },
    letOne() {
      const go = waiting.shift()
      if (go === undefined) passes += 1
      else go()
    },
    arrived: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (arrivals < count) return
          watchers.delete(look)
          resolve()
        }
        watchers.add(look)
        look()
      }),
    async pass(signal) {
      signal.throwIfAborted()
      arrivals += 1
      for (const look of watchers) look()
      if (isOpen) return
      if (passes > 0) {
        passes -= 1
        return
      }
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      waiting.push(resolve)
      const leave = (): void => {
        if (waiting.includes(resolve)) waiting.splice(waiting.indexOf(resolve), 1)
        reject(signal.reason)
      }
      signal.addEventListener('abort', leave, { once: true })
      await promise
    },
  }
}

export interface ImportUnderTest extends AsyncDisposable {
  readonly storage: Storage
  readonly importer: Importer
  readonly folder: string
  /** Before each batch of a file (one paragraph a batch), and before each text that is embedded. */
  readonly reading: Turnstile
  readonly embedding: Turnstile
  /** Texts embedded so far, in order. */
  readonly embedded: readonly string[]
  /** Files whose reading was begun, in order. */
  readonly begun: readonly string[]
  write(name: string, paragraphs: readonly string[]): Promise<string>
  copy(from: string, name: string): Promise<string>
  rows(): readonly DocumentSummary[]
  row(name: string): DocumentSummary
  /** Resolves when `isSo` is true of the library; asks after each change. */
  until(isSo: () => boolean): Promise<void>
}

const chinese = { language: 'zh', embedder: 'bge-small-zh-v1.5' } as const

export const never = new AbortController().signal

/** The real importer on the real stores; the reader takes one paragraph a batch, the embedder makes its vectors from the text alone. */
export async function startImport(
  options: {
    readonly isPaused?: boolean
    readonly dataFolder?: string
    /** Stands between the importer and the vectors. */
    readonly chunkIndex?: (index: ChunkIndex) => ChunkIndex
  } = {},
): Promise<ImportUnderTest> {
  await using stack = new AsyncDisposableStack()
  const folder = stack.use(await temporaryFolder())
  const log = createRecordingLog()
  const storage = stack.use(
    await openTestStorage(options.dataFolder ?? join(folder.path, 'library'), { log, clock: systemClock }),
  )
  const reading = createTurnstile()
  const embedding = createTurnstile()
  const embedded: string[] = []
  const begun: string[] = []
  const parser: Parser = {
    async parse({ path }, { onBatch, signal }) {
      begun.push(path)
      const text = await readFile(path, 'utf8')
      const hash = sha256(text)
      const paragraphs = text.split('\n\n')
      let start = 0
      for (const [index, paragraph] of paragraphs.entries()) {
        await reading.pass(signal)
        const batch = batchOf(hash, [paragraph], { first: index, start })
        start += paragraph.length
        const chunks = batch.chunks.map((chunk) =>
          /\p{Script=Han}/u.test(paragraph) ? { ...chunk, ...chinese } : chunk,
        )
        await onBatch({ ...batch, chunks, pageCount: null })
      }
      return { kind: 'text', title: null, pageCount: null, notices: [], hash, passwordUsed: null }
    },
  }
  const embedder: Embedder = {
    processCount: 1,
    yieldToAnswers: () => undefined,
    async embed(texts, { embedder: id, signal }) {
      const vectors: Float32Array[] = []
      for (const text of texts) {
        await embedding.pass(signal)
        embedded.push(text.slice('Heading\n'.length))
        vectors.push(vectorOf(text, id === chinese.embedder ? 512 : 384))
      }
      return vectors
    },
  }
  const importer = stack.use(
    createImporter({
      documents: storage.documents,
      chunkIndex: options.chunkIndex?.(storage.chunkIndex) ?? storage.chunkIndex,
      embedder,
      parser,
      passwords: createPasswords(),
      recogniser: { recognise: () => Promise.reject(new Error('nothing here is a scan')) },
      clock: systemClock,
      log,
      ready: Promise.resolve(),
      resumes: true,
      isPaused: options.isPaused ?? false,
    }),
  )
  const rows = () => storage.documents.list({ offset: 0, limit: 500, filter: '' }).documents
  const lifetime = stack.move()
  return {
    storage,
    importer,
    folder: folder.path,
    reading,
    embedding,
    embedded,
    begun,
    async write(name, paragraphs) {
      const path = join(folder.path, name)
      await writeFile(path, paragraphs.join('\n\n'))
      return path
    },
    async copy(from, name) {
      const path = join(folder.path, name)
      await copyFile(from, path)
      return path
    },
    rows,
    row(name) {
      const found = rows().find((row) => row.name === name)
      if (found === undefined) throw new Error(`${name} is not in the library`)
      return found
    },
    until: (isSo) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          try {
            if (!isSo()) return
            resolve()
          } catch (error) {
            reject(error)
          }
          stop()
        }
        const stop = storage.documents.onChange(() => queueMicrotask(look))
        look()
      }),
    [Symbol.asyncDispose]: () => lifetime.disposeAsync(),
  }
}
