import type { ModelServerProduct, ModelSummary } from '../../shared/model-server.ts'
import { ErrorStatus } from './local-fetch.ts'
import { isCloudName } from './model-kinds.ts'
import {
  type LmStudioModel,
  llamaCppPropsSchema,
  lmStudioModelsSchema,
  type OpenAiModel,
  openAiModelsSchema,
} from './openai-replies.ts'
import { BadReply } from './reply-checks.ts'
import { probeJson, type ProbeLimits } from './server-probe.ts'
import { isCloudOwner } from './server-products.ts'
import { isLoading } from './when-loaded.ts'

/** What a server of this kind has: models it can run here, and those it would only relay. */
export interface OpenAiModels {
  readonly models: readonly ModelSummary[]
  readonly refusedModels: readonly string[]
  readonly version: string | null
  /** llama.cpp lists its model before it can answer. */
  readonly isLoading: boolean
}

/**
 * The models of a server: LM Studio's own list says most (types, state, context), llama.cpp adds `/props`, vLLM its limit in
 * the list itself; what is not said stays null. Models that only embed are left out.
 * @throws ErrorStatus (503 while llama.cpp loads), BadReply, ProbeTimeout, what connecting throws
 */
export async function readOpenAiModels(
  { address, product }: { readonly address: string; readonly product: ModelServerProduct },
  limits: ProbeLimits,
): Promise<OpenAiModels> {
  if (product === 'lm-studio') {
    const { data } = await probeJson(`${address}/api/v0/models`, lmStudioModelsSchema, limits)
    const usable = data.filter(({ type }) => type !== 'embeddings')
    return { ...sorted(usable, () => false, lmStudioSummary), version: null, isLoading: false }
  }
  const { data } = await probeJson(`${address}/v1/models`, openAiModelsSchema, limits)
  const props = product === 'llama-cpp' ? await readProps(address, limits) : null
  const usable = data.filter(({ id }) => !/embed/i.test(id))
  const isElsewhere = ({ owned_by: owner }: OpenAiModel): boolean => isCloudOwner(owner)
  return {
    ...sorted(usable, isElsewhere, (model) => openAiSummary(model, product, props)),
    version: props?.version ?? null,
    isLoading: props?.isLoading ?? false,
  }
}

interface LlamaCppProps {
  readonly contextTokens: number | null
  readonly version: string | null
  readonly isLoading: boolean
}

/** Nulls where this llama.cpp does not say. */
async function readProps(address: string, limits: ProbeLimits): Promise<LlamaCppProps> {
  try {
    return { ...(await probeJson(`${address}/props`, llamaCppPropsSchema, limits)), isLoading: false }
  } catch (error) {
    if (isLoading(error)) return { contextTokens: null, version: null, isLoading: true }
    if (error instanceof ErrorStatus || error instanceof BadReply) {
      return { contextTokens: null, version: null, isLoading: false }
    }
    throw error
  }
}

function sorted<T extends { readonly id: string }>(
  listed: readonly T[],
  isElsewhere: (model: T) => boolean,
  summary: (model: T) => ModelSummary,
): Pick<OpenAiModels, 'models' | 'refusedModels'> {
  const isRefused = (model: T): boolean => isCloudName(model.id) || isElsewhere(model)
  return {
    models: listed.filter((model) => !isRefused(model)).map(summary),
    refusedModels: listed.filter(isRefused).map(({ id }) => id),
  }
}

function lmStudioSummary(model: LmStudioModel): ModelSummary {
  const isLoaded = model.state === 'loaded'
  return {
    name: model.id,
    sizeBytes: null,
    parameterSize: null,
    quantization: model.quantization || null,
    contextTokens: (isLoaded ? model.loaded_context_length : null) ?? model.max_context_length ?? null,
    abilities: [
      'completion',
      ...(model.type === 'vlm' ? (['vision'] as const) : []),
      ...(model.capabilities?.includes('tool_use') ? (['tools'] as const) : []),
    ],
    isLoaded,
  }
}

function openAiSummary(model: OpenAiModel, product: ModelServerProduct, props: LlamaCppProps | null): ModelSummary {
  // Both hold their models in memory for as long as they run; a llama.cpp with several says which.
  const isResident = product === 'llama-cpp' || product === 'vllm'
  const state = model.status?.value
  return {
    name: model.id,
    sizeBytes: model.meta?.size ?? null,
    parameterSize: model.meta?.n_params == null ? null : billions(model.meta.n_params),
    quantization: null,
    contextTokens: props?.contextTokens ?? model.max_model_len ?? model.meta?.n_ctx ?? null,
    abilities: null,
    isLoaded: isResident && props?.isLoading !== true && (state == null || state === 'loaded'),
  }
}

/** 8190735360 -> "8.2B", 134515008 -> "135M". */
function billions(parameters: number): string {
  return parameters >= 1e9 ? `${(parameters / 1e9).toFixed(1)}B` : `${Math.round(parameters / 1e6)}M`
}
