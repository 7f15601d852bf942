import { AppError, type SerializedAppError, serializeError } from '../../shared/errors.ts'
import { canAskModel, type ModelServerStatus } from '../../shared/model-server.ts'
import type { Settings } from '../../shared/settings.ts'
import { askedContextTokens } from './asked-context.ts'
import type { RewritingModel } from './condenser.ts'

/**
 * The model an answer is written by, or why there is none. A name that was asked for goes to the server as it is: a model
 * that is missing or not local is refused there, by name. The context never exceeds what the model was made for.
 */
export function chooseModel(
  status: ModelServerStatus,
  wanted: { readonly model: string | null; readonly settings: Settings },
): RewritingModel | { readonly reason: SerializedAppError } {
  const model = wanted.model ?? (canAskModel(status) ? status.chosenModel : null)
  if (model === null) {
    return {
      reason:
        status.problem ??
        serializeError(
          new AppError(
            'ollama-unreachable',
            'No model server answers on this computer. Start Ollama, or read the quotations.',
          ),
        ),
    }
  }
  return {
    model,
    contextTokens: askedContextTokens(wanted.settings, status, model),
    isLoaded: status.models.find(({ name }) => name === model)?.isLoaded ?? false,
  }
}
