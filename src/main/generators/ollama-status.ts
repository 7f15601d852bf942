import type { SerializedAppError } from '../../shared/errors.ts'
import { serializeError } from '../../shared/errors.ts'
import type { ModelServerStatus, ModelSummary } from '../../shared/model-server.ts'
import type { Clock, Log } from '../interfaces.ts'
import type { ModelServerAddresses } from './loopback-address.ts'
import { isCloudModel, isCloudName, isEmbeddingOnly, isSameModel } from './model-kinds.ts'
import {
  cloudModel,
  isConnectionRefusal,
  modelMissing,
  noModel,
  notOllama,
  refusedHost,
  unreachable,
} from './ollama-errors.ts'
import { ProbeTimeout, probe } from './ollama-probe.ts'
import { contextTokensSchema, modelsReplySchema, versionReplySchema, type ListedModel } from './ollama-replies.ts'

export interface StatusOptions {
  readonly addresses: ModelServerAddresses
  readonly clock: Clock
  readonly log: Log
  /** For each question to the server. */
  readonly probeTimeoutMs: number
  /** Context lengths by digest: reading one is slow for the server, and a digest never changes its meaning. */
  readonly contextTokensByDigest: Map<string, number | null>
  readonly chosenModel: string | null
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
      if (!isSilent && problem.cause === undefined) problem = notOllama(address, error)
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
  const { clock, probeTimeoutMs: timeoutMs, signal, chosenModel, contextTokensByDigest } = options
  const limits = { clock, timeoutMs, signal }
  const { version } = await probe(address, (client) => client.version(), versionReplySchema, limits)
  const [{ models: listed }, loaded] = await Promise.all([
    probe(address, (client) => client.list(), modelsReplySchema, limits),
    readLoaded(address, options),
  ])
  const refusedModels = listed.filter(isCloudModel).map((model) => model.name)
  const usable = listed.filter((model) => !isCloudModel(model) && !isEmbeddingOnly(model))
  const chosen = chosenModel === null ? usable[0] : usable.find((model) => isSameModel(model.name, chosenModel))
  if (chosen !== undefined && !contextTokensByDigest.has(cacheKey(chosen))) {
    contextTokensByDigest.set(cacheKey(chosen), await readContextTokens(address, chosen, options))
  }
  const models = usable.map((model): ModelSummary => ({
    name: model.name,
    sizeBytes: model.size,
    parameterSize: model.details?.parameter_size ?? null,
    contextTokens: contextTokensByDigest.get(cacheKey(model)) ?? null,
    isLoaded: loaded.has(model.name),
  }))
  return {
    ...status,
    ...judge(chosenModel, chosen, models, refusedModels),
    address,
    version,
    models,
    refusedModels,
    chosenModel: chosen?.name ?? chosenModel,
  }
}

/** Whether a question can be answered, and if not, what to do. */
function judge(
  chosenModel: string | null,
  chosen: ListedModel | undefined,
  models: readonly ModelSummary[],
  refusedModels: readonly string[],
): { readonly state: ModelServerStatus['state']; readonly problem: SerializedAppError | null } {
  if (chosen !== undefined) return { state: 'ready', problem: null }
  if (chosenModel !== null && isRefused(chosenModel, refusedModels)) {
    return { state: 'refused', problem: serializeError(cloudModel(chosenModel)) }
  }
  if (models.length === 0 || chosenModel === null)
    return { state: 'no-model', problem: serializeError(noModel(refusedModels)) }
  return { state: 'model-missing', problem: serializeError(modelMissing(chosenModel)) }
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
    const { models } = await probe(address, (client) => client.ps(), modelsReplySchema, limits)
    return new Set(models.map((model) => model.name))
  } catch (error) {
    signal.throwIfAborted()
    log.warn('Ollama did not say which models are loaded.', error)
    return new Set()
  }
}

/** Null when the server does not say. */
async function readContextTokens(address: string, model: ListedModel, options: StatusOptions): Promise<number | null> {
  const { clock, probeTimeoutMs, signal, log } = options
  try {
    const limits = { clock, timeoutMs: probeTimeoutMs, signal }
    return await probe(address, (client) => client.show({ model: model.name }), contextTokensSchema, limits)
  } catch (error) {
    signal.throwIfAborted()
    log.warn('Ollama did not say how much context the chosen model takes.', error)
    return null
  }
}

function cacheKey(model: ListedModel): string {
  return `${model.name} ${model.digest}`
}

function emptyStatus(addresses: readonly string[], chosenModel: string | null): ModelServerStatus {
  return {
    state: 'unreachable',
    address: null,
    triedAddresses: [...addresses],
    version: null,
    models: [],
    refusedModels: [],
    chosenModel,
    problem: null,
  }
}
