import type { Clock } from '../ports/clock.ts'
import type { GenerateRequest, GeneratorEvent, ModelServer } from '../ports/generator.ts'
import type { Log } from '../ports/log.ts'
import { AppError } from '../../shared/errors.ts'
import { usualAnswerLimits } from './answer-limits.ts'
import { endable } from './endable.ts'
import { modelServerAddresses } from './loopback-address.ts'
import { isCloudModel, isCloudName, isSameModel } from './model-kinds.ts'
import { streamOllamaAnswer } from './ollama-answer.ts'
import {
  cloudModel,
  generationError,
  isConnectionRefusal,
  modelMissing,
  refusedHost,
  stalled,
  unreachable,
} from './server-errors.ts'
import { ProbeTimeout, probeOllama } from './server-probe.ts'
import { type ModelDetails, modelsReplySchema } from './ollama-replies.ts'
import { readModelServerStatus } from './ollama-status.ts'

export interface OllamaOptions {
  /** Where it is, as in `OLLAMA_HOST`; undefined: the usual places. */
  readonly ollamaHost: string | undefined
  readonly clock: Clock
  readonly log: Log
  /** Longest silence before the first line of an answer. Default 30 minutes. */
  readonly firstLineTimeoutMs?: number
  /** Longest silence between two lines of an answer. Default 2 minutes. */
  readonly lineTimeoutMs?: number
  /** For each short question of `status`. Default 2 seconds. */
  readonly probeTimeoutMs?: number
  /** For the look at the model list before an answer; a server that is writing another one may be slow. Default 30 seconds. */
  readonly listTimeoutMs?: number
  /** Longest line of an answer. Default 1 MiB. */
  readonly maxLineBytes?: number
}

/**
 * Ollama on this computer as a `ModelServer`. Nothing is opened until it is asked, and nothing stays open afterwards: each
 * answer has its own connection. A question is sent only to a model that the server lists as its own; cloud models and
 * addresses beyond loopback are refused by name before anything is sent.
 */
export function createOllama(options: OllamaOptions): ModelServer {
  const { clock, log } = options
  const addresses = modelServerAddresses(options.ollamaHost)
  const details = new Map<string, ModelDetails>()
  const limits = {
    clock,
    firstLineTimeoutMs: options.firstLineTimeoutMs ?? usualAnswerLimits.firstLineTimeoutMs,
    lineTimeoutMs: options.lineTimeoutMs ?? usualAnswerLimits.lineTimeoutMs,
    maxLineBytes: options.maxLineBytes ?? usualAnswerLimits.maxLineBytes,
  }
  const listLimits = { clock, timeoutMs: options.listTimeoutMs ?? 30_000 }

  const run = async function* (
    request: GenerateRequest,
    ending: AbortController,
  ): AsyncGenerator<GeneratorEvent, void, undefined> {
    ending.signal.throwIfAborted()
    if (addresses.refusedHost !== null) throw refusedHost(addresses.refusedHost)
    if (isCloudName(request.model)) throw cloudModel(request.model)
    const address = await findModel(addresses.addresses, request.model, { ...listLimits, signal: ending.signal })
    yield* streamOllamaAnswer(address, request, ending, limits)
  }

  return {
    generate: (request, { signal }) => ({
      [Symbol.asyncIterator]: () => endable(signal, (ending) => run(request, ending)),
    }),
    status: ({ chosenModel, isDetailed = false, signal }) =>
      readModelServerStatus({
        addresses,
        clock,
        log,
        probeTimeoutMs: options.probeTimeoutMs ?? 2_000,
        details,
        chosenModel,
        isDetailed,
        signal,
      }),
  }
}

/**
 * The first address with a server, proven to have the model as its own.
 * @throws AppError `ollama-unreachable` `ollama-model-missing` `model-not-local` `generation-failed` `generation-stalled`
 */
async function findModel(
  addresses: readonly string[],
  model: string,
  limits: { readonly clock: Clock; readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<string> {
  let refusal: unknown
  for (const address of addresses) {
    try {
      const { models } = await probeOllama(address, (client) => client.list(), modelsReplySchema, limits)
      const own = models.filter((listed) => isSameModel(listed.name, model))
      if (own.some(isCloudModel)) throw cloudModel(model)
      if (own.length === 0) throw modelMissing(model)
      return address
    } catch (error) {
      limits.signal.throwIfAborted()
      if (error instanceof ProbeTimeout) throw stalled(limits.timeoutMs, false)
      if (error instanceof AppError || !isConnectionRefusal(error)) {
        throw generationError(error, { model, address, isStarted: true, server: 'Ollama' })
      }
      refusal = error
    }
  }
  throw unreachable(addresses, refusal)
}
