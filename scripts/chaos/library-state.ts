import { join } from 'node:path'
import { chunkerVersion } from '../../src/main/ingest/chunk/chunk-settings.ts'
import { parserVersion } from '../../src/main/ingest/parse/parser-version.ts'
import { openStorage } from '../../src/main/storage/open-storage.ts'
import { systemClock } from '../../src/main/system-clock.ts'
import { createRecordingLog } from '../../test/support/recording-log.ts'
import { projectFolder } from '../../test/support/run-carrel.ts'

/** All that an import leaves. */
export interface LibraryState {
  /** One line a document: id, state, notices, chunk count; in order. */
  readonly documents: readonly string[]
  /** One line a chunk that has a vector: embedder, document, id, range, text; in order. */
  readonly chunks: readonly string[]
  readonly vectors: ReadonlyMap<string, Float32Array>
  /** What `carrel verify` finds, vectors stored twice or for no chunk, and documents that are not ready. */
  readonly problems: readonly string[]
}

/** Reads a library that nobody has open. Reconciles nothing: it is read as it was left. */
export async function readLibrary(dataFolder: string): Promise<LibraryState> {
  await using storage = await openStorage({
    dataFolder,
    keywordThread: join(projectFolder, 'out', 'main', 'keyword-search.js'),
    parserVersion,
    chunkerVersion,
    clock: systemClock,
    log: createRecordingLog(),
  })
  const { documents: records, chunkIndex } = storage
  const listed = records.list({ offset: 0, limit: 10_000, filter: '' }).documents
  const chunks: string[] = []
  const vectors = new Map<string, Float32Array>()
  const problems = [...(await storage.verify()).problems]
  for (const { name, state, problem } of listed)
    if (state !== 'ready') problems.push(`${name} is ${state}${problem === null ? '' : `: ${problem.message}`}`)
  const removed = records.removedDocumentKeys(1_000).length
  if (removed > 0) problems.push(`${removed} removed documents have left rows`)
  for (const embedder of ['all-MiniLM-L6-v2', 'bge-small-zh-v1.5'] as const) {
    const keys = await chunkIndex.chunkKeys(embedder)
    const stored = records.chunksByKey(keys)
    if (new Set(keys).size !== keys.length) problems.push(`${embedder} has vectors twice`)
    if (stored.length !== keys.length) problems.push(`${embedder}: ${keys.length - stored.length} vectors of no chunk`)
    const byKey = await chunkIndex.read(embedder, keys)
    for (const chunk of stored) {
      chunks.push(`${embedder} ${chunk.documentId} ${chunk.id} ${chunk.start}-${chunk.end} ${chunk.text}`)
      const vector = byKey.get(chunk.chunkKey)
      if (vector !== undefined) vectors.set(chunk.id, vector)
    }
  }
  return {
    documents: listed
      .map(({ id, state, notices, chunkCount }) => `${id} ${state} ${JSON.stringify(notices)} ${chunkCount}`)
      .toSorted(),
    chunks: chunks.toSorted(),
    vectors,
    problems,
  }
}

/** @returns in what `found` differs from what a clean import left; empty: in nothing. */
export function differences(clean: LibraryState, found: LibraryState): readonly string[] {
  const problems = [...found.problems]
  for (const part of ['documents', 'chunks'] as const) {
    const [before, after] = [new Set(clean[part]), new Set(found[part])]
    const [missing, added] = [
      clean[part].filter((line) => !after.has(line)),
      found[part].filter((line) => !before.has(line)),
    ]
    if (missing.length > 0) problems.push(`${missing.length} ${part} are missing, such as ${missing[0] ?? ''}`)
    if (added.length > 0) problems.push(`${added.length} ${part} are too many, such as ${added[0] ?? ''}`)
    if (found[part].length !== after.size) problems.push(`${part} are there twice`)
  }
  for (const [id, vector] of clean.vectors) {
    const other = found.vectors.get(id)
    const similarity = other === undefined ? 0 : cosine(vector, other)
    if (similarity < 0.9999) problems.push(`the vector of ${id} differs: cosine ${similarity}`)
  }
  return problems
}

/** Of normalised vectors. */
function cosine(one: Float32Array, other: Float32Array): number {
  return one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0)
}
