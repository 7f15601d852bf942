import type { BrowserWindow } from 'electron'

const windowMs = 60_000
const mostCrashes = 3

/** Whether to load the page again after a crash at `nowMs`: a page that crashes three times a minute would only go on. */
export function shouldReload(earlierCrashesMs: readonly number[], nowMs: number): boolean {
  return earlierCrashesMs.filter((crashMs) => nowMs - crashMs < windowMs).length < mostCrashes - 1
}

/** A crashed page comes back by itself, with what was stored; after too many crashes the window closes instead. */
export function reloadAfterCrash(window: BrowserWindow, onProblem: (message: string, cause: unknown) => void): void {
  const crashesMs: number[] = []
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return
    onProblem(`the page ended: ${reason} (${exitCode})`, undefined)
    const isReloading = shouldReload(crashesMs, Date.now())
    crashesMs.push(Date.now())
    // Not within the event: Chromium is still taking the dead page apart.
    setImmediate(() => {
      if (window.isDestroyed()) return
      if (isReloading) window.webContents.reload()
      else window.destroy()
    })
  })
}
