import type { Answers } from './answer/answers.ts'

/** Resolves while no answer is being written. Abort rejects with the signal's reason. */
export async function untilQuiet(answers: Pick<Answers, 'count' | 'onCount'>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  if (answers.count === 0) return
  const quiet = Promise.withResolvers<void>()
  const stop = answers.onCount((count) => {
    if (count === 0) quiet.resolve()
  })
  const onAbort = (): void => quiet.reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    await quiet.promise
  } finally {
    stop()
    signal.removeEventListener('abort', onAbort)
  }
}
