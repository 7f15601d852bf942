import { setImmediate as nextTurn } from 'node:timers/promises'
import type { DocumentStore } from '../ports/document-store.ts'
import type { ChunkIndex } from '../ports/indexes.ts'
import type { Log } from '../ports/log.ts'
import { embedderIds } from './embedder-ids.ts'
import { compareVectors, slicesOf } from './compare-vectors.ts'

export interface ReconcileReport {
  /** Chunks that were marked without a vector, and wait for one again. */
  readonly madePending: number
  /** Vectors whose mark was lost with the process. */
  readonly adopted: number
  /** Vectors that belonged to no live chunk. */
  readonly removed: number
}

/**
 * Makes LanceDB follow SQLite after a crash, in slices; safe beside an import, because keys are never given twice and what
 * seems to be missing is looked up once more. Abort ends it between slices.
 */
export async function reconcile(
  documents: DocumentStore,
  chunkIndex: ChunkIndex,
  options: { readonly signal: AbortSignal; readonly log: Log },
): Promise<ReconcileReport> {
  const { signal, log } = options
  let [madePending, adopted, removed] = [0, 0, 0]
  for (const embedder of embedderIds) {
    const stored = await chunkIndex.chunkKeys(embedder)
    const { missing, unmarked } = await compareVectors(documents, stored, embedder, { signal })
    for (const keys of slicesOf(missing)) {
      signal.throwIfAborted()
      const present = await chunkIndex.read(embedder, keys)
      const lost = keys.filter((key) => !present.has(key))
      documents.markPending(lost)
      madePending += lost.length
    }
    for (const keys of slicesOf(unmarked)) {
      signal.throwIfAborted()
      const live = documents.keptChunkKeys(keys)
      documents.markEmbedded(live)
      adopted += live.length
      const liveKeys = new Set(live)
      const orphans = keys.filter((key) => !liveKeys.has(key))
      await chunkIndex.removeChunks(embedder, orphans)
      removed += orphans.length
      await nextTurn()
    }
  }
  if (madePending + adopted + removed > 0) {
    log.info(`vectors reconciled: ${madePending} to make again, ${adopted} adopted, ${removed} removed`)
  }
  return { madePending, adopted, removed }
}
