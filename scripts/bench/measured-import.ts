import { rm } from 'node:fs/promises'
import { writeCorpus } from './corpus.ts'
import { openCarrel } from './open-carrel.ts'
import type { PoolText } from './pool-messages.ts'

export interface ImportRun {
  /** From the first stored chunk to the last stored vector. */
  readonly elapsedMs: number
  readonly tokens: number
  readonly texts: readonly PoolText[]
  readonly processes: number
}

/**
 * Imports a folder into an empty library through the whole product, models loaded before; the library is removed.
 * @throws Error when anything is left unembedded.
 */
export async function importOnce(dataFolder: string, corpus: string): Promise<ImportRun> {
  const texts: PoolText[] = []
  let tokens = 0
  let firstChunkAt: number | null = null
  let lastVectorAt = 0
  let processes = 0
  {
    await using carrel = await openCarrel(dataFolder)
    const { signal } = new AbortController()
    const warm = `${dataFolder}-warm`
    await writeCorpus(warm, { paragraphs: 150, seed: 99 })
    await carrel.importer.add([warm], { signal })
    await carrel.importer.idle({ signal })
    processes = (await carrel.handlers['app:status']({})).embedderProcesses
    const { documents } = carrel
    const before = documents.totals().chunks
    const { appendBatch, markEmbedded } = documents
    documents.appendBatch = (documentKey, batch) => {
      appendBatch(documentKey, batch)
      for (const { embeddingText, embedder, tokenCount } of batch.chunks) {
        texts.push({ text: embeddingText, embedder })
        tokens += tokenCount
      }
      if (batch.chunks.length > 0) firstChunkAt ??= performance.now()
    }
    documents.markEmbedded = (chunkKeys) => {
      const ready = markEmbedded(chunkKeys)
      lastVectorAt = performance.now()
      return ready
    }
    await carrel.importer.add([corpus], { signal })
    await carrel.importer.idle({ signal })
    const { chunks, embeddedChunks } = documents.totals()
    if (firstChunkAt === null || chunks - before !== texts.length || embeddedChunks !== chunks)
      throw new Error(
        `The import did not end well: ${chunks} chunks, ${embeddedChunks} embedded, ${texts.length} seen.`,
      )
  }
  await rm(dataFolder, { recursive: true, force: true, maxRetries: 5 })
  return { elapsedMs: lastVectorAt - firstChunkAt, tokens, texts, processes }
}
