import type { Clock, GenerateRequest, GeneratorEvent, Log, ModelServer } from '../interfaces.ts'
import { AppError } from '../../shared/errors.ts'
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
} from './ollama-errors.ts'
import { ProbeTimeout, probe } from './ollama-probe.ts'
import { modelsReplySchema } from './ollama-replies.ts'
import { readModelServerStatus } from './ollama-status.ts'

export interface OllamaOptions {
  /** The value of `OLLAMA_HOST`, undefined where it is not set. */
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
  const contextTokensByDigest = new Map<string, number | null>()
  const limits = {
    clock,
    firstLineTimeoutMs: options.firstLineTimeoutMs ?? 30 * 60_000,
    lineTimeoutMs: options.lineTimeoutMs ?? 120_000,
    maxLineBytes: options.maxLineBytes ?? 1024 * 1024,
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
    status: ({ chosenModel, signal }) =>
      readModelServerStatus({
        addresses,
        clock,
        log,
        probeTimeoutMs: options.probeTimeoutMs ?? 2_000,
        contextTokensByDigest,
        chosenModel,
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
      const { models } = await probe(address, (client) => client.list(), modelsReplySchema, limits)
      const own = models.filter((listed) => isSameModel(listed.name, model))
      if (own.some(isCloudModel)) throw cloudModel(model)
      if (own.length === 0) throw modelMissing(model)
      return address
    } catch (error) {
      limits.signal.throwIfAborted()
      if (error instanceof ProbeTimeout) throw stalled(limits.timeoutMs, false)
      if (error instanceof AppError || !isConnectionRefusal(error)) {
        throw generationError(error, { model, address, isStarted: true })
      }
      refusal = error
    }
  }
  throw unreachable(addresses, refusal)
}

/**
 * A generator whose `return` does not wait behind a pending `next`, as a plain async generator's would: it ends the work at
 * once, and the pending `next` resolves as done. The caller's signal does the same, but its reason is thrown.
 */
function endable(
  signal: AbortSignal,
  start: (ending: AbortController) => AsyncGenerator<GeneratorEvent, void, undefined>,
): AsyncIterator<GeneratorEvent, void, undefined> {
  const ending = new AbortController()
  const returned = new Error('The consumer stopped reading.')
  const onAbort = (): void => ending.abort(signal.reason)
  const inner = start(ending)
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })
  const finish = (): { readonly done: true; readonly value: undefined } => {
    signal.removeEventListener('abort', onAbort)
    return { done: true, value: undefined }
  }
  return {
    async next() {
      try {
        const result = await inner.next()
        return result.done === true ? finish() : result
      } catch (error) {
        finish()
        if (error === returned) return finish()
        throw error
      }
    },
    async return() {
      ending.abort(returned)
      // The inner generator still runs its own clean-up; it rejects only with `returned`, which is no failure.
      await inner.return().catch((error: unknown) => {
        if (error !== returned) throw error
      })
      return finish()
    },
  }
}
