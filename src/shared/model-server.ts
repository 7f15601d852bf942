import { z } from 'zod'
import { serializedErrorSchema } from './document.ts'

/** Programs that Carrel knows by what they say of themselves; the last is any other that speaks the same protocol. */
export const modelServerProducts = ['ollama', 'lm-studio', 'llama-cpp', 'vllm', 'openai-compatible'] as const
export type ModelServerProduct = (typeof modelServerProducts)[number]

const productNames: Readonly<Record<ModelServerProduct, string>> = {
  ollama: 'Ollama',
  'lm-studio': 'LM Studio',
  'llama-cpp': 'llama.cpp',
  vllm: 'vLLM',
  'openai-compatible': 'the model server',
}

/** A server's name inside an English sentence. */
export function serverName(product: ModelServerProduct): string {
  return productNames[product]
}

/** What a model can do, as far as its server says. */
export const modelAbilities = ['completion', 'vision', 'tools', 'thinking', 'embedding'] as const
export type ModelAbility = (typeof modelAbilities)[number]

/** A model that the local server offers. Null: the server did not say, or was not asked yet (see `models:details`). */
export const modelSummarySchema = z.object({
  name: z.string(),
  sizeBytes: z.number().nullable(),
  parameterSize: z.string().nullable(),
  quantization: z.string().nullable(),
  contextTokens: z.number().int().nullable(),
  abilities: z.array(z.enum(modelAbilities)).nullable(),
  isLoaded: z.boolean(),
})
export type ModelSummary = z.infer<typeof modelSummarySchema>

/**
 * - `ready`: a model can write.
 * - `not-installed`: nothing answers, and Ollama is not on this computer.
 * - `not-running`: nothing answers where it should.
 * - `wrong-port`: nothing usable answers where it was told to be; `offeredAddress` may name a usual place where something does.
 * - `too-old`: its version lacks what Carrel needs.
 * - `no-model`, `model-missing`: it runs, but has no model that can write, or not the chosen one.
 * - `out-of-memory`: the chosen model did not fit when it was last asked.
 * - `loading`: the server is still reading its model; a question waits for it.
 * - `refused`: the server or the model is on another computer, or the server asks for a key.
 */
export const modelServerStates = [
  'ready',
  'not-installed',
  'not-running',
  'wrong-port',
  'too-old',
  'no-model',
  'model-missing',
  'out-of-memory',
  'loading',
  'refused',
] as const
export type ModelServerState = (typeof modelServerStates)[number]

/** True where a question goes to the chosen model: it may have to wait, or fail for want of memory, but it is there. */
export function canAskModel({ state }: { readonly state: ModelServerState }): boolean {
  return state === 'ready' || state === 'loading' || state === 'out-of-memory'
}

/**
 * What Carrel knows of the local model server. `refusedModels` are those the server would run in the cloud; they are
 * named, never used. `chosenModel` is the remembered choice, or the first model when nothing was chosen.
 */
export const modelServerStatusSchema = z.object({
  state: z.enum(modelServerStates),
  /** Null while nothing answers. */
  product: z.enum(modelServerProducts).nullable(),
  address: z.string().nullable(),
  triedAddresses: z.array(z.string()),
  /** Where a server answers although Carrel was told another place. */
  offeredAddress: z.string().nullable(),
  version: z.string().nullable(),
  models: z.array(modelSummarySchema),
  refusedModels: z.array(z.string()),
  chosenModel: z.string().nullable(),
  problem: serializedErrorSchema.nullable(),
})
export type ModelServerStatus = z.infer<typeof modelServerStatusSchema>

/** A download of a model, as Ollama reports it. Bytes of all its parts seen so far; null: not known yet. */
export const modelPullSchema = z.object({
  name: z.string(),
  phase: z.enum(['starting', 'downloading', 'verifying', 'done', 'failed', 'cancelled']),
  receivedBytes: z.number(),
  totalBytes: z.number().nullable(),
  bytesPerSecond: z.number().nullable(),
  error: serializedErrorSchema.nullable(),
})
export type ModelPull = z.infer<typeof modelPullSchema>

/**
 * Work that the server may still do for a question that was stopped. `basis` says how Carrel knows: `process`, the processor
 * time of the model's process; `server`, the server's own word; `none`, it does not show, only that no word of the
 * answer had come when it was stopped. `since`: milliseconds since 1970.
 */
export const modelWorkSchema = z.object({
  model: z.string(),
  since: z.number(),
  basis: z.enum(['process', 'server', 'none']),
})
export type ModelWork = z.infer<typeof modelWorkSchema>
