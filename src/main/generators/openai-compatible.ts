import { type AppError, serializeError } from '../../shared/errors.ts'
import { type ModelServerProduct, type ModelServerStatus, serverName } from '../../shared/model-server.ts'
import type { Clock } from '../ports/clock.ts'
import type { GenerateRequest, GeneratorEvent, ModelServer } from '../ports/generator.ts'
import type { Log } from '../ports/log.ts'
import { type AnswerLimits, usualAnswerLimits } from './answer-limits.ts'
import { endable } from './endable.ts'
import { isCloudName, isSameModel } from './model-kinds.ts'
import { emptyStatus, judge } from './ollama-status.ts'
import { streamOpenAiAnswer } from './openai-answer.ts'
import { type OpenAiModels, readOpenAiModels } from './openai-models.ts'
import {
  cloudModel,
  generationError,
  isConnectionRefusal,
  modelMissing,
  notTheServer,
  stalled,
  stillLoading,
  unreachable,
} from './server-errors.ts'
import { ProbeTimeout } from './server-probe.ts'
import { isLoading, whenLoaded } from './when-loaded.ts'

export interface OpenAiCompatibleOptions extends Partial<Omit<AnswerLimits, 'clock'>> {
  /** `http://IP:PORT`, a literal address of this computer. */
  readonly address: string
  readonly product: ModelServerProduct
  readonly clock: Clock
  readonly log: Log
  /** For each short question of `status`. Default 2 seconds. */
  readonly probeTimeoutMs?: number
  /** For the look at the model list before an answer. Default 30 seconds. */
  readonly listTimeoutMs?: number
}

/**
 * A server on this computer that speaks the protocol of OpenAI, as a `ModelServer`: LM Studio, llama.cpp, vLLM, others. As with
 * Ollama, nothing is open between questions, and a question is sent only to a model that the server lists as its own.
 */
export function createOpenAiCompatible(options: OpenAiCompatibleOptions): ModelServer {
  const { clock, log, address, product } = options
  const server = serverName(product)
  const limits = { ...usualAnswerLimits, ...options, clock }
  const listTimeoutMs = options.listTimeoutMs ?? 30_000

  const run = async function* (
    request: GenerateRequest,
    ending: AbortController,
  ): AsyncGenerator<GeneratorEvent, void, undefined> {
    const { signal } = ending
    signal.throwIfAborted()
    if (isCloudName(request.model)) throw cloudModel(request.model)
    const model = await proveModel(request.model, signal)
    yield* streamOpenAiAnswer({ address, server }, { ...request, model }, ending, limits)
  }

  /** @returns the name as the server writes it. */
  const proveModel = async (model: string, signal: AbortSignal): Promise<string> => {
    try {
      const list = (): Promise<OpenAiModels> => readOpenAiModels(options, { clock, timeoutMs: listTimeoutMs, signal })
      const { models, refusedModels } = await whenLoaded(list, { clock, signal })
      if (refusedModels.some((name) => isSameModel(name, model))) throw cloudModel(model)
      const own = models.find(({ name }) => isSameModel(name, model))
      if (own === undefined) throw modelMissing(model, undefined, server)
      return own.name
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof ProbeTimeout) throw stalled(listTimeoutMs, false, server)
      throw generationError(error, { model, address, isStarted: false, server })
    }
  }

  const loading = { state: 'loading', problem: serializeError(stillLoading(server)) } as const
  const status = async (chosenModel: string | null, signal: AbortSignal): Promise<ModelServerStatus> => {
    const nothing = emptyStatus([address], chosenModel)
    const known = { ...nothing, product, address }
    try {
      const timeoutMs = options.probeTimeoutMs ?? 2_000
      const found = await readOpenAiModels(options, { clock, timeoutMs, signal })
      const { models, refusedModels, version } = found
      const chosen =
        chosenModel === null
          ? (models.find(({ isLoaded }) => isLoaded) ?? models[0])
          : models.find(({ name }) => isSameModel(name, chosenModel))
      const verdict = judge(chosenModel, chosen, models, refusedModels, server)
      return {
        ...known,
        ...(found.isLoading && verdict.state === 'ready' ? loading : verdict),
        version,
        models: [...models],
        refusedModels: [...refusedModels],
        chosenModel: chosen?.name ?? chosenModel,
      }
    } catch (error) {
      signal.throwIfAborted()
      if (isLoading(error)) return { ...known, ...loading }
      log.verbose(`No list of models at ${address}: ${error instanceof Error ? error.message : String(error)}`)
      const isSilent = isConnectionRefusal(error) || error instanceof ProbeTimeout
      const problem: AppError = isSilent ? unreachable([address], error, server) : notTheServer(address, error, server)
      return { ...nothing, problem: serializeError(problem) }
    }
  }

  return {
    generate: (request, { signal }) => ({
      [Symbol.asyncIterator]: () => endable(signal, (ending) => run(request, ending)),
    }),
    status: ({ chosenModel, signal }) => status(chosenModel, signal),
  }
}
