import type { TextSlice } from '../../../shared/anchor.ts'
import type { Chunk, CutState } from '../../ports/chunks.ts'
import { cutChunks, type CutOptions, initialCutState } from './cut-chunks.ts'

/**
 * Cuts stored slices as an import cuts them: in order, `state` from one call to the next; a page that was recognised from its
 * picture stands alone, since it was put behind the text whatever its number. Pure.
 */
export function cutAnew(
  slices: readonly TextSlice[],
  state: CutState | null,
  options: CutOptions,
): { readonly chunks: readonly Chunk[]; readonly state: CutState } {
  const chunks: Chunk[] = []
  let current = state ?? initialCutState
  for (const slice of slices) {
    const before =
      slice.page?.confidence === undefined ? current : { ...initialCutState, nextOrdinal: current.nextOrdinal }
    const cut = cutChunks(slice, before, options)
    chunks.push(...cut.chunks)
    current = cut.state
  }
  return { chunks, state: current }
}
