/** Where import waits while it is paused. */
export interface ImportGate {
  readonly isPaused: boolean
  setPaused(isPaused: boolean): void
  /** Resolves at once, or when import goes on. @throws on abort, the signal's reason. */
  pass(signal: AbortSignal): Promise<void>
}

export function createImportGate(isPaused: boolean): ImportGate {
  let opening: PromiseWithResolvers<void> | null = isPaused ? Promise.withResolvers() : null
  return {
    get isPaused() {
      return opening !== null
    },
    setPaused(mustPause) {
      if (mustPause) {
        opening ??= Promise.withResolvers()
        return
      }
      opening?.resolve()
      opening = null
    },
    async pass(signal) {
      while (opening !== null) {
        signal.throwIfAborted()
        const { promise, reject } = Promise.withResolvers<never>()
        const onAbort = (): void => reject(signal.reason)
        signal.addEventListener('abort', onAbort, { once: true })
        try {
          await Promise.race([opening.promise, promise])
        } finally {
          signal.removeEventListener('abort', onAbort)
        }
      }
    },
  }
}
