import { Tokenizer } from '@huggingface/tokenizers'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import type { EmbedderId } from '../interfaces.ts'
import { modelLimitTokens } from './embedder-models.ts'

/** The embedders' own tokenizers, without the runtime for the models: what the parser counts is what the embedder sees. */
export interface Tokenizers {
  /** Tokens of `text`, special ones left out. */
  count(text: string, embedder: EmbedderId): number
  /** Token ids with [CLS] and [SEP], cut to the model's limit. */
  encode(text: string, embedder: EmbedderId): readonly number[]
}

const tokenizerFileSchema = z.looseObject({
  model: z.looseObject({ type: z.literal('WordPiece') }),
  normalizer: z.looseObject({ type: z.literal('BertNormalizer') }),
})

/**
 * Loads each tokenizer when it is first needed, from `<modelsFolder>/<id>/tokenizer.json`. Two things differ from the file:
 * both models are uncased (bge's file leaves lower-casing to a setting beside it), and "[SEP]" in a document is text.
 *
 * @throws AppError `embedding-model-missing` from both functions when the file is absent or damaged.
 */
export function createTokenizers(modelsFolder: string): Tokenizers {
  const loaded = new Map<EmbedderId, Tokenizer>()
  const get = (embedder: EmbedderId): Tokenizer => {
    const known = loaded.get(embedder)
    if (known !== undefined) return known
    const tokenizer = loadTokenizer(modelsFolder, embedder)
    loaded.set(embedder, tokenizer)
    return tokenizer
  }
  return {
    count: (text, embedder) => get(embedder).encode(text, { add_special_tokens: false }).ids.length,
    encode: (text, embedder) => {
      const { ids } = get(embedder).encode(text)
      const last = ids.at(-1)
      if (ids.length <= modelLimitTokens || last === undefined) return ids
      return [...ids.slice(0, modelLimitTokens - 1), last]
    },
  }
}

function loadTokenizer(modelsFolder: string, embedder: EmbedderId): Tokenizer {
  try {
    const file = tokenizerFileSchema.parse(
      JSON.parse(readFileSync(join(modelsFolder, embedder, 'tokenizer.json'), 'utf8')),
    )
    return new Tokenizer({ ...file, added_tokens: [], normalizer: { ...file.normalizer, lowercase: true } }, {})
  } catch (cause) {
    throw missingModel(embedder, cause)
  }
}

/** The one sentence for every model file that is absent, damaged or altered. */
export function missingModel(embedder: EmbedderId, cause?: unknown): AppError {
  return new AppError(
    'embedding-model-missing',
    `The embedding model ${embedder} is missing or was altered. Install Carrel again, or fetch the models again with npm start.`,
    { details: { model: embedder }, cause },
  )
}
