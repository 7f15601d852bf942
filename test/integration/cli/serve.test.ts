import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { parseEvents } from '../../support/local-api-fixture.ts'
import { startRecordingModelServer } from '../../support/recording-model-server.ts'
import { projectFolder, runCarrel, startCarrel, temporaryFolder } from '../../support/run-carrel.ts'

const lease = join(projectFolder, 'resources', 'samples', 'Office lease, 14 Elm Street.pdf')
const readySchema = z.object({ address: z.string(), token: z.string() })

describe('carrel serve', { timeout: 120_000 }, () => {
  it('says where it is, answers from the library, and ends with its connections on Ctrl-C', async () => {
    await using folder = await temporaryFolder()
    const dataFolder = join(folder.path, 'library')
    expect((await runCarrel(['add', lease], { dataFolder })).code).toBe(0)
    await using server = await startRecordingModelServer()
    const run = startCarrel(['--json', 'serve', '--port', '0'], {
      dataFolder,
      environment: { OLLAMA_HOST: server.url },
    })
    await run.shows('token')
    const { address, token } = readySchema.parse(JSON.parse(run.stdout()))
    if (process.platform !== 'win32') {
      expect((await stat(join(dataFolder, 'local-api.token'))).mode & 0o777).toBe(0o600)
    }
    const response = await fetch(`${address}/v1/answers`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream', 'content-type': 'application/json' },
      body: JSON.stringify({ question: 'What notice must the tenant give to end the lease early?' }),
    })
    const chat = await server.nextRequest()
    chat.sendText('180 days [1].')
    chat.finish()
    const events = parseEvents(await response.text())
    expect(events.slice(-4).map(({ event }) => event)).toEqual(['message', 'status', 'source', 'done'])
    const [cited] = z.array(z.unknown()).parse(events.at(-2)?.data)
    expect(cited).toMatchObject({ metadata: { path: lease, page: 2, cited: true } })

    const second = fetch(`${address}/v1/answers`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, accept: 'text/plain', 'content-type': 'application/json' },
      body: JSON.stringify({ question: 'How many days of notice must the tenant give?' }),
    })
    const open = await server.nextRequest()
    open.sendText('Half')
    const text = await second
    run.child.kill('SIGINT')
    await expect(text.text()).rejects.toThrow()
    expect((await open.closed).isComplete).toBe(false)
    expect((await run.ended).code).toBe(0)
  })

  it('says which port is taken', async () => {
    await using folder = await temporaryFolder()
    await using taken = await startRecordingModelServer()
    const { code, stderr } = await runCarrel(['serve', '--port', String(taken.port)], {
      dataFolder: join(folder.path, 'library'),
    })
    expect(code).toBe(1)
    expect(stderr).toContain(`port ${taken.port}`)
  })
})
