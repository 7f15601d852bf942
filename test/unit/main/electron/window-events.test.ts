import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import type { BrowserWindow } from 'electron'
import { abortOnWindowEvents } from '../../../../src/main/electron/window-events.ts'

function openWindow(): { readonly window: EventEmitter; readonly page: EventEmitter; readonly aborted: string[] } {
  const page = Object.assign(new EventEmitter(), { id: 3 })
  const window = Object.assign(new EventEmitter(), { webContents: page })
  const aborted: string[] = []
  abortOnWindowEvents(window as unknown as BrowserWindow, (frontEnd, reason) => {
    aborted.push(`${frontEnd}: ${reason}`)
  })
  return { window, page, aborted }
}

test('a window that begins to close ends its answers, before its page has unloaded', () => {
  const { window, aborted } = openWindow()
  window.emit('close')
  expect(aborted).toEqual(['window:3: window closed'])
})

test.each([
  ['closed', 'window closed'],
  ['destroyed', 'window closed'],
  ['render-process-gone', 'page crashed'],
])('%s ends the answers', (event, reason) => {
  const { window, page, aborted } = openWindow()
  const emitter = event === 'closed' ? window : page
  emitter.emit(event)
  expect(aborted).toEqual([`window:3: ${reason}`])
})

test('a reload ends the answers; a frame inside the page and a move within it do not', () => {
  const { page, aborted } = openWindow()
  page.emit('did-start-navigation', { isMainFrame: false, isSameDocument: false })
  page.emit('did-start-navigation', { isMainFrame: true, isSameDocument: true })
  expect(aborted).toEqual([])
  page.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false })
  expect(aborted).toEqual(['window:3: page reloaded'])
})
