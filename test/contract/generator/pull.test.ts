import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createModelServers } from '../../../src/main/generators/model-servers.ts'
import { createStoppedWork } from '../../../src/main/generators/stopped-work.ts'
import type { ModelCare, PullProgress } from '../../../src/main/ports/generator.ts'
import { systemClock } from '../../../src/main/system-clock.ts'
import { createRecordingLog } from '../../support/recording-log.ts'
import { type RecordingModelServer, startRecordingModelServer } from '../../support/recording-model-server.ts'

let server: RecordingModelServer
beforeEach(async () => {
  server = await startRecordingModelServer()
})
afterEach(() => server.close())

function careOf(url: string): ModelCare {
  const log = createRecordingLog()
  return createModelServers({
    setting: () => url,
    ollamaHost: undefined,
    isOllamaInstalled: async () => false,
    stoppedWork: createStoppedWork({ clock: systemClock, log, readRunners: async () => null }),
    clock: systemClock,
    log,
    usual: [],
  })
}
const anySignal = () => new AbortController().signal

async function begin(name = 'qwen3:8b', signal = anySignal()) {
  const progress: PullProgress[] = []
  const done = (async () => {
    for await (const step of careOf(server.url).pull(name, { signal })) progress.push(step)
  })()
  done.catch(() => {})
  return { progress, done, pull: await server.nextPull() }
}

describe('a download', () => {
  it('tells bytes and phases of all parts together, and ends with success', async () => {
    const { progress, done, pull } = await begin()
    pull.send(
      { status: 'pulling manifest' },
      { status: 'pulling aaa', digest: 'sha256:aaa', total: 1000 },
      { status: 'pulling aaa', digest: 'sha256:aaa', total: 1000, completed: 400 },
      { status: 'pulling bbb', digest: 'sha256:bbb', total: 50, completed: 50 },
      { status: 'pulling aaa', digest: 'sha256:aaa', total: 1000, completed: 1000 },
      { status: 'verifying sha256 digest' },
      { status: 'writing manifest' },
      { status: 'success' },
    )
    await done
    expect(progress).toEqual([
      { phase: 'starting', receivedBytes: 0, totalBytes: null },
      { phase: 'downloading', receivedBytes: 0, totalBytes: 1000 },
      { phase: 'downloading', receivedBytes: 400, totalBytes: 1000 },
      { phase: 'downloading', receivedBytes: 450, totalBytes: 1050 },
      { phase: 'downloading', receivedBytes: 1050, totalBytes: 1050 },
      { phase: 'verifying', receivedBytes: 1050, totalBytes: 1050 },
      { phase: 'verifying', receivedBytes: 1050, totalBytes: 1050 },
    ])
    expect(JSON.parse(server.requests.find(({ path }) => path === '/api/pull')?.body ?? '{}')).toEqual({
      name: 'qwen3:8b',
      stream: true,
    })
    await server.allClosed()
  })

  it.each([
    ['pull model manifest: file does not exist', 'unknown-name', 'ollama.com/library'],
    ['max retries exceeded: write /models/blobs/sha256-aa: no space left on device', 'disk-full', 'not enough space'],
    [
      'pull model manifest: Get "https://registry.invalid/v2/": dial tcp: lookup registry.invalid: no such host',
      'no-network',
      'Check the network',
    ],
    ['pull model manifest: 412: this model requires a newer version of Ollama', 'needs-newer', 'newest version'],
    ['something odd', undefined, 'something odd'],
  ])('fails: %s', async (message, reason, sentence) => {
    const { done, pull } = await begin()
    pull.send({ status: 'pulling manifest' }, { error: message })
    await expect(done).rejects.toMatchObject({
      code: 'model-download-failed',
      message: expect.stringContaining(sentence),
      details: { model: 'qwen3:8b', ...(reason === undefined ? {} : { reason }) },
    })
    await pull.closed
    await server.allClosed()
  })

  it.each([
    ['a line that is no object', ['x']],
    ['a line that is about something else', { status: { a: 1 } }],
  ])('fails at %s', async (_name, line) => {
    const { done, pull } = await begin()
    pull.send(line)
    await expect(done).rejects.toMatchObject({ code: 'model-download-failed' })
    await server.allClosed()
  })

  it('fails when it ends without success', async () => {
    const { done, pull } = await begin()
    pull.send({ status: 'pulling manifest' })
    pull.end()
    await expect(done).rejects.toMatchObject({ code: 'model-download-failed' })
    await server.allClosed()
  })

  it('closes its connection at once when it is cancelled', async () => {
    const stop = new AbortController()
    const { done, pull } = await begin('qwen3:8b', stop.signal)
    pull.send({ status: 'pulling aaa', digest: 'sha256:aaa', total: 1000, completed: 4 })
    const reason = new Error('cancelled')
    stop.abort(reason)
    await expect(done).rejects.toBe(reason)
    await pull.closed
    await server.allClosed()
  })
})

