import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Chunk } from '../../../src/main/ports/chunks.ts'
import type { Clock } from '../../../src/main/ports/clock.ts'
import type { EmbedderId } from '../../../src/main/ports/embedding.ts'
import type { Log } from '../../../src/main/ports/log.ts'
import type { ParsedBatch } from '../../../src/main/ports/parsing.ts'
import { openStorage, type Storage } from '../../../src/main/storage/open-storage.ts'
import { keywordTerms } from '../../../src/shared/keyword-terms.ts'
import type { ConversationSummary, PlacedTurn } from '../../../src/shared/conversation.ts'
import { chunkIdSchema, type ConversationId, type DocumentId } from '../../../src/shared/ids.ts'

/** A folder that is gone when the test is. */
export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'carrel-storage-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

export function collectingLog(): Log & { readonly lines: string[] } {
  const lines: string[] = []
  const write = (message: string): void => void lines.push(message)
  return { lines, info: write, warn: write, error: write, verbose: write }
}

/** Time that only the test moves. */
export function steppedClock(): Clock & { nowMs: number } {
  const clock = { nowMs: 1_700_000_000_000, now: () => (clock.nowMs += 1), after: () => () => undefined }
  return clock
}

export const keywordThread = join(import.meta.dirname, '../../../src/main/storage/keyword-search-thread.ts')

export function openTestStorage(
  dataFolder: string,
  options: { readonly log?: Log; readonly clock?: Clock } = {},
): Promise<Storage> {
  return openStorage({
    dataFolder,
    keywordThread,
    parserVersion: 3,
    chunkerVersion: 2,
    clock: options.clock ?? steppedClock(),
    log: options.log ?? collectingLog(),
  })
}

export const never = new AbortController().signal

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** One slice of text with one chunk a paragraph. */
export function batchOf(
  hash: string,
  paragraphs: readonly string[],
  options: { readonly embedder?: EmbedderId; readonly first?: number; readonly start?: number } = {},
): ParsedBatch {
  const { embedder = 'all-MiniLM-L6-v2', first = 0, start = 0 } = options
  let offset = start
  const chunks = paragraphs.map((text, index): Chunk => {
    const from = offset
    offset += text.length
    const embeddingText = `Heading\n${text}`
    return {
      id: chunkIdSchema.parse(`${hash.slice(0, 16)}-${first + index}`),
      ordinal: first + index,
      start: from,
      end: offset,
      page: null,
      lastPage: null,
      headingPath: ['Heading'],
      text,
      embeddingText,
      keywordText: keywordTerms(embeddingText).join(' '),
      language: 'en',
      embedder,
      tokenCount: 12,
      hash: sha256(`${embedder} ${embeddingText}`),
    }
  })
  const text = paragraphs.join('')
  return {
    slices: [
      {
        ordinal: first === 0 ? 0 : first,
        start,
        end: offset,
        text,
        page: null,
        blocks: [{ kind: 'paragraph', level: 0, start, end: offset }],
        runs: [],
      },
    ],
    chunks,
  }
}

export interface TestFile {
  readonly path: string
  readonly paragraphs: readonly string[]
  readonly modifiedAt?: number
  readonly embedder?: EmbedderId
}

/** Queues and identifies. @returns null when the bytes are known. */
export function beginFile(
  storage: Pick<Storage, 'documents'>,
  file: TestFile,
): { readonly documentKey: number; readonly documentId: DocumentId; readonly hash: string } | null {
  storage.documents.queueFile({
    path: file.path,
    sizeBytes: file.paragraphs.join('').length,
    modifiedAt: file.modifiedAt ?? 1,
  })
  const queued = storage.documents.nextQueuedFile()
  if (queued === null) throw new Error('nothing is queued')
  const hash = sha256(file.paragraphs.join(''))
  const identified = storage.documents.identifyFile(queued.locationKey, hash)
  return identified.action === 'known' ? null : { ...identified, hash }
}

/** Queues, reads and makes searchable. */
export function readFileInto(
  storage: Pick<Storage, 'documents'>,
  file: TestFile,
): { readonly documentKey: number; readonly documentId: DocumentId; readonly hash: string } {
  const begun = beginFile(storage, file)
  if (begun === null) throw new Error('the file is known')
  storage.documents.appendBatch(
    begun.documentKey,
    batchOf(begun.hash, file.paragraphs, file.embedder === undefined ? {} : { embedder: file.embedder }),
  )
  storage.documents.finishReading(begun.documentKey, {
    kind: 'text',
    title: null,
    pageCount: null,
    notices: [],
    hash: begun.hash,
  })
  return begun
}

/** A conversation whole, read page by page as the app reads it. @throws AppError `not-found` */
export function readConversation(
  storage: Pick<Storage, 'conversations'>,
  id: ConversationId,
): ConversationSummary & { readonly turns: readonly PlacedTurn[] } {
  let page = storage.conversations.turns(id, { at: 'newest', limit: 3 })
  const { conversation } = page
  const turns = [...page.turns]
  while (page.hasOlder) {
    page = storage.conversations.turns(id, { at: { before: turns[0]?.key ?? 0 }, limit: 3 })
    turns.unshift(...page.turns)
  }
  return { ...conversation, turns }
}

/** A normalised vector that depends on the text alone. */
export function vectorOf(text: string, dimensions = 384): Float32Array {
  let state = Number.parseInt(sha256(text).slice(0, 8), 16)
  const vector = Float32Array.from({ length: dimensions }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32 - 0.5
  })
  const norm = Math.hypot(...vector)
  return vector.map((value) => value / norm)
}

/** Stores a vector for every pending chunk, batch by batch, as the import does. */
export async function embedAll(storage: Storage): Promise<number> {
  let count = 0
  for (;;) {
    const pending = storage.documents.pendingChunks(64)
    const [first] = pending
    if (first === undefined) {
      storage.documents.confirmReady(storage.documents.embeddedDocuments(10_000).map(({ documentKey }) => documentKey))
      return count
    }
    const batch = pending.filter(({ embedder }) => embedder === first.embedder)
    const dimensions = first.embedder === 'bge-small-zh-v1.5' ? 512 : 384
    await storage.chunkIndex.add(
      first.embedder,
      batch.map(({ chunkKey, documentKey, embeddingText }) => ({
        chunkKey,
        documentKey,
        vector: vectorOf(embeddingText, dimensions),
      })),
    )
    storage.documents.markEmbedded(batch.map(({ chunkKey }) => chunkKey))
    count += batch.length
  }
}
