import { Tokenizer } from '@huggingface/tokenizers'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import type { EmbedderId } from '../ports/embedding.ts'
import { type AddedModel, embedderModels } from './embedder-models.ts'
import { tokenWindows } from './token-windows.ts'

/** The embedders' own tokenizers, without the runtime for the models: what the parser counts is what the embedder sees. */
export interface Tokenizers {
  /** Tokens of `text`, special ones left out. */
  count(text: string, embedder: EmbedderId): number
  /** Token ids with the special ones; a text beyond the model's limit in several pieces, see token-windows.ts. */
  encode(text: string, embedder: EmbedderId | AddedModel): readonly (readonly number[])[]
}

const boardFileSchema = z.looseObject({
  model: z.looseObject({ type: z.literal('WordPiece') }),
  normalizer: z.looseObject({ type: z.literal('BertNormalizer') }),
})
const addedFileSchema = z.looseObject({
  model: z.looseObject({}),
  normalizer: z.looseObject({ type: z.string() }).nullish(),
})
const addedConfigSchema = z.looseObject({ do_lower_case: z.boolean().optional().catch(undefined) })

/**
 * Loads each tokenizer when it is first needed, from `<modelsFolder>/<id>/tokenizer.json` or the folder of an added one. On
 * board two things differ from the file: both models are uncased (bge's file leaves lower-casing to a setting beside it), and
 * "[SEP]" in a document is text.
 *
 * @throws AppError `embedding-model-missing` from both functions when the file is absent or damaged.
 */
export function createTokenizers(modelsFolder: string): Tokenizers {
  const loaded = new Map<string, Tokenizer>()
  const get = (embedder: EmbedderId | AddedModel): Tokenizer => {
    const key = typeof embedder === 'string' ? embedder : embedder.folder
    const known = loaded.get(key)
    if (known !== undefined) return known
    const tokenizer =
      typeof embedder === 'string' ? loadBoardTokenizer(modelsFolder, embedder) : loadAddedTokenizer(embedder)
    loaded.set(key, tokenizer)
    return tokenizer
  }
  return {
    count: (text, embedder) => get(embedder).encode(text, { add_special_tokens: false }).ids.length,
    encode: (text, embedder) => {
      const { limitTokens, prefixes } = typeof embedder === 'string' ? embedderModels[embedder] : embedder
      const tokenizer = get(embedder)
      const whole = tokenizer.encode(text).ids
      if (whole.length <= limitTokens) return [whole]
      const plainIds = (piece: string): readonly number[] => tokenizer.encode(piece, { add_special_tokens: false }).ids
      const prefix = prefixes.find((one) => one !== '' && text.startsWith(one)) ?? ''
      return tokenWindows({ whole, plain: plainIds(text) }, { limitTokens, prefix: plainIds(prefix.trimEnd()) })
    },
  }
}

function loadBoardTokenizer(modelsFolder: string, embedder: EmbedderId): Tokenizer {
  try {
    const file = boardFileSchema.parse(readJson(join(modelsFolder, embedder, 'tokenizer.json')))
    return new Tokenizer({ ...file, added_tokens: [], normalizer: { ...file.normalizer, lowercase: true } }, {})
  } catch (cause) {
    throw missingModel(embedder, cause)
  }
}

/** A setting beside the file decides about lower-casing, as in Transformers. */
function loadAddedTokenizer({ folder, name }: AddedModel): Tokenizer {
  try {
    const file = addedFileSchema.parse(readJson(join(folder, 'tokenizer.json')))
    const configFile = join(folder, 'tokenizer_config.json')
    const config = existsSync(configFile) ? addedConfigSchema.parse(readJson(configFile)) : {}
    const isBert = file.normalizer?.type === 'BertNormalizer'
    const normalizer =
      isBert && config.do_lower_case !== undefined
        ? { ...file.normalizer, lowercase: config.do_lower_case }
        : file.normalizer
    return new Tokenizer({ ...file, normalizer }, config)
  } catch (cause) {
    throw alteredModel(name, cause)
  }
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'))
}

/** The one sentence for every file of an added embedder that is absent, damaged or altered. */
export function alteredModel(name: string, cause?: unknown): AppError {
  return new AppError(
    'embedding-model-missing',
    `The files of the embedder ${name} are missing or were altered. Add it again from its folder, or use the one on board.`,
    { details: { reason: 'added', model: name }, cause },
  )
}

/** The one sentence for every model file that is absent, damaged or altered. */
export function missingModel(embedder: EmbedderId, cause?: unknown): AppError {
  return new AppError(
    'embedding-model-missing',
    `The embedding model ${embedder} is missing or was altered. Install Carrel again, or fetch the models again with npm start.`,
    { details: { model: embedder }, cause },
  )
}
