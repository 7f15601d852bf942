import type { ScriptedModel } from './recording-model-server.ts'

/** Servers that speak the protocol of OpenAI; `other` adds nothing to it. */
export type OpenAiProduct = 'lm-studio' | 'llama-cpp' | 'vllm' | 'other'

const owners: Readonly<Record<OpenAiProduct, string>> = {
  'lm-studio': 'organization_owner',
  'llama-cpp': 'llamacpp',
  vllm: 'vllm',
  other: 'somebody',
}

/** Everything but the chat, as these servers answer it: status and JSON body. Written by hand from their documentation. */
export function describeOpenAi(
  path: string,
  product: OpenAiProduct,
  models: readonly ScriptedModel[],
): readonly [number, unknown] {
  if (path === '/v1/models') {
    return [200, { object: 'list', data: models.map((model) => openAiModel(model, product)) }]
  }
  if (path === '/api/v0/models' && product === 'lm-studio')
    return [200, { object: 'list', data: models.map(lmStudioModel) }]
  if (path === '/props' && product === 'llama-cpp') {
    return [
      200,
      {
        default_generation_settings: { n_ctx: models[0]?.contextTokens ?? 4096 },
        total_slots: 1,
        build_info: 'b6123-abc',
      },
    ]
  }
  if (path === '/slots' && product === 'llama-cpp') return [200, [{ id: 0, is_processing: false }]]
  return [404, { error: { code: 404, message: 'File Not Found', type: 'not_found_error' } }]
}

function openAiModel(model: ScriptedModel, product: OpenAiProduct) {
  return {
    id: model.name,
    object: 'model',
    created: 1_700_000_000,
    owned_by: model.owner ?? owners[product],
    ...(product === 'vllm' ? { max_model_len: model.contextTokens ?? 4096 } : {}),
    ...(product === 'llama-cpp'
      ? { meta: { n_ctx_train: 32_768, n_params: 1_240_000_000, size: model.sizeBytes ?? 1_000_000_000 } }
      : {}),
  }
}

function lmStudioModel(model: ScriptedModel) {
  return {
    id: model.name,
    object: 'model',
    type: model.family === 'embeddings' ? 'embeddings' : 'llm',
    publisher: 'somebody',
    arch: 'llama',
    compatibility_type: 'gguf',
    quantization: 'Q4_K_M',
    state: model.isLoaded === true ? 'loaded' : 'not-loaded',
    max_context_length: 131_072,
    ...(model.isLoaded === true ? { loaded_context_length: model.contextTokens ?? 4096 } : {}),
  }
}
