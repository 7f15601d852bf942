import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ErrorStatus, openLocalConnection } from '../../../../src/main/generators/local-fetch.ts'
import { createOllamaClient } from '../../../../src/main/generators/ollama-client.ts'
import { watchConnections, type ConnectionWatch } from '../../../../src/main/network-proof.ts'
import { startRecordingModelServer, type RecordingModelServer } from '../../../support/recording-model-server.ts'

let server: RecordingModelServer
let watch: ConnectionWatch
beforeEach(async () => {
  server = await startRecordingModelServer()
  watch = watchConnections()
})
afterEach(async () => {
  expect(watch.outside()).toBe(0)
  watch.stop()
  await server.close()
})

const open = (signal = new AbortController().signal) => openLocalConnection({ signal, checkBody: (body) => body })

describe('what it refuses', () => {
  it.each([
    'https://ollama.com/api/chat',
    'http://ollama.com/',
    'http://localhost:11434/',
    'http://192.168.0.1:11434/',
    'https://127.0.0.1:11434/',
    'http://user:word@127.0.0.1:11434/',
  ])('%s', async (url) => {
    const connection = open()
    await expect(connection.fetch(url)).rejects.toMatchObject({ code: 'model-not-local' })
    await connection.close()
  })

  it('the web search that the ollama package has built in', async () => {
    const connection = open()
    const client = createOllamaClient(server.url, connection)
    await expect(client.webSearch({ query: 'anything' })).rejects.toMatchObject({ code: 'model-not-local' })
    await connection.close()
  })

  it('anything once it is stopped', async () => {
    const connection = open(AbortSignal.abort(new Error('stopped')))
    await expect(connection.fetch(`${server.url}/api/version`)).rejects.toThrow('stopped')
    expect(server.connections).toHaveLength(0)
    await connection.close()
  })
})

it('uses no proxy, whatever the environment says', async () => {
  const before = process.env['HTTP_PROXY']
  process.env['HTTP_PROXY'] = 'http://192.0.2.1:3128'
  try {
    const connection = open()
    expect(await (await connection.fetch(`${server.url}/api/version`)).json()).toEqual({ version: '0.11.4' })
    await connection.close()
  } finally {
    if (before === undefined) delete process.env['HTTP_PROXY']
    else process.env['HTTP_PROXY'] = before
  }
})

it.each([
  ['{"error":"the reason\\n in two lines"}', 'the reason in two lines'],
  ['{"error":{"deep":1}}', '{"error":{"deep":1}}'],
  ['plain words', 'plain words'],
  ['', ''],
])('an error status carries what the server said: %s', async (body, message) => {
  server.reply('/api/version', { status: 500, body })
  const connection = open()
  const error: unknown = await connection.fetch(`${server.url}/api/version`).catch((cause: unknown) => cause)
  expect(error).toBeInstanceOf(ErrorStatus)
  expect(error).toMatchObject({ status: 500, serverMessage: message })
  await connection.close()
})

it('closes its kept-alive sockets, also twice', async () => {
  const connection = open()
  await (await connection.fetch(`${server.url}/api/version`)).text()
  expect(server.openConnections).toBe(1)
  await connection.close()
  await connection.close()
  await server.allClosed()
})
