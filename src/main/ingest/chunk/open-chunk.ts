import type { EmbedderId } from '../../ports/embedding.ts'
import type { OpenHeading } from './heading-path.ts'

/** A chunk that is still being filled. Offsets of the document; tokens of `embedder`. */
export interface OpenChunk {
  start: number
  end: number
  path: readonly OpenHeading[]
  prefix: string
  tableHeader: string
  /** Tokens of prefix, table header and special tokens. */
  overheadTokens: number
  textTokens: number
  embedder: EmbedderId
  /** Enough letters were seen to be sure of the embedder. */
  isDecided: boolean
  /** Nothing but headings so far: the next block belongs to them. */
  holdsOnlyHeadings: boolean
  isInexact: boolean
}

/** All that the embedder would be given now. */
export function totalTokens(chunk: OpenChunk): number {
  return chunk.overheadTokens + chunk.textTokens
}
