import { AutoModel, env, LogLevel, type PreTrainedModel, Tensor } from '@huggingface/transformers'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../../shared/errors.ts'
import type { EmbedderId } from '../ports/embedding.ts'
import { type AddedModel, type BoardModel, embedderModels } from './embedder-models.ts'
import { hashModelFolder } from './model-folder.ts'
import { joinVectors, poolVector, type WeighedVector } from './pooling.ts'
import { alteredModel, createTokenizers, missingModel } from './tokenizers.ts'

/** The embedders on board and those that were added; the only file that imports Transformers.js. */
export interface Models {
  /**
   * The L2-normalised vector of one text; of one that is longer than the model's limit, the mean of its pieces by their length.
   * A model is loaded when it is first used.
   * @throws AppError `embedding-model-missing` `embedding-failed`
   */
  embed(text: string, embedder: EmbedderId | AddedModel): Promise<Float32Array>
}

/** `modelsFolder`: absolute, holds a folder for each embedder on board. Nothing is ever loaded from a network. */
export function createModels(modelsFolder: string): Models {
  env.allowLocalModels = true
  env.allowRemoteModels = false
  env.localModelPath = modelsFolder.endsWith(sep) ? modelsFolder : `${modelsFolder}${sep}`
  env.useBrowserCache = false
  env.useFSCache = false
  env.useWasmCache = false
  env.logLevel = LogLevel.ERROR
  env.fetch = () => Promise.reject(new Error('Carrel loads models from its own folder only.'))

  const tokenizers = createTokenizers(modelsFolder)
  const loaded = new Map<string, Promise<PreTrainedModel>>()
  // Models load one after the other: two at once would double the peak of memory.
  let loading: Promise<unknown> = Promise.resolve()

  const get = (embedder: EmbedderId | AddedModel): Promise<PreTrainedModel> => {
    const key = typeof embedder === 'string' ? embedder : `${embedder.folder} ${embedder.fileHash}`
    const known = loaded.get(key)
    if (known !== undefined) return known
    const model = loading.then(() =>
      typeof embedder === 'string' ? loadBoardModel(modelsFolder, embedderModels[embedder]) : loadAddedModel(embedder),
    )
    loading = model.then(
      () => undefined,
      // Whoever asked for the model hears of it; the next attempt looks at the files again.
      () => loaded.delete(key),
    )
    loaded.set(key, model)
    return model
  }

  return {
    async embed(text, embedder) {
      const model = await get(embedder)
      const { dimensions, pooling } = typeof embedder === 'string' ? embedderModels[embedder] : embedder
      const pieces: WeighedVector[] = []
      for (const ids of tokenizers.encode(text, embedder)) {
        const { values, width } = await run(model, ids)
        const isRight = width > 0 && width <= mostDimensions && (dimensions === null || width === dimensions)
        const vector = isRight && values.length % width === 0 ? poolVector(values, width, pooling) : null
        if (vector === null) throw embeddingFailed()
        pieces.push({ vector, weight: ids.length })
      }
      const whole = joinVectors(pieces)
      if (whole === null) throw embeddingFailed()
      return whole
    },
  }
}

/** The widest table of vectors that Carrel makes. */
const mostDimensions = 8192

async function loadBoardModel(modelsFolder: string, model: BoardModel): Promise<PreTrainedModel> {
  const folder = join(modelsFolder, model.id)
  try {
    await access(join(folder, 'config.json'))
    const hash = createHash('sha256')
    await pipeline(createReadStream(join(folder, 'onnx', 'model_quantized.onnx')), hash)
    if (hash.digest('hex') !== model.fileHash)
      throw new Error(`The model file of ${model.id} is not the one on record.`)
    return await load(model.id)
  } catch (cause) {
    throw missingModel(model.id, cause)
  }
}

async function loadAddedModel({ folder, fileHash, name }: AddedModel): Promise<PreTrainedModel> {
  try {
    if ((await hashModelFolder(folder)) !== fileHash) throw new Error(`The files of ${name} are not those on record.`)
    return await load(`${folder}${sep}`)
  } catch (cause) {
    throw alteredModel(name, cause)
  }
}

function load(place: string): Promise<PreTrainedModel> {
  return AutoModel.from_pretrained(place, {
    dtype: 'q8',
    device: 'cpu',
    local_files_only: true,
    // One thread a process (architecture, fact 7).
    session_options: { intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential', logSeverityLevel: 3 },
  })
}

async function run(model: PreTrainedModel, ids: readonly number[]): Promise<TokenVectors> {
  const shape = [1, ids.length]
  const filled = (value: bigint): Tensor => new Tensor('int64', new BigInt64Array(ids.length).fill(value), shape)
  try {
    const output: unknown = await model({
      input_ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), shape),
      attention_mask: filled(1n),
      token_type_ids: filled(0n),
    })
    const values = tokenVectors(output)
    if (values === null) throw embeddingFailed()
    return values
  } catch (cause) {
    throw cause instanceof AppError ? cause : embeddingFailed(cause)
  }
}

/** Row after row, each `width` long. */
interface TokenVectors {
  readonly values: Float32Array
  readonly width: number
}

function tokenVectors(output: unknown): TokenVectors | null {
  if (typeof output !== 'object' || output === null || !('last_hidden_state' in output)) return null
  const state = output.last_hidden_state
  if (!(state instanceof Tensor) || !(state.data instanceof Float32Array)) return null
  return { values: state.data, width: state.dims.at(-1) ?? 0 }
}

function embeddingFailed(cause?: unknown): AppError {
  return new AppError(
    'embedding-failed',
    'The embedding model gave no usable vector for this text. It is still found by its words.',
    { cause },
  )
}
