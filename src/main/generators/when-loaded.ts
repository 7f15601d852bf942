import type { Clock } from '../ports/clock.ts'
import { ErrorStatus } from './local-fetch.ts'

const retryMs = 1_000

/** True for the way llama.cpp (and those built on it) says that it still reads its model. */
export function isLoading(error: unknown): boolean {
  return error instanceof ErrorStatus && error.status === 503 && /loading/i.test(error.serverMessage)
}

/**
 * Asks again every second for as long as the server says that it is still loading; the caller keeps the time-out. Abort rejects
 * with the signal's reason.
 */
export async function whenLoaded<T>(
  ask: () => Promise<T>,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<T> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!isLoading(error)) throw error
      await pause(clock, signal)
    }
  }
}

function pause(clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      cancel()
      reject(signal.reason)
    }
    const cancel = clock.after(retryMs, () => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    })
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
  })
}
