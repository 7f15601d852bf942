/** Sizes of chunks, in tokens of the chunk's own embedder. What is counted is all the embedder is given: heading path, text, special tokens. */
export interface ChunkSettings {
  /** No chunk is longer. */
  readonly maxTokens: number
  /** Neighbouring blocks are packed together up to here. */
  readonly targetTokens: number
  /** What is smaller does not stay alone: it takes sentences of the next block. */
  readonly minTokens: number
  /** The heading path may take this much; its outermost headings give way first. */
  readonly maxPrefixTokens: number
  /** UTF-16 units a chunk may have: white space and endless words cost few tokens, but have to be shown and stored. */
  readonly maxUnits: number
}

/** Raised when equal text would be cut differently: the library is then cut and embedded anew. */
export const chunkerVersion = 1

/**
 * The defaults, adjustable by option. all-MiniLM-L6-v2 was trained on 256 tokens (its model card), and shorter passages
 * leave room for several in a small model's context.
 */
export const defaultChunkSettings: ChunkSettings = {
  maxTokens: 256,
  targetTokens: 224,
  minTokens: 64,
  maxPrefixTokens: 64,
  maxUnits: 2_048,
}
