import type { App, BrowserWindow, PowerMonitor } from 'electron'
import type { Carrel } from '../compose.ts'
import { frontEndOf } from './sender.ts'

/** Ends every answer that this front end has open. Nothing happens when there is none. */
export type AbortAnswers = Carrel['abortAnswers']

/**
 * The second line of teardown. The first is the port itself, whose `close` event has had gaps: whatever takes the page
 * away is seen here too.
 */
export function abortOnWindowEvents(window: BrowserWindow, abortAnswers: AbortAnswers): void {
  const { webContents } = window
  const frontEnd = frontEndOf(webContents.id)
  // Before the page is asked to unload, which takes a busy page its time.
  window.on('close', () => abortAnswers(frontEnd, 'window closed'))
  window.on('closed', () => abortAnswers(frontEnd, 'window closed'))
  webContents.on('destroyed', () => abortAnswers(frontEnd, 'window closed'))
  webContents.on('render-process-gone', () => abortAnswers(frontEnd, 'page crashed'))
  webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
    if (isMainFrame && !isSameDocument) abortAnswers(frontEnd, 'page reloaded')
  })
}

/** Quit and sleep end every answer, also those of other programs: a model must not run on for nobody. */
export function abortOnSystemEvents(options: {
  readonly app: Pick<App, 'on'>
  readonly powerMonitor: Pick<PowerMonitor, 'on'>
  readonly abortAllAnswers: Carrel['abortAllAnswers']
}): void {
  options.app.on('before-quit', () => options.abortAllAnswers('quitting'))
  options.powerMonitor.on('suspend', () => options.abortAllAnswers('computer sleeps'))
}
