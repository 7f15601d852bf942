// `npm run package -- --test`: the folder, copied elsewhere, on a machine with nothing: no route, no Node, no npm, no home.
import { expect } from '@playwright/test'
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises'
import { connect } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { startWindow } from './packaged-app.mjs'

const run = promisify(execFile)
const limitMs = 120_000
const questions = [
  { text: 'What notice must the tenant give to end the Elm Street lease early?', words: '180', file: /\.pdf$/ },
  { text: '提前退租要付多少终止费？', words: '终止费', file: /\.(md|txt)$/ },
]

let place = ''
let app = ''
let samples = []

before(async () => {
  const packaged = process.env.CARREL_PACKAGE
  assert.ok(packaged, 'CARREL_PACKAGE names no package: start this test by "npm run package -- --test"')
  place = await mkdtemp(join(tmpdir(), 'carrel-package-'))
  // A space and Chinese in the path, as on people's desktops.
  app = join(place, 'Carrel 便携')
  await cp(packaged, app, { recursive: true, verbatimSymlinks: true })
  await mkdir(join(place, 'no programs'))
  const folder = join(app, 'resources', 'samples')
  samples = (await readdir(folder)).filter((name) => !name.endsWith('.json')).map((name) => join(folder, name))
})

after(() => rm(place, { recursive: true, force: true, maxRetries: 5 }))

/** Nothing of this machine but its display: an empty home, and a PATH without any program. */
async function emptyEnvironment(name) {
  const home = join(place, name)
  await mkdir(home)
  const { DISPLAY, XAUTHORITY } = process.env
  return { HOME: home, PATH: join(place, 'no programs'), LANG: 'C.UTF-8', ...(XAUTHORITY && { XAUTHORITY }), DISPLAY }
}

async function carrel(env, ...args) {
  const { stdout } = await run(join(app, 'carrel'), args, { env, cwd: env.HOME, timeout: limitMs })
  return stdout
}

void test('there is no way out of this namespace but loopback', async () => {
  for (const addresses of Object.values(networkInterfaces())) for (const { internal } of addresses) assert.ok(internal)
  const error = await new Promise((resolve, reject) => {
    const socket = connect({ host: '192.0.2.1', port: 80 })
    socket.once('error', resolve)
    socket.once('connect', () => reject(new Error('a connection left the namespace')))
  })
  assert.equal(error.code, 'ENETUNREACH')
})

void test(
  'the terminal adds the samples and answers with quotations that name their source',
  { timeout: limitMs },
  async () => {
    const env = await emptyEnvironment('home of the terminal')
    await carrel(env, 'add', ...samples)
    const documents = lines(await carrel(env, '--json', 'list'))
    assert.equal(documents.length, samples.length)
    for (const { text, words, file } of questions) {
      const events = lines(await carrel(env, '--json', 'ask', text))
      const answer = events.filter(({ type }) => type === 'token').map((event) => event.text)
      assert.ok(answer.join('').includes(words), `no "${words}" in: ${answer.join('')}`)
      const [citation] = events.flatMap((event) => event.citations ?? [])
      const { sources } = events.find(({ type }) => type === 'sources')
      const cited = sources.find(({ id }) => id === citation?.passageId)
      assert.match(cited.documentName, file)
      assert.equal(events.at(-1).type, 'done')
      assert.equal(events.at(-1).mode, 'quotes')
    }
    await carrel(env, 'verify')
  },
)

void test('the terminal heeds no NODE_OPTIONS and works through a link', { timeout: limitMs }, async () => {
  const env = { ...(await emptyEnvironment('home of the link')), NODE_OPTIONS: '--require=/nowhere.cjs' }
  await mkdir(join(place, 'programs'))
  const link = join(place, 'programs', 'carrel')
  await symlink(join(app, 'carrel'), link)
  const { stdout } = await run(link, ['--version'], { env, cwd: env.HOME, timeout: limitMs })
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/)
})

