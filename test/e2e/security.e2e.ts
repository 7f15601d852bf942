import { expect, test } from '@playwright/test'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { launchCarrel } from './support/launch.ts'
import { readStatus } from './support/library.ts'

/** A server that must never be reached. */
async function startForbiddenServer() {
  const seen: string[] = []
  const server = createServer((request, response) => {
    seen.push(request.url ?? '')
    response.end('reached')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    seen,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

test('the page has no Node, no ipcRenderer and no channel beyond the contract', async () => {
  await using app = await launchCarrel()
  const { page } = app
  expect(page.url()).toBe('app://carrel/index.html')
  const names = ['require', 'process', 'module', 'Buffer', 'ipcRenderer', 'electron', '__dirname']
  expect(await page.evaluate((all) => all.filter((name) => name in globalThis), names)).toEqual([])
  expect(await page.evaluate(() => Object.keys(window.api).toSorted())).toEqual([
    'addDroppedFiles',
    'ask',
    'onPush',
    'platform',
    'request',
  ])
  for (const channel of ['library:add-paths', 'answer:open', 'nonsense', '__proto__']) {
    const reply = await page.evaluate(
      // The types forbid these channels; a hostile page has no types.
      (name) =>
        (window.api.request as unknown as (channel: string, request: unknown) => Promise<unknown>)(name, {
          paths: ['/etc/passwd'],
        }),
      channel,
    )
    expect(reply).toMatchObject({ ok: false, error: { code: 'forbidden' } })
  }
  const bad = await page.evaluate(() => window.api.request('library:list', { offset: -1, limit: 1e9, filter: '' }))
  expect(bad).toMatchObject({ ok: false, error: { code: 'invalid-request' } })
})

test('the page reaches nothing: no request, no socket, no file, no image, no frame', async () => {
  await using server = await startForbiddenServer()
  await using app = await launchCarrel()
  const { page } = app
  const outcomes = await page.evaluate(async (url) => {
    const tried = [url, 'https://example.com/', 'file:///etc/passwd', 'app://elsewhere/index.html']
    const fetched = await Promise.all(
      tried.map((address) =>
        fetch(address).then(
          () => 'reached',
          () => 'blocked',
        ),
      ),
    )
    const element = (tag: 'img' | 'script' | 'iframe'): Promise<string> =>
      new Promise((resolve) => {
        const node = document.createElement(tag)
        node.addEventListener('error', () => resolve('blocked'))
        node.addEventListener('load', () => resolve(tag === 'iframe' ? 'blocked' : 'reached'))
        node.src = url
        document.body.append(node)
      })
    const socket = new Promise<string>((resolve) => {
      try {
        const ws = new WebSocket(url.replace('http', 'ws'))
        ws.addEventListener('error', () => resolve('blocked'))
        ws.addEventListener('open', () => resolve('reached'))
      } catch (cause) {
        resolve(cause instanceof Error ? 'blocked' : 'odd')
      }
    })
    return [...fetched, await element('img'), await element('script'), await element('iframe'), await socket]
  }, server.url)
  expect(outcomes).toEqual(outcomes.map(() => 'blocked'))
  expect(server.seen).toEqual([])
  expect(
    await page.evaluate(() => fetch('app://carrel/..%2f..%2fpackage.json').then((response) => response.status)),
  ).toBe(403)
})

test('main refuses by itself what a page without its policy would ask for, and counts it', async () => {
  await using server = await startForbiddenServer()
  await using app = await launchCarrel()
  const before = (await readStatus(app.page)).connectionsBlocked
  const outcome = await app.application.evaluate(
    ({ session }, url) =>
      session.defaultSession.fetch(url).then(
        () => 'reached',
        (cause: unknown) => String(cause),
      ),
    server.url,
  )
  expect(outcome).toContain('ERR_BLOCKED_BY_CLIENT')
  expect(server.seen).toEqual([])
  expect((await readStatus(app.page)).connectionsBlocked).toBeGreaterThan(before)
})

test('navigation, new windows, downloads and permissions are denied', async () => {
  await using server = await startForbiddenServer()
  await using app = await launchCarrel()
  const { page } = app
  const before = (await readStatus(page)).connectionsBlocked
  expect(await page.evaluate((url) => window.open(url), server.url)).toBeNull()
  await page.evaluate((url) => {
    location.href = url
  }, server.url)
  await page.evaluate((url) => {
    const link = document.createElement('a')
    link.href = url
    link.target = '_blank'
    document.body.append(link)
    link.click()
    link.target = ''
    link.click()
  }, server.url)
  await expect.poll(async () => (await readStatus(page)).connectionsBlocked).toBeGreaterThanOrEqual(before + 4)
  expect(page.url()).toBe('app://carrel/index.html')
  expect(app.application.windows()).toHaveLength(1)
  expect(server.seen).toEqual([])
  const states = await page.evaluate(async () => {
    const media = await navigator.mediaDevices.getUserMedia({ audio: true }).then(
      () => 'granted',
      () => 'denied',
    )
    return [
      media,
      await Notification.requestPermission(),
      (await navigator.permissions.query({ name: 'geolocation' })).state,
    ]
  })
  expect(states).toEqual(['denied', 'denied', 'denied'])
})

test('the window has every protection on', async () => {
  await using app = await launchCarrel()
  const preferences = await app.application.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents
    // Undocumented, and the only way to see what the window was really given.
    return (
      contents as unknown as { getLastWebPreferences(): Record<string, unknown> } | undefined
    )?.getLastWebPreferences()
  })
  expect(preferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    webviewTag: false,
  })
  // Its dictionaries would be downloaded.
  expect(await app.application.evaluate(({ session }) => session.defaultSession.isSpellCheckerEnabled())).toBe(false)
})
