/**
 * A generator whose `return` does not wait behind a pending `next`, as a plain async generator's would: it ends the work at
 * once, and the pending `next` resolves as done. The caller's signal does the same, but its reason is thrown.
 */
export function endable<T>(
  signal: AbortSignal,
  start: (ending: AbortController) => AsyncGenerator<T, void, undefined>,
): AsyncIterator<T, void, undefined> {
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
