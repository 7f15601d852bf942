import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { modelServerStatusSchema, type ModelServerStatus } from '../../../src/shared/model-server.ts'
import { createOllama } from '../../../src/main/generators/ollama.ts'
import { createRecordingLog } from '../../support/recording-log.ts'
import { startRecordingModelServer, type RecordingModelServer } from '../../support/recording-model-server.ts'
import { createWatchedClock, type WatchedClock } from './watched-clock.ts'

let server: RecordingModelServer
let clock: WatchedClock
beforeEach(async () => {
  clock = createWatchedClock()
  server = await startRecordingModelServer({
    version: '0.11.4',
    models: [
      { name: 'small:1b', sizeBytes: 700, parameterSize: '1.2B', contextTokens: 8192, isLoaded: true },
      { name: 'large:70b', sizeBytes: 40_000, parameterSize: '70B', family: 'qwen3', contextTokens: 131072 },
      { name: 'nomic-embed-text:latest', family: 'nomic-bert', isLoaded: true },
      { name: 'gpt-oss:120b-cloud', remoteHost: 'https://ollama.com:443', remoteModel: 'gpt-oss:120b' },
      { name: 'innocent:latest', remoteHost: 'https://ollama.com:443' },
    ],
  })
})
afterEach(async () => {
  await server.allClosed()
  expect(clock.waiting).toBe(0)
  await server.close()
})

const anySignal = () => new AbortController().signal
function create(host = `127.0.0.1:${server.port}`) {
  return createOllama({ ollamaHost: host, clock, log: createRecordingLog() })
}
async function look(chosenModel: string | null = null): Promise<ModelServerStatus> {
  const status = await create().status({ chosenModel, signal: anySignal() })
  expect(modelServerStatusSchema.parse(status)).toEqual(status)
  return status
}
const askedPaths = () => server.requests.map((request) => request.path)

describe('a server with models', () => {
  it('offers what can write here, and names what it refuses', async () => {
    expect(await look()).toEqual({
      state: 'ready',
      product: 'ollama',
      address: server.url,
      triedAddresses: [server.url],
      offeredAddress: null,
      version: '0.11.4',
      models: [
        {
          name: 'small:1b',
          sizeBytes: 700,
          parameterSize: '1.2B',
          quantization: 'Q4_0',
          contextTokens: 8192,
          abilities: ['completion'],
          isLoaded: true,
        },
        {
          name: 'large:70b',
          sizeBytes: 40_000,
          parameterSize: '70B',
          quantization: 'Q4_0',
          contextTokens: null,
          abilities: null,
          isLoaded: false,
        },
      ],
      refusedModels: ['gpt-oss:120b-cloud', 'innocent:latest'],
      chosenModel: 'small:1b',
      problem: null,
    })
  })

  it('reads the context length of the chosen model only, once', async () => {
    const ollama = create()
    const first = await ollama.status({ chosenModel: 'large:70b', signal: anySignal() })
    expect(first).toMatchObject({
      chosenModel: 'large:70b',
      models: [{ contextTokens: null }, { contextTokens: 131072 }],
    })
    await ollama.status({ chosenModel: 'large:70b', signal: anySignal() })
    expect(askedPaths().filter((path) => path === '/api/show')).toHaveLength(1)
  })

  it('reads what every model can do when that is asked, each one once', async () => {
    const models = ['a:1b', 'b:1b', 'c:1b'].map((name) => ({
      name,
      contextTokens: 4096,
      capabilities: ['completion', 'vision', 'insert', 'tools'],
    }))
    server.setModels(models)
    const ollama = create()
    for (let round = 0; round < 2; round += 1) {
      const status = await ollama.status({ chosenModel: null, isDetailed: true, signal: anySignal() })
      expect(status.models).toHaveLength(3)
      for (const model of status.models) {
        expect(model).toMatchObject({ contextTokens: 4096, abilities: ['completion', 'vision', 'tools'] })
      }
    }
    expect(askedPaths().filter((path) => path === '/api/show')).toHaveLength(3)
  })

  it('sends a question nowhere', async () => {
    await look()
    expect(server.chats).toHaveLength(0)
    expect(new Set(askedPaths())).toEqual(new Set(['/api/version', '/api/tags', '/api/ps', '/api/show']))
  })

  it('misses a chosen model that is gone', async () => {
    expect(await look('gone:7b')).toMatchObject({
      state: 'model-missing',
      chosenModel: 'gone:7b',
      problem: { code: 'ollama-model-missing', message: expect.stringContaining('ollama pull gone:7b') },
    })
  })

  it.each(['gpt-oss:120b-cloud', 'innocent', 'unlisted:cloud'])(
    'refuses the chosen cloud model %s by name',
    async (model) => {
      expect(await look(model)).toMatchObject({
        state: 'refused',
        problem: { code: 'model-not-local', message: expect.stringContaining(model) },
      })
    },
  )
})

describe('a server without a model that can write', () => {
  it.each([
    ['nothing', [], 'no model that can write. Get one'],
    ['an embedding model', [{ name: 'bge-m3:latest', family: 'bert' }], 'no model that can write. Get one'],
    ['a cloud model', [{ name: 'glm-4.6:cloud' }], 'cloud models are not used'],
  ])('has %s', async (_name, models, sentence) => {
    server.setModels(models)
    const expected = {
      state: 'no-model',
      chosenModel: null,
      models: [],
      problem: { code: 'ollama-model-missing', message: expect.stringContaining(sentence) },
    }
    expect(await look()).toMatchObject(expected)
    expect(await look('gone:7b')).toMatchObject({ ...expected, chosenModel: 'gone:7b' })
  })
})