describe('a name', () => {
  it.each([
    '',
    '  ',
    'a b',
    '-x',
    '../x',
    'x/../y',
    'http://example.com/x',
    'x\u0000',
    'x:',
    ':8b',
    'a/b/c/d/e',
    'x'.repeat(300),
  ])('%j is refused', (name) => {
    expect(() => careOf(server.url).pull(name, { signal: anySignal() })).toThrow(
      expect.objectContaining({ code: 'invalid-request', details: { reason: 'model-name' } }),
    )
  })

  it.each(['glm-4.6:cloud', 'gpt-oss:120b-cloud'])('the cloud model %s is refused', (name) => {
    expect(() => careOf(server.url).pull(name, { signal: anySignal() })).toThrow(
      expect.objectContaining({ code: 'model-not-local' }),
    )
  })

  it.each([
    ['qwen3', 'qwen3'],
    [' ollama pull qwen3:8b ', 'qwen3:8b'],
    ['someone/model-1.5:q4_K_M', 'someone/model-1.5:q4_K_M'],
    ['hf.co/bartowski/Llama-3.2-1B-GGUF:Q4_K_M', 'hf.co/bartowski/Llama-3.2-1B-GGUF:Q4_K_M'],
  ])('%j is taken', async (typed, name) => {
    const { done, pull } = await begin(typed)
    pull.send({ status: 'success' })
    await done
    expect(JSON.parse(server.requests.find(({ path }) => path === '/api/pull')?.body ?? '{}')).toMatchObject({ name })
  })
})

it('other servers download nothing: says where to load a model', async () => {
  await using other = await startRecordingModelServer({ product: 'lm-studio' })
  const pulling = Array.fromAsync(careOf(other.url).pull('qwen3:8b', { signal: anySignal() }))
  await expect(pulling).rejects.toMatchObject({
    code: 'invalid-request',
    message: expect.stringContaining('Load the model in LM Studio'),
  })
})

const { CARREL_TEST_OLLAMA: realUrl = '' } = process.env
describe.skipIf(realUrl === '')('on a real Ollama (CARREL_TEST_OLLAMA)', { timeout: 180_000 }, () => {
  it('a model that nobody has fails with a sentence, with a network and without', async () => {
    const pulling = Array.fromAsync(careOf(realUrl).pull('carrel-tests/no-such-model:1b', { signal: anySignal() }))
    await expect(pulling).rejects.toMatchObject({
      code: 'model-download-failed',
      details: { reason: expect.stringMatching(/^unknown-name$|^no-network$/) },
    })
  })

  it('a model is loaded by warming up', async () => {
    const model = process.env['CARREL_TEST_OLLAMA_MODEL'] ?? 'smollm2:135m'
    await careOf(realUrl).warmUp({ model, contextTokens: 2048 }, { signal: anySignal() })
    const reply = await fetch(`${realUrl}/api/ps`)
    const { models } = (await reply.json()) as { models: { name: string }[] }
    expect(models.map(({ name }) => name)).toContain(model)
  })
})
