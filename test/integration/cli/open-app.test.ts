import { existsSync } from 'node:fs'
import { readdir, stat, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { socketPlace } from '../../../src/main/local-socket/socket-place.ts'
import { streamEventSchema } from '../../../src/shared/answer-stream.ts'
import { startRecordingModelServer } from '../../support/recording-model-server.ts'
import {
  type CarrelRun,
  jsonLines,
  projectFolder,
  runCarrel,
  startCarrel,
  temporaryFolder,
} from '../../support/run-carrel.ts'

const lease = join(projectFolder, 'resources', 'samples', 'Office lease, 14 Elm Street.pdf')
const question = 'What notice must the tenant give to end the lease early?'

/** A Carrel that stays open on this folder, as the app does. */
async function openCarrel(dataFolder: string, ollamaHost: string): Promise<CarrelRun> {
  const run = startCarrel(['--json', 'serve', '--port', '0'], { dataFolder, environment: { OLLAMA_HOST: ollamaHost } })
  await run.shows('token')
  return run
}

function getOverSocket(socketPath: string, path: string): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    request({ socketPath, path }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      response.once('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
      .once('error', reject)
      .end()
  })
}

describe('carrel while the library is open elsewhere', { timeout: 180_000 }, () => {
  it('does everything there, with the same output and exit codes', async () => {
    await using folder = await temporaryFolder()
    await using server = await startRecordingModelServer({ answer: { tokens: ['180 days ', '[1].'], gapMs: 1 } })
    const dataFolder = join(folder.path, 'library')
    const open = await openCarrel(dataFolder, server.url)
    const run = (words: readonly string[]) => runCarrel(words, { dataFolder })

    expect(await run(['add', lease, join(folder.path, 'missing.txt')])).toMatchObject({
      code: 3,
      stdout: '1 ready, 1 failed, 2 newly queued\n',
    })
    expect((await run(['list'])).stdout).toContain('Office lease, 14 Elm Street.pdf')
    const asked = await run(['--json', 'ask', question])
    const events = jsonLines(asked.stdout).map((line) => streamEventSchema.parse(line))
    expect(asked.code).toBe(0)
    expect(events.at(-1)).toMatchObject({ type: 'done', mode: 'generated', model: 'recorded:1b' })
    expect((await run(['search', 'termination fee', '-k', '1'])).stdout).toContain('page 2')
    expect(
      z
        .object({ version: z.string() })
        .loose()
        .parse(JSON.parse((await run(['--json', 'status'])).stdout)),
    ).toBeTruthy()
    expect((await run(['verify'])).stdout).toContain('clean')
    expect(await run(['remove', 'nothing here'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('not found'),
    })
    expect(await run(['remove', lease])).toMatchObject({ code: 0, stdout: '1 removed\n' })
    expect(await run(['serve'])).toMatchObject({ code: 1, stderr: expect.stringContaining('Settings') })
    open.child.kill('SIGINT')
    expect((await open.ended).code).toBe(0)
    // Closed, it opens the folder itself.
    expect((await run(['list'])).code).toBe(0)
  })

  it('stops the answer on Ctrl-C, and when the terminal is killed', async () => {
    await using folder = await temporaryFolder()
    await using server = await startRecordingModelServer()
    const dataFolder = join(folder.path, 'library')
    expect((await runCarrel(['add', lease], { dataFolder })).code).toBe(0)
    const open = await openCarrel(dataFolder, server.url)
    for (const signal of ['SIGINT', 'SIGKILL'] as const) {
      const run = startCarrel(['ask', question], { dataFolder })
      const chat = await server.nextRequest()
      chat.sendText('Half an answer')
      await run.shows('Half an answer')
      run.child.kill(signal)
      expect((await chat.closed).isComplete).toBe(false)
      const { code, stdout } = await run.ended
      if (signal === 'SIGINT')
        expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringContaining('(stopped)') })
    }
    open.child.kill('SIGINT')
    await open.ended
  })

  it.skipIf(process.platform === 'win32')('over a socket of its owner alone, which speaks the local API', async () => {
    await using folder = await temporaryFolder()
    const dataFolder = join(folder.path, 'library')
    const open = await openCarrel(dataFolder, 'http://127.0.0.1:9')
    const place = socketPlace(dataFolder)
    expect((await stat(place.path)).mode & 0o777).toBe(0o600)
    expect((await stat(place.folder ?? '')).mode & 0o777).toBe(0o700)
    const status = await getOverSocket(place.path, '/v1/status')
    expect(status.status).toBe(200)
    expect(JSON.parse(status.text)).toMatchObject({ activeAnswers: [] })
    open.child.kill('SIGKILL')
    await open.ended
    // What a crash left behind is in nobody's way.
    expect(existsSync(place.path)).toBe(true)
    expect((await runCarrel(['status'], { dataFolder })).code).toBe(0)
    const again = await openCarrel(dataFolder, 'http://127.0.0.1:9')
    expect((await runCarrel(['list'], { dataFolder })).code).toBe(0)
    again.child.kill('SIGINT')
    await again.ended
  })

  it('says that the library is in use where nothing listens', async () => {
    await using folder = await temporaryFolder()
    const dataFolder = join(folder.path, 'library')
    const files = join(folder.path, 'many')
    await writeFile(files, 'one text')
    const open = await openCarrel(dataFolder, 'http://127.0.0.1:9')
    const place = socketPlace(dataFolder)
    const { rename } = await import('node:fs/promises')
    await rename(place.path, `${place.path}.away`)
    expect(await readdir(place.folder ?? '')).toEqual(['carrel.sock.away'])
    const { code, stdout } = await runCarrel(['--json', 'list'], { dataFolder })
    expect({ code, code2: JSON.parse(stdout).error.code }).toEqual({ code: 1, code2: 'storage-locked' })
    open.child.kill('SIGINT')
    await open.ended
  })
})

describe('the place of the socket', () => {
  it('is in the data folder, or in a folder of its own where that path is too long', () => {
    expect(socketPlace('/home/me/.config/carrel', 'linux').path).toBe(
      join('/home/me/.config/carrel', 'run', 'carrel.sock'),
    )
    const long = `/home/me/${'a'.repeat(90)}`
    expect(socketPlace(long, 'darwin').path.length).toBeLessThanOrEqual(100)
    expect(socketPlace(long, 'darwin').path).not.toBe(socketPlace(`${long}b`, 'darwin').path)
    expect(socketPlace('C:\\data', 'win32')).toEqual({
      path: expect.stringMatching(/^\\\\\.\\pipe\\carrel-/),
      folder: null,
    })
  })
})
