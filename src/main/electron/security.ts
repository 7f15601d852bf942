import type { App, Session, WebContents } from 'electron'
import { isOwnAddress, type RefusalCounter } from './request-guard.ts'

/**
 * What the page may never do, whatever foreign text it shows: no request beyond its own files, no permission, no
 * download, no proxy lookup, no dictionary fetched for spelling. Everything refused is counted.
 */
export function guardSession(session: Session, refusals: RefusalCounter): void {
  session.webRequest.onBeforeRequest((details, respond) => {
    const isRefused = !isOwnAddress(details.url)
    if (isRefused) refusals.add()
    respond({ cancel: isRefused })
  })
  // Copying text is the only permission the page needs; Chromium itself asks for a click before it.
  session.setPermissionRequestHandler((_contents, permission, respond) =>
    respond(permission === 'clipboard-sanitized-write'),
  )
  session.setPermissionCheckHandler((_contents, permission) => permission === 'clipboard-sanitized-write')
  session.setDevicePermissionHandler(() => false)
  session.on('will-download', (event) => event.preventDefault())
  session.setSpellCheckerEnabled(false)
}

/** Denies navigation, new windows and embedded views in every page that is ever created, and foreign certificates. */
export function guardContents(app: App, refusals: RefusalCounter): void {
  app.on('web-contents-created', (_event, contents) => guardOne(contents, refusals))
  app.on('certificate-error', (event, _contents, _url, _error, _certificate, respond) => {
    event.preventDefault()
    respond(false)
  })
  app.on('select-client-certificate', (event) => event.preventDefault())
  app.on('login', (event) => event.preventDefault())
}

function guardOne(contents: WebContents, refusals: RefusalCounter): void {
  const refuse = (event: { preventDefault(): void }): void => {
    refusals.add()
    event.preventDefault()
  }
  contents.setWindowOpenHandler(() => {
    refusals.add()
    return { action: 'deny' }
  })
  // Fires for the main frame and for frames inside; our own loadURL and reload do not fire it.
  contents.on('will-frame-navigate', refuse)
  contents.on('will-redirect', refuse)
  contents.on('will-attach-webview', refuse)
  // WebRTC goes round the request filter and the resolver rules: without a proxy this leaves it no way out.
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp')
}
