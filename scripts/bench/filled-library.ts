import { createHash } from 'node:crypto'
import { access, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { chunkerVersion } from '../../src/main/ingest/chunk/chunk-settings.ts'
import { againMs, betweenStepsMs } from '../../src/main/ingest/tidy-at-rest.ts'
import { parserVersion } from '../../src/main/ingest/parse/parser-version.ts'
import type { Chunk } from '../../src/main/ports/chunks.ts'
import type { ChunkIndex } from '../../src/main/ports/indexes.ts'
import type { EmbedderId } from '../../src/main/ports/embedding.ts'
import { openStorage, type Storage } from '../../src/main/storage/open-storage.ts'
import { systemClock } from '../../src/main/system-clock.ts'
import { embedderModels } from '../../src/main/worker/embedder-models.ts'
import { chunkIdSchema } from '../../src/shared/ids.ts'
import { keywordTerms } from '../../src/shared/keyword-terms.ts'
import { type CorpusLanguage, writeParagraph } from './corpus.ts'
import { loudLog, quietLog } from './logs.ts'
import { outFolder } from './open-carrel.ts'
import { createRandom } from './statistics.ts'

/** What a library is filled with. */
export interface LibraryContent {
  /** Names the folder. */
  readonly name: string
  readonly chunksPerDocument: number
  /** Documents recorded before their vectors are added: the index is tidied after each addition, which takes the longer the larger it is. */
  readonly documentsPerAddition: number
  /** Chunks handed to the index at once: an import adds a few hundred, filling may take more. */
  readonly chunksPerAddition: number
  text(language: CorpusLanguage, random: () => number): string
  /** L2-normalised. */
  vector(embedder: EmbedderId, random: () => number): Float32Array
}

/** Vectors are random, since nobody searches them. */
const plainContent: LibraryContent = {
  name: 'filled',
  chunksPerDocument: 3,
  documentsPerAddition: 500,
  chunksPerAddition: 2_000,
  text: writeParagraph,
  vector: (embedder, random) => randomVector(embedderModels[embedder].dimensions, random),
}

/**
 * A library of ready documents, made once and kept: real records and an index, filled through the storage's own interface.
 * @returns its data folder
 */
export async function findFilledLibrary(
  cacheFolder: string,
  documentCount: number,
  content: LibraryContent = plainContent,
): Promise<string> {
  const folder = join(cacheFolder, `${content.name}-${documentCount}-${parserVersion}-${chunkerVersion}`)
  if (await isThere(folder)) return folder
  const partial = `${folder}.partial-${process.pid}`
  {
    // Filled without a pause, statements wait for checkpoints; how long, is not measured here.
    await using storage = await openBenchStorage(partial, quietLog)
    const random = createRandom(documentCount)
    for (let first = 0; first < documentCount; first += content.documentsPerAddition) {
      const count = Math.min(content.documentsPerAddition, documentCount - first)
      await addDocuments(storage, { first, count, content, random })
    }
    await tidyLibrary(storage)
  }
  await rm(folder, { recursive: true, force: true })
  await rename(partial, folder)
  return folder
}

/** As import does when it rests, with its pauses. */
export async function tidyLibrary({ documents, chunkIndex }: Pick<Storage, 'documents' | 'chunkIndex'>): Promise<void> {
  while (documents.tidyKeywords()) await pause(betweenStepsMs)
  await tidyVectors(chunkIndex)
}

export async function tidyVectors(chunkIndex: Pick<ChunkIndex, 'optimise'>): Promise<void> {
  while (await chunkIndex.optimise()) await pause(againMs)
}

/** The storage alone, on the built search thread. */
export function openBenchStorage(dataFolder: string, log = loudLog): Promise<Storage> {
  const keywordThread = join(outFolder, 'keyword-search.js')
  return openStorage({ dataFolder, keywordThread, parserVersion, chunkerVersion, clock: systemClock, log })
}

/** Documents by their numbers, with their vectors, ready at the end. Numbers that are there already fail. */
export async function addDocuments(
  storage: Storage,
  options: {
    readonly first: number
    readonly count: number
    readonly content: LibraryContent
    readonly random: () => number
  },
): Promise<void> {
  const { first, count, content, random } = options
  for (let number = first; number < first + count; number += 1) addDocument(storage, number, options)
  for (;;) {
    const pending = storage.documents.pendingChunks(content.chunksPerAddition)
    if (pending.length === 0) break
    const rows = new Map<EmbedderId, { chunkKey: number; documentKey: number; vector: Float32Array }[]>()
    for (const { chunkKey, documentKey, embedder } of pending) {
      const added = rows.get(embedder) ?? []
      rows.set(embedder, added)
      added.push({ chunkKey, documentKey, vector: content.vector(embedder, random) })
    }
    for (const [embedder, added] of rows) await storage.chunkIndex.add(embedder, added)
    storage.documents.markEmbedded(pending.map(({ chunkKey }) => chunkKey))
  }
  const embedded = storage.documents.embeddedDocuments(count).map(({ documentKey }) => documentKey)
  storage.documents.confirmReady(embedded)
}

function addDocument(
  { documents }: Storage,
  number: number,
  { content, random }: { readonly content: LibraryContent; readonly random: () => number },
): void {
  const language = number % 3 === 2 ? 'zh' : 'en'
  const embedder: EmbedderId = language === 'zh' ? 'bge-small-zh-v1.5' : 'all-MiniLM-L6-v2'
  const texts = Array.from({ length: content.chunksPerDocument }, () => `${content.text(language, random)}\n\n`)
  const whole = texts.join('')
  const hash = createHash('sha256').update(whole).digest('hex')
  documents.queueFile({ path: join('/', 'library', `${number}.txt`), sizeBytes: whole.length, modifiedAt: number })
  const queued = documents.nextQueuedFile()
  if (queued === null) throw new Error('A document of the benchmark could not be queued.')
  const identified = documents.identifyFile(queued.locationKey, hash)
  if (identified.action === 'known') throw new Error('Two documents of the benchmark are equal.')
  let start = 0
  const chunks = texts.map((piece, ordinal): Chunk => {
    const from = start
    start += piece.length
    const text = piece.trimEnd()
    return {
      id: chunkIdSchema.parse(`${hash.slice(0, 16)}-${ordinal}`),
      ordinal,
      start: from,
      end: from + text.length,
      page: null,
      lastPage: null,
      headingPath: [],
      text,
      embeddingText: text,
      keywordText: keywordTerms(text).join(' '),
      language,
      embedder,
      tokenCount: 150,
      hash: createHash('sha256').update(`${embedder}\n${text}`).digest('hex'),
    }
  })
  const blocks = chunks.map(({ start: from, end }) => ({ kind: 'paragraph' as const, level: 0, start: from, end }))
  const slices = [{ ordinal: 0, start: 0, end: whole.length, text: whole, page: null, blocks, runs: [] }]
  documents.appendBatch(identified.documentKey, { slices, chunks })
  documents.finishReading(identified.documentKey, { kind: 'text', title: null, pageCount: null, notices: [], hash })
}

function randomVector(dimensions: number, random: () => number): Float32Array {
  const vector = Float32Array.from({ length: dimensions }, () => random() - 0.5)
  const length = Math.hypot(...vector)
  return vector.map((value) => value / length)
}

/** Whether a file or folder stands there. */
export function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
