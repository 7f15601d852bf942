import type { ModelServerStatus } from '../../shared/model-server.ts'
import type { Settings } from '../../shared/settings.ts'

/**
 * The context to ask a model with, in tokens: the setting, or less where the model takes less. One function for answers and
 * for warming up: Ollama loads a model again when it is asked with another context.
 */
export function askedContextTokens(
  settings: Pick<Settings, 'contextTokens'>,
  status: Pick<ModelServerStatus, 'models'>,
  model: string,
): number {
  const offered = status.models.find(({ name }) => name === model)
  return Math.min(settings.contextTokens, offered?.contextTokens ?? Infinity)
}
