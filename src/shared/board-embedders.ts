import type { EmbedderIdentity, EmbedderLanguages, EmbedderRecord, LanguageGroup } from './embedder.ts'

/** The embedder on board for each language group. Chunks are filed under its id, whoever makes their vectors. */
export const boardIdOf = {
  chinese: 'bge-small-zh-v1.5',
  other: 'all-MiniLM-L6-v2',
} as const satisfies Record<LanguageGroup, string>

export type BoardEmbedderId = (typeof boardIdOf)[LanguageGroup]

const record = (
  id: BoardEmbedderId,
  facts: Pick<EmbedderIdentity, 'fileHash' | 'dimensions'> & {
    readonly pooling: 'mean' | 'cls'
    readonly languages: EmbedderLanguages
    readonly sizeBytes: number
  },
): EmbedderRecord => {
  const { languages, sizeBytes, ...own } = facts
  return {
    id,
    identity: { source: 'board', name: id, questionPrefix: '', passagePrefix: '', limitTokens: 512, ...own },
    languages,
    sizeBytes,
    // About 9,000 tokens a second and core (architecture, fact 7).
    millisecondsPerToken: 0.11,
  }
}

/** `fileHash`: SHA-256 of `onnx/model_quantized.onnx`; vectors of an altered file would not fit those already stored. */
export const boardEmbedders: Readonly<Record<BoardEmbedderId, EmbedderRecord>> = {
  'all-MiniLM-L6-v2': record('all-MiniLM-L6-v2', {
    fileHash: 'afdb6f1a0e45b715d0bb9b11772f032c399babd23bfc31fed1c170afc848bdb1',
    dimensions: 384,
    pooling: 'mean',
    languages: 'english',
    sizeBytes: 23_683_952,
  }),
  'bge-small-zh-v1.5': record('bge-small-zh-v1.5', {
    fileHash: '277740d23747fa6dbe5b3afa74fca21d818fb89556ce5c819ce1d3896e6e4c25',
    dimensions: 512,
    pooling: 'cls',
    languages: 'chinese',
    sizeBytes: 24_300_001,
  }),
}
