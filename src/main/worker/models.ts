import { AutoModel, env, LogLevel, type PreTrainedModel, Tensor } from '@huggingface/transformers'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../../shared/errors.ts'
import type { EmbedderId } from '../interfaces.ts'
import { type EmbedderModel, embedderModels } from './embedder-models.ts'
import { poolVector } from './pooling.ts'
import { createTokenizers, missingModel } from './tokenizers.ts'

/** The embedders on board; the only file that imports Transformers.js. */
export interface Models {
  /**
   * The L2-normalised vector of one text, cut to the model's 512 tokens. A model is loaded when it is first used.
   * @throws AppError `embedding-model-missing` `embedding-failed`
   */
  embed(text: string, embedder: EmbedderId): Promise<Float32Array>
}

/** `modelsFolder`: absolute, holds a folder for each embedder. Nothing is ever loaded from anywhere else. */
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
  const loaded = new Map<EmbedderId, Promise<PreTrainedModel>>()
  // Models load one after the other: two at once would double the peak of memory.
  let loading: Promise<unknown> = Promise.resolve()

  const get = (embedder: EmbedderId): Promise<PreTrainedModel> => {
    const known = loaded.get(embedder)
    if (known !== undefined) return known
    const model = loading.then(() => loadModel(modelsFolder, embedderModels[embedder]))
    loading = model.then(
      () => undefined,
      // Whoever asked for the model hears of it; the next attempt looks at the files again.
      () => loaded.delete(embedder),
    )
    loaded.set(embedder, model)
    return model
  }

  return {
    async embed(text, embedder) {
      const model = await get(embedder)
      const { dimensions, pooling } = embedderModels[embedder]
      const values = await run(model, tokenizers.encode(text, embedder))
      const vector = values.length % dimensions === 0 ? poolVector(values, dimensions, pooling) : null
      if (vector === null) throw embeddingFailed()
      return vector
    },
  }
}

async function loadModel(modelsFolder: string, model: EmbedderModel): Promise<PreTrainedModel> {
  const folder = join(modelsFolder, model.id)
  try {
    await access(join(folder, 'config.json'))
    const hash = createHash('sha256')
    await pipeline(createReadStream(join(folder, 'onnx', 'model_quantized.onnx')), hash)
    if (hash.digest('hex') !== model.modelHash)
      throw new Error(`The model file of ${model.id} is not the one on record.`)
    return await AutoModel.from_pretrained(model.id, {
      dtype: 'q8',
      device: 'cpu',
      local_files_only: true,
      // One thread a process (architecture, fact 7).
      session_options: { intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential', logSeverityLevel: 3 },
    })
  } catch (cause) {
    throw missingModel(model.id, cause)
  }
}

async function run(model: PreTrainedModel, ids: readonly number[]): Promise<Float32Array> {
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

function tokenVectors(output: unknown): Float32Array | null {
  if (typeof output !== 'object' || output === null || !('last_hidden_state' in output)) return null
  const state = output.last_hidden_state
  return state instanceof Tensor && state.data instanceof Float32Array ? state.data : null
}

function embeddingFailed(cause?: unknown): AppError {
  return new AppError(
    'embedding-failed',
    'The embedding model gave no usable vector for this text. It is still found by its words.',
    { cause },
  )
}
