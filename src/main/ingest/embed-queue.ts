import { AppError } from '../../shared/errors.ts'
import { embedApart } from './embed-apart.ts'
import type { DocumentStore, PendingChunk } from '../ports/document-store.ts'
import type { Embedder, EmbedderId } from '../ports/embedding.ts'
import type { ChunkIndex } from '../ports/indexes.ts'
import type { Log } from '../ports/log.ts'

/** Chunks asked of the pool in one call. */
const batchChunks = 32
/** Batches under way at once: enough that no process waits while vectors are stored. */
const batchesInFlight = 4
/** Vectors stored in one go while more are made: each storing makes a small file, which every search reads until the next compaction. */
const storedAtOnce = 256

export interface EmbeddedChunk {
  readonly chunk: PendingChunk
  readonly vector: Float32Array
  /** The table that answered when its embedding began. */
  readonly table: string
}

/**
 * Embeds what waits, newest document first, until nothing does: vectors are stored in LanceDB, then marked in SQLite,
 * so that a crash in between costs only that batch, again. Equal texts are not embedded twice.
 * A text that ends the embedder by itself is set aside, the others of its batch are embedded.
 * Storing takes many vectors in one go, so that LanceDB gets few, large additions.
 *
 * @throws AppError of the pool (model missing, process crashed) or of storage; what was stored until then stays.
 */
export async function embedPending(
  parts: {
    readonly documents: DocumentStore
    readonly chunkIndex: ChunkIndex
    readonly embedder: Embedder
    readonly log: Log
  },
  options: {
    readonly signal: AbortSignal
    /** After each storing: how many vectors, and of documents that have all of theirs now, one. */
    readonly onStored: (count: number, completed: readonly EmbeddedChunk[]) => void
  },
): Promise<void> {
  const { documents, chunkIndex, embedder, log } = parts
  const { signal, onStored } = options
  const inFlight = new Set<number>()
  let gathered: EmbeddedChunk[] = []
  let storing: Promise<void> | null = null

  const store = async (): Promise<void> => {
    while (gathered.length > 0) {
      const taken = gathered
      gathered = []
      for (const rows of byTable(taken)) {
        const [first] = rows
        if (first === undefined) continue
        await chunkIndex.add(
          first.chunk.embedder,
          rows.map(({ chunk, vector }) => ({ chunkKey: chunk.chunkKey, documentKey: chunk.documentKey, vector })),
          { table: first.table },
        )
        const complete = documents.markEmbedded(rows.map(({ chunk }) => chunk.chunkKey))
        onStored(
          rows.length,
          complete.flatMap((key) => rows.find(({ chunk }) => chunk.documentKey === key) ?? []),
        )
      }
      for (const { chunk } of taken) inFlight.delete(chunk.chunkKey)
    }
  }
  const startStoring = (): Promise<void> => {
    storing ??= store().finally(() => {
      storing = null
    })
    return storing
  }

  const setAside = ({ chunkKey }: PendingChunk, reason: AppError): void => {
    log.warn(`import: chunk ${chunkKey} gets no vector, ${reason.code} ${String(reason.details?.['reason'] ?? '')}`)
    documents.setAsideChunks([chunkKey])
    inFlight.delete(chunkKey)
  }

  const embedBatch = async (embedderId: EmbedderId, chunks: readonly PendingChunk[]): Promise<void> => {
    const table = chunkIndex.servingTable(embedderId)
    const reusable = documents.chunkKeysWithVectors(chunks.map(({ hash }) => hash))
    const known =
      reusable.size === 0 ? new Map<number, Float32Array>() : await chunkIndex.read(embedderId, [...reusable.values()])
    const missing: PendingChunk[] = []
    for (const chunk of chunks) {
      const vector = known.get(reusable.get(chunk.hash) ?? -1)
      if (vector === undefined) missing.push(chunk)
      else gathered.push({ chunk, vector, table })
    }
    if (missing.length > 0) {
      const outcomes = await embedApart(
        (texts) => embedder.embed(texts, { embedder: embedderId, priority: 'background', signal }),
        missing.map(({ embeddingText }) => embeddingText),
        { signal },
      )
      missing.forEach((chunk, index) => {
        const outcome = outcomes[index]
        if (outcome === undefined)
          throw new AppError('embedding-failed', 'The embedder left a text out. It is tried again by itself.', {
            retryable: true,
          })
        if (outcome instanceof Float32Array) gathered.push({ chunk, vector: outcome, table })
        else setAside(chunk, outcome)
      })
    }
    if (gathered.length >= storedAtOnce || running.size <= 1) await startStoring()
  }

  const running = new Set<Promise<void>>()
  let failure: { readonly error: unknown } | null = null
  for (;;) {
    // After an abort the batches under way settle at once, and what is being stored is stored to its end.
    const next = failure === null && !signal.aborted ? nextBatch(documents, inFlight) : null
    if (next === null || running.size >= batchesInFlight) {
      if (running.size === 0) break
      await Promise.race(running)
      continue
    }
    for (const { chunkKey } of next.chunks) inFlight.add(chunkKey)
    const batch: Promise<void> = embedBatch(next.embedderId, next.chunks)
      .catch((error: unknown) => {
        failure ??= { error }
      })
      .finally(() => running.delete(batch))
    running.add(batch)
  }
  while (gathered.length > 0) await startStoring()
  signal.throwIfAborted()
  // A failed batch is pending still; the caller decides when to try again.
  const failed = failure as { readonly error: unknown } | null
  if (failed !== null) throw failed.error
}

/** Chunks of one embedder that are not under way, or null. */
function nextBatch(
  documents: DocumentStore,
  inFlight: ReadonlySet<number>,
): { readonly embedderId: EmbedderId; readonly chunks: readonly PendingChunk[] } | null {
  const waiting = documents
    .pendingChunks(inFlight.size + batchChunks * 2)
    .filter(({ chunkKey }) => !inFlight.has(chunkKey))
  const [first] = waiting
  if (first === undefined) return null
  return {
    embedderId: first.embedder,
    chunks: waiting.filter(({ embedder }) => embedder === first.embedder).slice(0, batchChunks),
  }
}

function byTable(chunks: readonly EmbeddedChunk[]): readonly (readonly EmbeddedChunk[])[] {
  return [...Map.groupBy(chunks, ({ chunk, table }) => `${chunk.embedder} ${table}`).values()]
}
