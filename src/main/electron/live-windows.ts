import { BrowserWindow } from 'electron'

/** Windows whose page can still be reached. */
export function liveWindows(): readonly BrowserWindow[] {
  return BrowserWindow.getAllWindows().filter((window) => !window.isDestroyed() && !window.webContents.isDestroyed())
}

/** Whether these contents are the page of a live window (and not of a view, a tool window or a dead one). */
export function isLiveWindow(contentsId: number): boolean {
  return liveWindows().some((window) => window.webContents.id === contentsId)
}