describe('a server in trouble never throws', () => {
  it.each([
    ['HTML', { headers: { 'content-type': 'text/html' }, body: '<html>It works</html>' }],
    ['another JSON', { body: '[1,2,3]' }],
    ['an error', { status: 500, body: '{"error":"broken"}' }],
    ['a redirect', { status: 302, headers: { location: 'http://example.com/' }, body: '' }],
    ['far too much', { body: JSON.stringify({ version: 'x'.repeat(20 * 1024 * 1024) }) }],
  ])('answers with %s', async (_name, reply) => {
    server.reply('/api/version', reply)
    const status = await look()
    expect(status).toMatchObject({
      state: 'not-running',
      models: [],
      problem: {
        code: 'ollama-unreachable',
        message: expect.stringContaining(`127.0.0.1:${server.port}, but not as Ollama does`),
      },
    })
  })

  it('is silent: given up after two seconds each', async () => {
    server.reply('/api/version', 'silent')
    const looking = look()
    await clock.waitForTimer(2_000)
    clock.advance(2_000)
    expect((await looking).state).toBe('not-running')
  })

  it('cannot say what is loaded or how long the context is: the models are still offered', async () => {
    server.reply('/api/ps', { status: 500, body: 'no' })
    server.reply('/api/show', { body: '{"model_info":{"llama.context_length":"many"}}' })
    expect(await look()).toMatchObject({ state: 'ready', models: [{ isLoaded: false, contextTokens: null }, {}] })
  })

  it('lists hostile entries: they are left out', async () => {
    const bad = [
      null,
      1,
      'x',
      {},
      { name: 7 },
      { name: 'a b' },
      { name: `\u001b[31mred` },
      { name: 'x'.repeat(300) },
      { name: 'odd:1b', remote_host: { a: 1 } },
    ]
    const models = [...bad, { name: 'good:1b', size: -5, details: 'none', digest: {} }]
    server.reply('/api/tags', { body: JSON.stringify({ models }) })
    const status = await look()
    expect(status.models).toEqual([
      {
        name: 'good:1b',
        sizeBytes: 0,
        parameterSize: null,
        quantization: null,
        contextTokens: null,
        abilities: null,
        isLoaded: false,
      },
    ])
    expect(status.refusedModels).toEqual([])
  })

  it('is stopped: rejects with the reason', async () => {
    server.reply('/api/version', 'silent')
    const stop = new AbortController()
    const looking = create().status({ chosenModel: null, signal: stop.signal })
    await clock.waitForTimer(2_000)
    stop.abort(new Error('stopped'))
    await expect(looking).rejects.toThrow('stopped')
  })
})

describe('addresses', () => {
  it('a host beyond this computer is refused by name, and nothing is opened', async () => {
    const status = await create('models.example.com:11434').status({ chosenModel: 'small:1b', signal: anySignal() })
    expect(status).toMatchObject({
      state: 'refused',
      address: null,
      triedAddresses: [],
      chosenModel: 'small:1b',
      problem: { code: 'model-not-local', message: expect.stringContaining('models.example.com:11434') },
    })
    expect(server.connections).toHaveLength(0)
  })

  it('localhost is 127.0.0.1, then ::1, and never a name', async () => {
    const status = await create(`localhost:${server.port}`).status({ chosenModel: null, signal: anySignal() })
    expect(status.address).toBe(server.url)
    expect(status.triedAddresses).toEqual([server.url, `http://[::1]:${server.port}`])
  })

  it('the other loopback is found too', async (context) => {
    const other = await startRecordingModelServer({ host: '::1' }).catch(() => null)
    if (other === null) return context.skip('this machine has no IPv6 loopback')
    const ollama = create(`localhost:${other.port}`)
    expect((await ollama.status({ chosenModel: null, signal: anySignal() })).address).toBe(other.url)
    const reading = Array.fromAsync(
      ollama.generate({ model: 'recorded:1b', messages: [], contextTokens: 2048 }, { signal: anySignal() }),
    )
    ;(await other.nextRequest()).finish()
    expect((await reading).at(-1)).toMatchObject({ type: 'end' })
    await other.allClosed()
    await other.close()
  })

  it('nobody at all: every address that was tried is named', async () => {
    await server.close()
    const status = await create(`localhost:${server.port}`).status({ chosenModel: null, signal: anySignal() })
    expect(status).toMatchObject({ state: 'not-running', problem: { code: 'ollama-unreachable', retryable: true } })
    for (const address of [`127.0.0.1:${server.port}`, `[::1]:${server.port}`, 'Start Ollama']) {
      expect(status.problem?.message).toContain(address)
    }
  })
})

describe('a version', () => {
  it.each([
    ['0.1.44', 'too-old'],
    ['v0.1.9-rc2', 'too-old'],
    ['0.2.0', 'ready'],
    ['0.12.3', 'ready'],
    ['1.0.0', 'ready'],
    ['0.0.0', 'ready'],
    ['of my own', 'ready'],
  ])('%s is %s', async (version, state) => {
    server.reply('/api/version', { body: JSON.stringify({ version }) })
    const status = await look()
    expect(status).toMatchObject({ state, version })
    if (state !== 'too-old') return
    expect(status.problem).toMatchObject({
      code: 'model-server-too-old',
      message: expect.stringMatching(/Carrel needs 0\.2\.0 or newer/),
    })
  })
})
