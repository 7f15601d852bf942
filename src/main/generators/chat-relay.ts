import { AppError, deserializeError } from '../../shared/errors.ts'
import { canAskModel, type ModelServerStatus } from '../../shared/model-server.ts'
import type { Clock } from '../ports/clock.ts'
import type { Generator } from '../ports/generator.ts'
import type { Log } from '../ports/log.ts'
import { isSameModel } from './model-kinds.ts'
import { createOpenAiCompatible } from './openai-compatible.ts'
import { cloudModel } from './server-errors.ts'

/**
 * The model server's own OpenAI-compatible stream, without retrieval: Ollama has one as well. Its context is the server's own.
 * @param status what is known of the server, asked before each completion
 */
export function createChatRelay(parts: {
  readonly status: (signal: AbortSignal) => Promise<ModelServerStatus>
  readonly clock: Clock
  readonly log: Log
}): Generator {
  const { status, clock, log } = parts
  return {
    async *generate(request, options) {
      const known = await status(options.signal)
      if (known.refusedModels.some((name) => isSameModel(name, request.model))) throw cloudModel(request.model)
      if (known.address === null || known.product === null || !(canAskModel(known) || known.state === 'model-missing'))
        throw known.problem === null
          ? new AppError('ollama-unreachable', 'No model server answers on this computer. Start one, then try again.')
          : deserializeError(known.problem)
      const server = createOpenAiCompatible({ address: known.address, product: known.product, clock, log })
      yield* server.generate(request, options)
    },
  }
}
