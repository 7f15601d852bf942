import { expect, test } from '@playwright/test'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { startRecordingModelServer } from '../support/recording-model-server.ts'
import { launchCarrel, makeFolder, projectFolder, type RunningApp } from './support/launch.ts'
import { importSmallDocument } from './support/library.ts'

const question = 'When do the carrels open?'

/** Switches the door on in Settings, as a person does; the port is one that is free. */
async function switchOn(
  { page }: RunningApp,
  origins = '',
): Promise<{ readonly address: string; readonly token: string }> {
  await page.evaluate((localApiPort) => window.api.request('settings:set', { localApiPort }), await freePort())
  await page.getByRole('button', { name: 'Settings' }).first().click()
  if (origins !== '') {
    await page.getByLabel('Pages in a browser').fill(origins)
    await page.getByLabel('Pages in a browser').press('Enter')
  }
  await page.getByRole('switch', { name: 'Let programs on this computer ask' }).click()
  await expect(page.getByTestId('local-api-address')).toHaveText(/^http:\/\/127\.0\.0\.1:\d+$/)
  const status = await page.evaluate(() => window.api.request('local-api:status', {}))
  if (!status.ok) throw new Error(status.error.code)
  return { address: status.value.address ?? '', token: status.value.token ?? '' }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

test('the switch in Settings opens the door, shows examples that work, and closes it', async () => {
  test.setTimeout(180_000)
  await using files = await makeFolder('carrel-files-')
  await using server = await startRecordingModelServer({ answer: { tokens: ['At nine ', '[1].'], gapMs: 1 } })
  await using app = await launchCarrel({ ollamaHost: server.url })
  await importSmallDocument(app.page, files.path)
  const { address, token } = await switchOn(app)

  await expect(app.page.getByTestId('local-api-example').first()).toContainText('curl')
  await expect(app.page.getByTestId('local-api-example').first()).not.toContainText(token)
  await app.page.getByRole('button', { name: 'Show' }).click()
  const example = await app.page.getByTestId('local-api-example').first().innerText()
  // As a person does: the example with a question of one's own.
  const command = example.replace('What notice ends the lease early?', question)
  expect(command).toContain(question)
  const curl = spawn('bash', ['-c', command], { stdio: ['ignore', 'pipe', 'ignore'] })
  let answer = ''
  for await (const part of curl.stdout) answer += String(part)
  expect(answer).toBe('At nine [1].')

  await app.page.getByRole('switch', { name: 'Let programs on this computer ask' }).click()
  await expect(app.page.getByTestId('local-api-address')).toHaveCount(0)
  await expect
    .poll(
      () =>
        fetch(`${address}/v1/status`).then(
          () => 'open',
          () => 'closed',
        ),
      { timeout: 30_000 },
    )
    .toBe('closed')
})

test('carrel in a terminal talks to the open app', async () => {
  test.setTimeout(180_000)
  await using files = await makeFolder('carrel-files-')
  await using server = await startRecordingModelServer({ answer: { tokens: ['At nine ', '[1].'], gapMs: 1 } })
  await using app = await launchCarrel({ ollamaHost: server.url })
  await importSmallDocument(app.page, files.path)
  const child = spawn(
    process.env['CARREL_ELECTRON'] ?? '',
    [join(projectFolder, 'out', 'main', 'cli.js'), '--data', app.dataFolder, 'ask', question],
    { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let output = ''
  for await (const part of child.stdout) output += String(part)
  expect(output).toMatch(/^At nine \[1\]\.\n[\s\S]*Carrels\.md/)
  // It is a conversation in the window now.
  await expect
    .poll(async () => {
      const list = await app.page.evaluate(() => window.api.request('conversations:list', { offset: 0, limit: 10 }))
      return list.ok ? list.value.conversations.map(({ title }) => title) : []
    })
    .toEqual([question])
})

test('an EventSource of a browser reads a deferred question, reconnects, and asks once', async () => {
  test.setTimeout(180_000)
  await using files = await makeFolder('carrel-files-')
  await using model = await startRecordingModelServer({ answer: { tokens: ['At nine ', '[1].'], gapMs: 1 } })
  await using app = await launchCarrel({ ollamaHost: model.url })
  await importSmallDocument(app.page, files.path)
  // Somebody's own page on this computer.
  const pages = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end('<!doctype html><title>mine</title>')
  }).listen(0, '127.0.0.1')
  await once(pages, 'listening')
  const origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`
  const { address, token } = await switchOn(app, origin)
  const script = `(async () => {
    const asked = await fetch(${JSON.stringify(address)} + '/v1/answers?defer=1', {
      method: 'POST',
      headers: { authorization: 'Bearer ' + ${JSON.stringify(token)}, 'content-type': 'application/json' },
      body: JSON.stringify({ question: ${JSON.stringify(question)} }),
    })
    const { url } = await asked.json()
    const source = new EventSource(${JSON.stringify(address)} + url)
    const seen = []
    for (const name of ['message', 'status', 'source', 'done', 'failure'])
      source.addEventListener(name, (event) => seen.push([name, JSON.parse(event.data)]))
    // After "done" the stream ends, the browser reconnects with the last id, gets 204, and gives up by itself.
    await new Promise((resolve) => source.addEventListener('error', () => {
      if (source.readyState === EventSource.CLOSED) resolve()
    }))
    return seen
  })()`
  // Chromium without what guards the app's own page: another session, no preload.
  const seen = await app.application.evaluate(
    async ({ BrowserWindow }, { page, code }) => {
      const window = new BrowserWindow({ show: false, webPreferences: { partition: 'a-browser', sandbox: true } })
      await window.loadURL(page)
      const result: unknown = await window.webContents.executeJavaScript(code)
      window.destroy()
      return result as [string, unknown][]
    },
    { page: origin, code: script },
  )
  pages.close()
  expect(
    seen
      .filter(([name]) => name === 'message')
      .map(([, data]) => data)
      .join(''),
  ).toBe('At nine [1].')
  expect(seen.slice(-2).map(([name]) => name)).toEqual(['source', 'done'])
  expect(seen.filter(([name]) => name === 'done')).toHaveLength(1)
  expect(model.chats).toHaveLength(1)
})
