import { setImmediate as nextTurn } from 'node:timers/promises'
import type { DocumentStore } from '../ports/document-store.ts'
import type { EmbedderId } from '../ports/embedding.ts'

export interface VectorComparison {
  /** Marked as embedded in SQLite, not among the stored. */
  readonly missing: readonly number[]
  /** Stored, not marked: of a removed document, or the process died between the two. */
  readonly unmarked: readonly number[]
  readonly duplicates: number
}

const keysPerLook = 2_000

/** Merges both ordered lists of chunk keys; gives way to other work between slices. @param stored ascending. */
export async function compareVectors(
  documents: Pick<DocumentStore, 'embeddedChunkKeys'>,
  stored: readonly number[],
  embedder: EmbedderId,
  { signal }: { readonly signal: AbortSignal },
): Promise<VectorComparison> {
  const missing: number[] = []
  const unmarked: number[] = []
  let duplicates = 0
  let position = 0
  const takeStoredBelow = (limit: number): void => {
    for (; position < stored.length; position += 1) {
      const key = stored[position]
      if (key === undefined || key >= limit) return
      if (key === stored[position - 1]) duplicates += 1
      else unmarked.push(key)
    }
  }
  let afterKey = 0
  for (;;) {
    signal.throwIfAborted()
    const marked = documents.embeddedChunkKeys(embedder, afterKey, keysPerLook)
    for (const key of marked) {
      takeStoredBelow(key)
      if (stored[position] !== key) missing.push(key)
      while (stored[position] === key) {
        position += 1
        if (stored[position] === key) duplicates += 1
      }
      afterKey = key
    }
    if (marked.length < keysPerLook) break
    await nextTurn()
  }
  takeStoredBelow(Number.POSITIVE_INFINITY)
  return { missing, unmarked, duplicates }
}

const keysPerSlice = 500

/** Keys in portions that a store handles in a few milliseconds. */
export function* slicesOf(keys: readonly number[]): Generator<readonly number[]> {
  for (let from = 0; from < keys.length; from += keysPerSlice) yield keys.slice(from, from + keysPerSlice)
}
