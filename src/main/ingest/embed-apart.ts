import { AppError } from '../../shared/errors.ts'
import { crashOf } from './worker-crash.ts'

/** A process may be ended from outside while it works on a harmless text: one crash, or two, prove nothing. */
const crashesUntilSetAside = 4

/**
 * Embeds texts in the background, and finds out those that cannot be: when the batch fails because of one of its texts, each
 * is embedded alone; what ends the process again and again, or has no vector, comes back as its error.
 *
 * @returns a vector or the reason for having none, in the order of the texts.
 * @throws AppError what is not a text's fault (a missing model, a process that does not start); on abort the signal's reason.
 */
export async function embedApart(
  embed: (texts: readonly string[]) => Promise<readonly Float32Array[]>,
  texts: readonly string[],
  { signal }: { readonly signal: AbortSignal },
): Promise<readonly (Float32Array | AppError)[]> {
  try {
    return await embed(texts)
  } catch (error) {
    signal.throwIfAborted()
    if (!isFaultOfText(error)) throw error
  }
  const outcomes: (Float32Array | AppError)[] = []
  for (const text of texts) outcomes.push(await embedAlone(() => embed([text]), signal))
  return outcomes
}

async function embedAlone(
  embed: () => Promise<readonly Float32Array[]>,
  signal: AbortSignal,
): Promise<Float32Array | AppError> {
  for (let crashes = 0; ;) {
    try {
      const [vector] = await embed()
      return vector ?? new AppError('embedding-failed', 'The embedder gave no vector for this text.')
    } catch (error) {
      signal.throwIfAborted()
      if (!isFaultOfText(error)) throw error
      if (error.code === 'embedding-failed') return error
      crashes += 1
      if (crashes >= crashesUntilSetAside) return error
    }
  }
}

function isFaultOfText(error: unknown): error is AppError {
  if (crashOf(error)?.blame === 'this') return true
  return error instanceof AppError && error.code === 'embedding-failed' && !error.retryable
}
