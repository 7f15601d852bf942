import { setImmediate as nextTurn } from 'node:timers/promises'
import type { DocumentStore } from '../ports/document-store.ts'
import type { ChunkIndex } from '../ports/indexes.ts'
import type { VerifyReport } from '../ports/verify.ts'
import { embedderIds } from './embedder-ids.ts'
import { compareVectors, slicesOf } from './compare-vectors.ts'
import { createSearchThread, type SearchThreadOptions } from './search-thread.ts'

/**
 * Whether SQLite is sound and both stores agree, both ways. A thread of its own checks the file, so that searches go on.
 * Vectors that wait (for a chunk just embedded, or for the purge of a removed document) are no problem.
 */
export async function verifyStorage(
  documents: DocumentStore,
  chunkIndex: ChunkIndex,
  thread: SearchThreadOptions,
  options: { readonly signal: AbortSignal },
): Promise<VerifyReport> {
  await using searchThread = createSearchThread(thread)
  const records = await searchThread.ask({ kind: 'verify' }, options)
  const problems = [...records.problems]
  let vectors = 0
  for (const embedder of embedderIds) {
    const stored = await chunkIndex.chunkKeys(embedder)
    const { duplicates, missing, unmarked } = await compareVectors(documents, stored, embedder, options)
    vectors += stored.length
    if (duplicates > 0) problems.push(`${duplicates} vectors of ${embedder} are stored twice.`)
    if (missing.length > 0)
      problems.push(
        `${missing.length} passages have lost their vectors (${embedder}). Restart Carrel to make them again.`,
      )
    let orphans = 0
    for (const keys of slicesOf(unmarked)) {
      orphans += keys.length - documents.keptChunkKeys(keys).length
      await nextTurn()
    }
    if (orphans > 0 && documents.removedDocumentKeys(1).length === 0) {
      problems.push(`${orphans} vectors of ${embedder} belong to no passage. Restart Carrel to remove them.`)
    }
  }
  return { documents: records.documents, chunks: records.chunks, vectors, problems }
}
