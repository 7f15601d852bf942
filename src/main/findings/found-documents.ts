import type { SliceMatches } from '../ports/findings-index.ts'

/** A document that holds every word. */
export interface FoundDocument {
  readonly documentKey: number
  /** Its passages that hold all of them; 0: they stand in different ones. */
  readonly passageCount: number
  /** The first of those, else of those that hold the most. */
  readonly chunkKey: number
}

interface Entry {
  held: number
  together: number
  bestChunk: number
  bestHeld: number
}

/** Gathers what the slices of a library hold. A document may lie in several slices. */
export class FoundDocuments {
  readonly #entries = new Map<number, Entry>()
  readonly #all: number

  /** @param requirementCount 1 to 30 */
  constructor(requirementCount: number) {
    this.#all = 2 ** requirementCount - 1
  }

  /** Slices come in order of their chunks. */
  add({ documentKeys, held, together, bestChunks, bestHeld }: SliceMatches): void {
    for (const [index, documentKey] of documentKeys.entries()) {
      const entry = this.#entries.get(documentKey) ?? { held: 0, together: 0, bestChunk: 0, bestHeld: 0 }
      entry.held |= held[index] ?? 0
      entry.together += together[index] ?? 0
      const holds = bestHeld[index] ?? 0
      if (bitCount(holds) > bitCount(entry.bestHeld)) {
        entry.bestHeld = holds
        entry.bestChunk = bestChunks[index] ?? 0
      }
      this.#entries.set(documentKey, entry)
    }
  }

  /** Those of the documents asked for that hold everything: in one passage first, by how many, newest first; then in different ones. */
  within(documentKeys: Int32Array): readonly FoundDocument[] {
    const found: FoundDocument[] = []
    for (const documentKey of documentKeys) {
      const entry = this.#entries.get(documentKey)
      if (entry !== undefined && entry.held === this.#all)
        found.push({ documentKey, passageCount: entry.together, chunkKey: entry.bestChunk })
    }
    return found.sort((one, other) => other.passageCount - one.passageCount || other.documentKey - one.documentKey)
  }
}

function bitCount(bits: number): number {
  let count = 0
  for (let left = bits; left !== 0; left &= left - 1) count += 1
  return count
}
