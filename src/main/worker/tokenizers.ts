import { Tokenizer } from '@huggingface/tokenizers'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import type { EmbedderId } from '../ports/embedding.ts'
import { type AddedModel, embedderModels } from './embedder-models.ts'
import { tokenWindows } from './token-windows.ts'
import { createWordTokens } from './word-tokens.ts'

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
  const loaded = new Map<string, TextTokens>()
  const get = (embedder: EmbedderId | AddedModel): TextTokens => {
    const key = typeof embedder === 'string' ? embedder : embedder.folder
    const known = loaded.get(key)
    if (known !== undefined) return known
    const tokens =
      typeof embedder === 'string'
        ? wordByWord(loadBoardTokenizer(modelsFolder, embedder))
        : textByText(loadAddedTokenizer(embedder))
    loaded.set(key, tokens)
    return tokens
  }
  return {
    count: (text, embedder) => get(embedder).plain(text).length,
    encode: (text, embedder) => {
      const { limitTokens, prefixes } = typeof embedder === 'string' ? embedderModels[embedder] : embedder
      const tokens = get(embedder)
      const whole = tokens.whole(text)
      if (whole.length <= limitTokens) return [whole]
      const prefix = prefixes.find((one) => one !== '' && text.startsWith(one)) ?? ''
      return tokenWindows({ whole, plain: tokens.plain(text) }, { limitTokens, prefix: tokens.plain(prefix.trimEnd()) })
    },
  }
}

/** Token ids of a text, with the special ones and without. */
interface TextTokens {
  whole(text: string): readonly number[]
  plain(text: string): readonly number[]
}

function textByText(tokenizer: Tokenizer): TextTokens {
  return {
    whole: (text) => tokenizer.encode(text).ids,
    plain: (text) => tokenizer.encode(text, { add_special_tokens: false }).ids,
  }
}

/** BERT's special tokens are one before and one after, whatever the text. */
function wordByWord(tokenizer: Tokenizer): TextTokens {
  const { whole, plain } = textByText(tokenizer)
  const [before = [], after = []] = whole('').map((id) => [id])
  const words = createWordTokens(plain)
  return { whole: (text) => [...before, ...words(text), ...after], plain: words }
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
