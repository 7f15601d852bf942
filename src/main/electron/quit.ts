import type { App } from 'electron'

/** Longer than any worker takes to be asked and then ended; beyond it something hangs, and quitting must still work. */
const patienceMs = 15_000

/**
 * Quitting is one await: the first request to quit waits for `dispose` and then ends the process. A second Ctrl-C ends it at once: Electron puts the system's own handler back after the first.
 */
export function disposeBeforeQuit(
  app: Pick<App, 'on' | 'exit'>,
  dispose: () => Promise<void>,
  onProblem: (message: string, cause: unknown) => void,
): void {
  let isDisposing = false
  app.on('before-quit', (event) => {
    event.preventDefault()
    if (isDisposing) return
    isDisposing = true
    const deadline = setTimeout(() => {
      onProblem('quitting took too long', undefined)
      app.exit(1)
    }, patienceMs)
    void dispose()
      .then(
        () => 0,
        (cause: unknown) => {
          onProblem('quitting was not clean', cause)
          return 1
        },
      )
      .then((code) => {
        clearTimeout(deadline)
        app.exit(code)
      })
  })
}
