import type { Clock } from '../ports/clock.ts'
import { keepAlive } from './ollama-answer.ts'
import { loadReplySchema } from './ollama-replies.ts'
import { generationError } from './server-errors.ts'
import { probeOllama } from './server-probe.ts'

/** Loading a large model takes minutes on a slow disk. */
const timeoutMs = 10 * 60_000

/**
 * POST /api/generate without a prompt: Ollama loads the model and answers when it is there. Context and time to keep it are those of
 * an answer, else the answer would load it again. See `ModelCare.warmUp`.
 */
export async function loadOllamaModel(
  address: string,
  { model, contextTokens }: { readonly model: string; readonly contextTokens: number },
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  try {
    await probeOllama(
      address,
      (client) =>
        client.generate({
          model,
          prompt: '',
          stream: false,
          keep_alive: keepAlive,
          options: { num_ctx: contextTokens },
        }),
      loadReplySchema,
      { clock, timeoutMs, signal },
    )
  } catch (error) {
    signal.throwIfAborted()
    throw generationError(error, { model, address, isStarted: false, server: 'Ollama' })
  }
}
