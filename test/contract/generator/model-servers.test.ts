import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createModelServers, type ModelServersOptions } from '../../../src/main/generators/model-servers.ts'
import { createStoppedWork } from '../../../src/main/generators/stopped-work.ts'
import { type ModelServerStatus, modelServerStatusSchema } from '../../../src/shared/model-server.ts'
import { createRecordingLog } from '../../support/recording-log.ts'
import {
  type RecordingModelServer,
  type RecordingModelServerOptions,
  startRecordingModelServer,
} from '../../support/recording-model-server.ts'
import { createWatchedClock, type WatchedClock } from './watched-clock.ts'

const anySignal = () => new AbortController().signal
let clock: WatchedClock
let started: RecordingModelServer[]

beforeEach(() => {
  clock = createWatchedClock()
  started = []
})
afterEach(async () => {
  for (const server of started) {
    await server.allClosed()
    await server.close()
  }
  expect(clock.waiting).toBe(0)
})

async function start(options: RecordingModelServerOptions = {}): Promise<RecordingModelServer> {
  const server = await startRecordingModelServer(options)
  started.push(server)
  return server
}

/** Nothing listens there any more. */
async function freeAddress(): Promise<string> {
  const server = await startRecordingModelServer()
  await server.close()
  return server.url
}

function create(change: Partial<ModelServersOptions>) {
  const log = createRecordingLog()
  const stoppedWork = createStoppedWork({ clock, log, readRunners: async () => null })
  return createModelServers({
    setting: () => 'auto',
    ollamaHost: undefined,
    isOllamaInstalled: async () => false,
    stoppedWork,
    clock,
    log,
    usual: [],
    ...change,
  })
}

async function look(change: Partial<ModelServersOptions>, chosenModel: string | null = null) {
  const status: ModelServerStatus = await create(change).status({ chosenModel, signal: anySignal() })
  expect(modelServerStatusSchema.parse(status)).toEqual(status)
  return status
}
const usually = (...servers: readonly (RecordingModelServer | string)[]): NonNullable<ModelServersOptions['usual']> =>
  servers.map((server, index) => ({
    address: typeof server === 'string' ? server : server.url,
    isOllama: index === 0,
  }))

