import type { ModelServerProduct } from '../../shared/model-server.ts'
import { ErrorStatus } from './local-fetch.ts'
import { lmStudioModelsSchema, openAiModelsSchema } from './openai-replies.ts'
import { versionReplySchema } from './ollama-replies.ts'
import { isConnectionRefusal } from './server-errors.ts'
import { probeJson, type ProbeLimits, ProbeTimeout } from './server-probe.ts'
import { isLoading } from './when-loaded.ts'

/** A program that speaks a protocol Carrel knows. */
export interface FoundServer {
  readonly address: string
  readonly product: ModelServerProduct
}

/** `silent`: nobody listens, or nobody answers in time. `locked`: it asks for a key. `foreign`: a program that is no model server. */
export type Look = FoundServer | 'silent' | 'locked' | 'foreign'

/**
 * Who answers at an address, by what it says of itself: Ollama by its version, LM Studio by its own list, llama.cpp and vLLM as
 * owners of their models, others by the list alone. At most three short questions, nothing of the person's in them.
 * @throws the signal's reason on abort
 */
export async function lookForServer(
  address: string,
  limits: ProbeLimits,
  { mayBeOllama = true }: { readonly mayBeOllama?: boolean } = {},
): Promise<Look> {
  try {
    if (mayBeOllama && (await isAnswering(`${address}/api/version`, versionReplySchema, limits))) {
      return { address, product: 'ollama' }
    }
    if (await isAnswering(`${address}/api/v0/models`, lmStudioModelsSchema, limits)) {
      return { address, product: 'lm-studio' }
    }
    const { data } = await probeJson(`${address}/v1/models`, openAiModelsSchema, limits)
    const owners = new Set(data.map(({ owned_by: owner }) => owner))
    if (owners.has('llamacpp')) return { address, product: 'llama-cpp' }
    return { address, product: owners.has('vllm') ? 'vllm' : 'openai-compatible' }
  } catch (error) {
    limits.signal.throwIfAborted()
    if (isLoading(error)) return { address, product: 'llama-cpp' }
    if (error instanceof ErrorStatus && error.status === 401) return 'locked'
    return isConnectionRefusal(error) || error instanceof ProbeTimeout ? 'silent' : 'foreign'
  }
}

/** False when something else answers. @throws when nobody does, while it loads, and on abort */
async function isAnswering(
  url: string,
  schema: typeof versionReplySchema | typeof lmStudioModelsSchema,
  limits: ProbeLimits,
): Promise<boolean> {
  try {
    await probeJson(url, schema, limits)
    return true
  } catch (error) {
    limits.signal.throwIfAborted()
    if (isConnectionRefusal(error) || error instanceof ProbeTimeout || isLoading(error)) throw error
    return error instanceof ErrorStatus && isOllamaInTrouble(error)
  }
}

/** A server that fails is still the server; only what another program would say is not. */
function isOllamaInTrouble({ status }: ErrorStatus): boolean {
  return status >= 500 && status !== 501
}
