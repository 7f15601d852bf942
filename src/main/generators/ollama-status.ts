import type { SerializedAppError } from '../../shared/errors.ts'
import { serializeError } from '../../shared/errors.ts'
import type { ModelServerStatus, ModelSummary } from '../../shared/model-server.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { ModelServerAddresses } from './loopback-address.ts'
import { isCloudModel, isCloudName, isEmbeddingOnly, isSameModel } from './model-kinds.ts'
import { isTooOld, neededOllamaVersion } from './ollama-version.ts'
import {
  type ListedModel,
  type ModelDetails,
  modelDetailsSchema,
  modelsReplySchema,
  versionReplySchema,
} from './ollama-replies.ts'
import {
  cloudModel,
  isConnectionRefusal,
  modelMissing,
  noModel,
  notTheServer,
  refusedHost,
  tooOld,
  unreachable,
} from './server-errors.ts'
import { ProbeTimeout, probeOllama } from './server-probe.ts'

export interface StatusOptions {
  readonly addresses: ModelServerAddresses
  readonly clock: Clock
  readonly log: Log
  /** For each question to the server. */
  readonly probeTimeoutMs: number
  /** By digest: reading them is slow for the server, and a digest never changes its meaning. */
  readonly details: Map<string, ModelDetails>
  readonly chosenModel: string | null
  /** Details of every model, not of the chosen one alone. */
  readonly isDetailed: boolean
  readonly signal: AbortSignal
}

/**
 * Looks for the model server and what it has. Trouble is told in `problem`, never thrown; only abort rejects, with the
 * signal's reason.
 */
export async function readModelServerStatus(options: StatusOptions): Promise<ModelServerStatus> {
  const { addresses, refusedHost: host } = options.addresses
  const status = emptyStatus(addresses, options.chosenModel)
  if (host !== null) return { ...status, state: 'refused', problem: serializeError(refusedHost(host)) }
  let problem = unreachable(addresses)
  for (const address of addresses) {
    try {
      return await describeServer(address, status, options)
    } catch (error) {
      options.signal.throwIfAborted()
      // The first program that answered wrongly is worth naming; silence and refusal are not.
      const isSilent = isConnectionRefusal(error) || error instanceof ProbeTimeout
      if (!isSilent && problem.cause === undefined) problem = notTheServer(address, error)
      options.log.verbose(`No Ollama at ${address}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return { ...status, problem: serializeError(problem) }
}

async function describeServer(
  address: string,
  status: ModelServerStatus,
  options: StatusOptions,
): Promise<ModelServerStatus> {
  const { clock, probeTimeoutMs: timeoutMs, signal, chosenModel, details } = options
  const limits = { clock, timeoutMs, signal }
  const { version } = await probeOllama(address, (client) => client.version(), versionReplySchema, limits)
  const known = { ...status, product: 'ollama', address, version } as const
  if (isTooOld(version)) {
    return { ...known, state: 'too-old', problem: serializeError(tooOld(version, neededOllamaVersion)) }
  }
  const [{ models: listed }, loaded] = await Promise.all([
    probeOllama(address, (client) => client.list(), modelsReplySchema, limits),
    readLoaded(address, options),
  ])
  const refusedModels = listed.filter(isCloudModel).map((model) => model.name)
  const usable = listed.filter((model) => !isCloudModel(model) && !isEmbeddingOnly(model))
  const chosen = chosenModel === null ? usable[0] : usable.find((model) => isSameModel(model.name, chosenModel))
  // One after the other: the server reads a file for each.
  for (const model of options.isDetailed ? usable : chosen === undefined ? [] : [chosen]) {
    if (!details.has(cacheKey(model))) details.set(cacheKey(model), await readDetails(address, model, options))
  }
  const models = usable.map((model): ModelSummary => {
    const { contextTokens = null, abilities = null } = details.get(cacheKey(model)) ?? {}
    return {
      name: model.name,
      sizeBytes: model.size,
      parameterSize: model.details?.parameter_size || null,
      quantization: model.details?.quantization_level || null,
      contextTokens,
      abilities: abilities === null ? null : [...abilities],
      isLoaded: loaded.has(model.name),
    }
  })
  return {
    ...known,
    ...judge(chosenModel, chosen, models, refusedModels),
    models,
    refusedModels,
    chosenModel: chosen?.name ?? chosenModel,
  }
}

/** Whether a question can be answered, and if not, what to do. `server` as in sentences. */
export function judge(
  chosenModel: string | null,
  chosen: unknown,
  models: readonly ModelSummary[],
  refusedModels: readonly string[],
  server = 'Ollama',
): { readonly state: ModelServerStatus['state']; readonly problem: SerializedAppError | null } {
  if (chosen !== undefined) return { state: 'ready', problem: null }
  if (chosenModel !== null && isRefused(chosenModel, refusedModels)) {
    return { state: 'refused', problem: serializeError(cloudModel(chosenModel)) }
  }
  if (models.length === 0 || chosenModel === null)
    return { state: 'no-model', problem: serializeError(noModel(refusedModels, server)) }
  return { state: 'model-missing', problem: serializeError(modelMissing(chosenModel, undefined, server)) }
}

function isRefused(model: string, refusedModels: readonly string[]): boolean {
  return isCloudName(model) || refusedModels.some((refused) => isSameModel(refused, model))
}

/** Names in memory. Not knowing them changes only a mark in the list, so trouble here is logged, not told. */
async function readLoaded(
  address: string,
  { clock, probeTimeoutMs, signal, log }: StatusOptions,
): Promise<ReadonlySet<string>> {
  try {
    const limits = { clock, timeoutMs: probeTimeoutMs, signal }
    const { models } = await probeOllama(address, (client) => client.ps(), modelsReplySchema, limits)
    return new Set(models.map((model) => model.name))
  } catch (error) {
    signal.throwIfAborted()
    log.warn('Ollama did not say which models are loaded.', error)
    return new Set()
  }
}

/** Nulls when the server does not say. */
async function readDetails(address: string, model: ListedModel, options: StatusOptions): Promise<ModelDetails> {
  const { clock, probeTimeoutMs, signal, log } = options
  try {
    const limits = { clock, timeoutMs: probeTimeoutMs, signal }
    return await probeOllama(address, (client) => client.show({ model: model.name }), modelDetailsSchema, limits)
  } catch (error) {
    signal.throwIfAborted()
    log.warn('Ollama did not say what a model can do.', error)
    return { contextTokens: null, abilities: null }
  }
}

function cacheKey(model: ListedModel): string {
  return `${model.name} ${model.digest}`
}

/** A status in which nothing was found. */
export function emptyStatus(addresses: readonly string[], chosenModel: string | null): ModelServerStatus {
  return {
    state: 'not-running',
    product: null,
    address: null,
    offeredAddress: null,
    triedAddresses: [...addresses],
    version: null,
    models: [],
    refusedModels: [],
    chosenModel,
    problem: null,
  }
}