describe('looking by itself', () => {
  it('nothing, and no Ollama: not installed', async () => {
    const address = await freeAddress()
    expect(await look({ usual: usually(address) })).toMatchObject({
      state: 'not-installed',
      product: null,
      triedAddresses: [address],
      problem: { code: 'ollama-unreachable', details: { reason: 'not-installed' } },
    })
  })

  it('nothing, with Ollama on this computer: not running', async () => {
    const address = await freeAddress()
    expect(await look({ usual: usually(address), isOllamaInstalled: async () => true })).toMatchObject({
      state: 'not-running',
      problem: { message: expect.stringContaining('Start Ollama') },
    })
  })

  it.each([
    ['lm-studio', 'lm-studio'],
    ['llama-cpp', 'llama-cpp'],
    ['vllm', 'vllm'],
  ] as const)('finds %s where there is no Ollama, and names it', async (product, name) => {
    const server = await start({ product, models: [{ name: 'local', isLoaded: true, contextTokens: 2048 }] })
    expect(await look({ usual: usually(await freeAddress(), server) })).toMatchObject({
      state: 'ready',
      product: name,
      address: server.url,
      chosenModel: 'local',
      models: [{ contextTokens: 2048, isLoaded: true }],
    })
  })

  it('a server it does not know is not used of itself: it may be a relay', async () => {
    const server = await start({ product: 'other' })
    expect(await look({ usual: usually(await freeAddress(), server) })).toMatchObject({ state: 'not-installed' })
    expect(await look({ setting: () => server.url })).toMatchObject({ state: 'ready', product: 'openai-compatible' })
  })

  it('an Ollama without a model gives way to a server that has one, and stands where none has', async () => {
    const empty = await start({ models: [] })
    const full = await start({ product: 'lm-studio' })
    expect(await look({ usual: usually(empty, full) })).toMatchObject({ state: 'ready', product: 'lm-studio' })
    full.setModels([])
    expect(await look({ usual: usually(empty, full) })).toMatchObject({ state: 'no-model', product: 'ollama' })
  })

  it('other programs on those ports are passed over', async () => {
    const other = await start()
    for (const path of ['/api/version', '/api/v0/models', '/v1/models']) {
      other.reply(path, { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>a web page</p>' })
    }
    expect(await look({ usual: usually(await freeAddress(), other) })).toMatchObject({ state: 'not-installed' })
    expect(other.requests.map(({ method }) => method)).not.toContain('POST')
  })

  it('an address that never answers costs one short wait', async () => {
    const silent = await start()
    silent.reply('/api/version', 'silent')
    const looking = look({ usual: usually(silent) })
    await clock.waitForTimer(2_000)
    clock.advance(2_000)
    expect((await looking).state).toBe('not-installed')
  })
})

describe('a place it was told', () => {
  it('by the setting goes before OLLAMA_HOST, and nothing else is asked', async () => {
    const told = await start({ product: 'llama-cpp' })
    const other = await start()
    const status = await look({ setting: () => told.url, ollamaHost: other.url, usual: usually(other) })
    expect(status).toMatchObject({ state: 'ready', product: 'llama-cpp', address: told.url })
    expect(other.connections).toHaveLength(0)
  })

  it('is an Ollama there as well', async () => {
    const told = await start()
    expect(await look({ setting: () => told.url })).toMatchObject({ state: 'ready', product: 'ollama' })
  })

  it.each(['Settings', 'OLLAMA_HOST'] as const)(
    'by %s, but a usual place answers: that one is offered',
    async (toldBy) => {
      const usual = await start()
      const address = await freeAddress()
      const told = toldBy === 'Settings' ? { setting: () => address } : { ollamaHost: address }
      expect(await look({ ...told, usual: usually(usual) })).toMatchObject({
        state: 'wrong-port',
        address: null,
        offeredAddress: usual.url,
        problem: { code: 'ollama-unreachable', details: { reason: 'wrong-port', toldBy } },
      })
    },
  )

  it('where another program answers', async () => {
    const other = await start({ product: 'other' })
    other.reply('/v1/models', { body: '[1]' })
    expect(await look({ setting: () => other.url })).toMatchObject({
      state: 'wrong-port',
      offeredAddress: null,
      problem: { details: { reason: 'foreign-program' } },
    })
    const usual = await start()
    expect(await look({ setting: () => other.url, usual: usually(usual) })).toMatchObject({
      state: 'wrong-port',
      offeredAddress: usual.url,
      problem: { details: { reason: 'wrong-program' } },
    })
  })

  it('where a server asks for a key', async () => {
    const closed = await start({ product: 'lm-studio' })
    for (const path of ['/api/v0/models', '/v1/models']) {
      closed.reply(path, { status: 401, body: '{"error":{"message":"Invalid API key"}}' })
    }
    expect(await look({ setting: () => closed.url })).toMatchObject({
      state: 'refused',
      problem: { details: { reason: 'locked' }, message: expect.stringContaining('asks for a key') },
    })
    expect(await look({ usual: usually(await freeAddress(), closed) })).toMatchObject({ state: 'not-installed' })
  })

  it('where nobody answers, anywhere', async () => {
    const address = await freeAddress()
    expect(await look({ setting: () => address })).toMatchObject({ state: 'not-running', triedAddresses: [address] })
    expect(await look({ ollamaHost: address })).toMatchObject({ state: 'not-installed', triedAddresses: [address] })
  })

  it.each(['http://models.example.com:1234', '192.168.1.7:1234', 'https://127.0.0.1:1234'])(
    '%s is refused by name, in a setting and in OLLAMA_HOST, and nothing is opened',
    async (address) => {
      const usual = await start()
      for (const told of [{ setting: () => address }, { ollamaHost: address }]) {
        expect(await look({ ...told, usual: usually(usual) })).toMatchObject({
          state: 'refused',
          problem: { code: 'model-not-local', message: expect.stringContaining(address) },
        })
        const reading = Array.fromAsync(
          create({ ...told, usual: usually(usual) }).generate(
            { model: 'recorded:1b', messages: [], contextTokens: 2048 },
            { signal: anySignal() },
          ),
        )
        await expect(reading).rejects.toMatchObject({ code: 'model-not-local' })
      }
      expect(usual.connections).toHaveLength(0)
    },
  )
})

describe('one server after another', () => {
  const request = { model: 'recorded:1b', messages: [], contextTokens: 2048 }
  const answer = async (server: RecordingModelServer, servers: ReturnType<typeof create>) => {
    const reading = Array.fromAsync(servers.generate(request, { signal: anySignal() }))
    reading.catch(() => {})
    const chat = await server.nextRequest()
    chat.sendText('Yes.')
    chat.finish()
    return reading
  }

  it('a changed setting counts from the next question on', async () => {
    const first = await start()
    const second = await start({ product: 'vllm' })
    let setting = first.url
    const servers = create({ setting: () => setting })
    expect((await answer(first, servers)).at(-1)).toMatchObject({ type: 'end' })
    setting = second.url
    expect((await answer(second, servers)).at(-1)).toMatchObject({ type: 'end' })
    expect(first.chats).toHaveLength(1)
  })

  it('a server that went away is looked for anew', async () => {
    const first = await startRecordingModelServer()
    const second = await start({ product: 'llama-cpp' })
    const servers = create({ usual: usually(first, second) })
    await answer(first, servers)
    await first.close()
    const reading = Array.fromAsync(servers.generate(request, { signal: anySignal() }))
    await expect(reading).rejects.toMatchObject({ code: 'ollama-unreachable' })
    expect((await answer(second, servers)).at(-1)).toMatchObject({ type: 'end' })
  })

  it('a model that did not fit is remembered until it fits', async () => {
    const server = await start()
    const servers = create({ setting: () => server.url })
    const status = () => servers.status({ chosenModel: null, signal: anySignal() })
    const reading = Array.fromAsync(servers.generate(request, { signal: anySignal() }))
    reading.catch(() => {})
    ;(await server.nextRequest()).fail(500, 'model requires more system memory (9 GiB) than is available (3 GiB)')
    await expect(reading).rejects.toMatchObject({ code: 'model-out-of-memory' })
    expect(await status()).toMatchObject({ state: 'out-of-memory', problem: { code: 'model-out-of-memory' } })
    await answer(server, servers)
    expect(await status()).toMatchObject({ state: 'ready', problem: null })
  })

  it('a usual place is used only as long as it answers, told places are kept', async () => {
    const first = await startRecordingModelServer()
    const servers = create({ usual: usually(first) })
    expect((await servers.status({ chosenModel: null, signal: anySignal() })).state).toBe('ready')
    await first.close()
    expect((await servers.status({ chosenModel: null, signal: anySignal() })).state).toBe('not-installed')
  })
})

describe('warming up', () => {
  it('asks Ollama to load with the same context and time, and sends no question', async () => {
    const server = await start()
    await create({ setting: () => server.url }).warmUp(
      { model: 'recorded:1b', contextTokens: 4096 },
      { signal: anySignal() },
    )
    const { body } = server.requests.find(({ path }) => path === '/api/generate') ?? { body: '{}' }
    expect(JSON.parse(body)).toEqual({
      model: 'recorded:1b',
      prompt: '',
      stream: false,
      keep_alive: '10m',
      options: { num_ctx: 4096 },
    })
    expect(server.chats).toHaveLength(0)
  })

  it('closes its connection at once when it is stopped', async () => {
    const server = await start()
    server.reply('/api/generate', 'silent')
    const stop = new AbortController()
    const warming = create({ setting: () => server.url }).warmUp(
      { model: 'recorded:1b', contextTokens: 4096 },
      { signal: stop.signal },
    )
    await clock.waitForTimer(600_000)
    stop.abort(new Error('stopped'))
    await expect(warming).rejects.toThrow('stopped')
    await server.allClosed()
  })

  it('does nothing at other servers', async () => {
    const server = await start({ product: 'lm-studio' })
    await create({ setting: () => server.url }).warmUp(
      { model: 'recorded:1b', contextTokens: 4096 },
      { signal: anySignal() },
    )
    expect(server.requests.map(({ method }) => method)).not.toContain('POST')
  })
})