void test('the fuses of the program are as the settings say', async () => {
  const bytes = await readFile(join(app, 'carrel-app'))
  // Electron's own mark; behind it a byte for the version, one for the count, then a digit a fuse.
  const mark = bytes.indexOf('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX')
  assert.notEqual(mark, -1)
  const [asNode, cookies, nodeOptions, inspect, integrity, onlyArchive, snapshot, fileRights] = bytes
    .subarray(mark + 34, mark + 42)
    .toString('latin1')
  assert.deepEqual(
    { asNode, cookies, nodeOptions, inspect, integrity, onlyArchive, snapshot, fileRights },
    {
      asNode: '1',
      cookies: '0',
      nodeOptions: '0',
      inspect: '0',
      integrity: '1',
      onlyArchive: '1',
      snapshot: '0',
      fileRights: '0',
    },
  )
})

void test('the folder carries models, samples, licences and notices, and nothing for other systems', async () => {
  for (const name of ['LICENSE.txt', 'THIRD-PARTY-NOTICES.md', 'LICENSE.electron.txt', 'LICENSES.chromium.html'])
    assert.notEqual((await readFile(join(app, name))).length, 0, name)
  const licences = await readFile(join(app, 'PACKAGE-LICENCES.txt'), 'utf8')
  // One that main loads, one that is bundled into the page.
  for (const title of ['better-sqlite3 ', 'react-dom ']) assert.match(licences, new RegExp(`^=+\n${title}\\d`, 'm'))
  const resources = await readdir(join(app, 'resources'))
  assert.deepEqual(resources.sort(), ['app.asar', 'app.asar.unpacked', 'icons', 'models', 'samples'])
  const foreign = await readdir(join(app, 'resources', 'app.asar.unpacked'), { recursive: true })
  assert.deepEqual(
    foreign.filter((path) => /darwin|win32|arm64|musl/.test(path) && /\.(node|dll|dylib|so)/.test(path)),
    [],
  )
})

void test('the window starts, takes a dropped file, and answers with quotations', { timeout: limitMs }, async (t) => {
  const environment = await emptyEnvironment('home of the window')
  const window = await startWindow(app, environment)
  try {
    t.diagnostic(`start to a page that can be written in: ${window.startMs} ms`)
    const { page } = window
    await drop(page, samples)
    const ready = async () => {
      const status = await page.evaluate(() => globalThis.api.request('app:status', {}))
      return status.ok ? status.value.totals.byState.ready : status.error.code
    }
    await expect.poll(ready, { timeout: 60_000 }).toBe(samples.length)
    for (const [index, { text, words }] of questions.entries()) {
      await page.getByTestId('composer').fill(text)
      await page.getByTestId('composer').press('Enter')
      const answer = page.getByTestId('answer').nth(index)
      await expect(answer).toHaveAttribute('data-state', 'complete', { timeout: 30_000 })
      await expect(answer).toContainText(words)
      await expect(page.getByTestId('quotes-label').nth(index)).toBeVisible()
      await answer.getByTestId('citation').first().click()
      await expect(page.locator('[data-testid="evidence-mark"], [data-testid="pdf-mark"]').first()).toBeVisible()
    }
    assert.equal(await window.quit(), 0)
    assert.equal(lines(await carrel(environment, '--json', 'list')).length, samples.length)
    t.diagnostic(`start with a library, warm: ${await startAgain(environment)} ms`)
  } finally {
    await window.kill()
  }
})

async function startAgain(environment) {
  const window = await startWindow(app, environment)
  try {
    assert.equal(await window.quit(), 0)
    return window.startMs
  } finally {
    await window.kill()
  }
}

/** A DataTransfer made in the page has no paths, so Chromium itself is asked to drop. */
async function drop(page, files) {
  const session = await page.context().newCDPSession(page)
  const { x, y } = await page.evaluate(() => ({ x: Math.round(innerWidth / 2), y: Math.round(innerHeight / 2) }))
  const data = { items: [], files, dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'])
    await session.send('Input.dispatchDragEvent', { type, x, y, data })
  await session.detach()
}

function lines(text) {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}
