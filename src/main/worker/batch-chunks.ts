import type { TextSlice } from '../../shared/anchor.ts'
import type { Chunk } from '../ports/chunks.ts'
import type { ParsedBatch } from '../ports/parsing.ts'

/** Main stores a batch in one transaction, which has to stay short. */
const maxChunks = 64
/** UTF-16 units, two bytes each: 256 KB. */
const maxUnits = 128 * 1024

/** Gathers slices and their chunks into batches of at most 64 chunks or about 256 KB. */
export interface BatchBuilder {
  /** @returns the batches that are full now, in order. A slice is in the same batch as its first chunks, or in one before. */
  add(slice: TextSlice, chunks: readonly Chunk[]): readonly ParsedBatch[]
  /** @returns what is left, or null. */
  finish(): ParsedBatch | null
}

export function createBatchBuilder(): BatchBuilder {
  let slices: TextSlice[] = []
  let chunks: Chunk[] = []
  let units = 0

  const take = (): ParsedBatch | null => {
    if (slices.length === 0 && chunks.length === 0) return null
    const batch = { slices, chunks }
    slices = []
    chunks = []
    units = 0
    return batch
  }
  return {
    add(slice, added) {
      const full: ParsedBatch[] = []
      const makeRoom = (wantedUnits: number): void => {
        if (chunks.length < maxChunks && units + wantedUnits <= maxUnits) return
        const batch = take()
        if (batch !== null) full.push(batch)
      }
      makeRoom(sliceUnits(slice))
      slices.push(slice)
      units += sliceUnits(slice)
      for (const chunk of added) {
        makeRoom(chunkUnits(chunk))
        chunks.push(chunk)
        units += chunkUnits(chunk)
      }
      return full
    },
    finish: take,
  }
}

/** A run or block is a handful of numbers. */
function sliceUnits(slice: TextSlice): number {
  return slice.text.length + slice.runs.length * 24 + slice.blocks.length * 16
}

function chunkUnits(chunk: Chunk): number {
  return chunk.text.length + chunk.embeddingText.length + chunk.keywordText.length
}
