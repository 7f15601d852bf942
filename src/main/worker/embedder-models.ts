import type { EmbedderId } from '../interfaces.ts'

/** What Carrel knows of an embedder on board. Its files stand in `<models folder>/<id>/`. */
export interface EmbedderModel {
  readonly id: EmbedderId
  /** SHA-256 of `onnx/model_quantized.onnx`: vectors of an altered file would not fit those already stored. */
  readonly modelHash: string
  readonly dimensions: number
  /** How token vectors become one: as the model was trained. */
  readonly pooling: 'mean' | 'cls'
}

export const embedderModels: Readonly<Record<EmbedderId, EmbedderModel>> = {
  'all-MiniLM-L6-v2': {
    id: 'all-MiniLM-L6-v2',
    modelHash: 'afdb6f1a0e45b715d0bb9b11772f032c399babd23bfc31fed1c170afc848bdb1',
    dimensions: 384,
    pooling: 'mean',
  },
  'bge-small-zh-v1.5': {
    id: 'bge-small-zh-v1.5',
    modelHash: '277740d23747fa6dbe5b3afa74fca21d818fb89556ce5c819ce1d3896e6e4c25',
    dimensions: 512,
    pooling: 'cls',
  },
}

export const embedderIds = Object.keys(embedderModels) as readonly EmbedderId[]

/** Both were trained with 512 positions. */
export const modelLimitTokens = 512
