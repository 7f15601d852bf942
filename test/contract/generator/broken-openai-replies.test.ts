import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createOpenAiCompatible, type OpenAiCompatibleOptions } from '../../../src/main/generators/openai-compatible.ts'
import type { GenerateRequest, GeneratorEvent, ModelServer } from '../../../src/main/ports/generator.ts'
import { readOpenAiFixture } from '../../support/openai-fixtures.ts'
import { createRecordingLog } from '../../support/recording-log.ts'
import { type RecordingModelServer, startRecordingModelServer } from '../../support/recording-model-server.ts'
import { createWatchedClock, type WatchedClock } from './watched-clock.ts'

let server: RecordingModelServer
let clock: WatchedClock
const request: GenerateRequest = {
  model: 'recorded:1b',
  messages: [{ role: 'user', content: 'Anything?' }],
  contextTokens: 4096,
  maxAnswerTokens: 77,
}
const anySignal = () => new AbortController().signal

beforeEach(async () => {
  server = await startRecordingModelServer({ product: 'llama-cpp' })
  clock = createWatchedClock()
})
afterEach(async () => {
  expect(clock.waiting).toBe(0)
  await server.close()
})

function create(options: Partial<OpenAiCompatibleOptions> = {}): ModelServer {
  return createOpenAiCompatible({
    address: server.url,
    product: 'llama-cpp',
    clock,
    log: createRecordingLog(),
    ...options,
  })
}

async function ask(signal = anySignal()) {
  const events: GeneratorEvent[] = []
  const done = (async () => {
    for await (const event of create().generate(request, { signal })) events.push(event)
  })()
  // The test looks at it later; until then a rejection must not count as unhandled.
  done.catch(() => {})
  return { events, done, chat: await server.nextRequest() }
}

const joined = (events: readonly GeneratorEvent[], type: 'text' | 'reasoning'): string =>
  events.map((event) => (event.type === type ? event.text : '')).join('')

describe('answers', () => {
  it('sends what the answer needs and nothing else', async () => {
    const { chat, done } = await ask()
    expect(chat.body).toEqual({
      model: 'recorded:1b',
      messages: [{ role: 'user', content: 'Anything?' }],
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 77,
    })
    chat.finish()
    await done
  })

  it.each([
    ['answer-stop', 'The sun rises in the east.', '', { finishReason: 'stop', promptTokens: 31, answerTokens: 8 }],
    ['answer-length', 'Once upon a time there was a li', '', { finishReason: 'length', answerTokens: 8 }],
    ['unicode-crlf', '日出在东方🙂，[1]。', '', { finishReason: 'stop', promptTokens: null, answerTokens: null }],
    ['reasoning-content', 'Good day 🙂 [1].', 'The user greets. 想', { promptTokens: 21, answerTokens: 9 }],
    ['reasoning-field', 'Good day 🙂 [1].', 'The user greets. 想', { promptTokens: 21, answerTokens: 9 }],
    ['reasoning-tags', 'Good day 🙂 [1].', 'The user greets. 想', { promptTokens: 21, answerTokens: 9 }],
    ['multi-line', 'In several lines.', '', { finishReason: 'stop' }],
  ] as const)('%s comes out whole, byte by byte', async (name, text, reasoning, end) => {
    const { chat, done, events } = await ask()
    for (const byte of readOpenAiFixture(name)) chat.sendRaw(Uint8Array.of(byte))
    chat.end()
    await done
    expect(joined(events, 'text')).toBe(text)
    expect(joined(events, 'reasoning')).toBe(reasoning)
    expect(events[0]).toEqual({ type: 'accepted' })
    expect(events.at(-1)).toMatchObject({ type: 'end', ...end })
    await server.allClosed()
  })

  it('needs no [DONE] when there was a reason to finish', async () => {
    const { chat, done, events } = await ask()
    chat.sendText('Yes.')
    chat.sendLine({ choices: [{ delta: {}, finish_reason: 'stop' }] })
    chat.end()
    await done
    expect(events.at(-1)).toEqual({ type: 'end', finishReason: 'stop', promptTokens: null, answerTokens: null })
  })
})

describe('what a server can do wrong after it accepted', () => {
  it.each([
    ['an error event', 'data: {"error":{"code":500,"message":"the slot broke","type":"server_error"}}\n\n'],
    ['an event named error', 'event: error\ndata: {"message":"the slot broke"}\n\n'],
    ['an error in words', 'event: error\ndata: the slot broke\n\n'],
    ['the error field of older servers', 'error: {"code":500,"message":"the slot broke"}\n\n'],
    ['an error as Ollama words it', 'data: {"error":"the slot broke"}\n\n'],
  ])('%s: its own words, and the text before it was delivered', async (_name, bytes) => {
    const { chat, done, events } = await ask()
    chat.sendText('Half of ')
    chat.sendRaw(bytes)
    await expect(done).rejects.toMatchObject({
      code: 'generation-failed',
      message: expect.stringContaining('the slot broke'),
    })
    expect(joined(events, 'text')).toBe('Half of ')
    await chat.closed
    await server.allClosed()
  })

  it.each([
    ['no JSON', 'data: nonsense\n\n'],
    ['no object', 'data: ["x"]\n\n'],
    ['an object of another program', 'data: {"hello":1}\n\n'],
    ['content that is no text', 'data: {"choices":[{"delta":{"content":{"a":1}}}]}\n\n'],
    ['bytes that are no text', Uint8Array.of(0x64, 0xff, 0xfe, 0x0a)],
    ['HTML', '<!doctype html>\n<title>data: It works</title>\n'],
    ['an answer that was not streamed', '{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}]}'],
    ['a line of 10 MB', `data: {"choices":[{"delta":{"content":"${'x'.repeat(10 * 1024 * 1024)}`],
  ])('%s', async (_name, bytes) => {
    const { chat, done } = await ask()
    chat.sendText('Good so far. ')
    chat.sendRaw(bytes)
    chat.end()
    await expect(done).rejects.toMatchObject({
      code: 'generation-failed',
      message: expect.stringContaining('not an answer of llama.cpp'),
    })
    await chat.closed
    await server.allClosed()
  })

  it.each([
    ['in the middle of an event', 'data: {"choices":[{"delta":{"content":"The', 'destroy'],
    ['between events', 'data: {"choices":[{"delta":{"content":"The"}}]}\n\n', 'destroy'],
    ['politely, without a reason to finish', 'data: {"choices":[{"delta":{"content":"The"}}]}\n\n', 'end'],
    ['with [DONE] alone', 'data: [DONE]\n\n', 'end'],
    ['with nothing at all', '', 'end'],
  ] as const)('the connection ends %s', async (_name, bytes, ending) => {
    const { chat, done } = await ask()
    chat.sendHeaders()
    if (bytes !== '') chat.sendRaw(bytes)
    await chat.drained()
    chat[ending]()
    await expect(done).rejects.toMatchObject({ code: 'generation-failed', retryable: true })
    await server.allClosed()
  })
})

describe('what a server can refuse', () => {
  it.each([
    [404, "The model 'recorded:1b' does not exist", 'ollama-model-missing', 'load it in llama.cpp'],
    [500, 'failed to allocate buffer of size 8123456789', 'model-out-of-memory', 'not enough memory for recorded:1b'],
    [
      400,
      'the request exceeds the available context size, try increasing it',
      'context-overflow',
      'Load the model with a larger context there',
    ],
    [400, "This model's maximum context length is 2048 tokens.", 'context-overflow', 'do not fit'],
    [401, 'Invalid API key', 'generation-failed', 'Invalid API key'],
    [500, '', 'generation-failed', 'llama.cpp could not answer'],
  ])('%i %s', async (status, message, code, sentence) => {
    const { chat, done } = await ask()
    chat.fail(status, message)
    await expect(done).rejects.toMatchObject({ code, message: expect.stringContaining(sentence) })
    await server.allClosed()
  })

  it('a model that a service elsewhere owns is refused before the question is sent', async () => {
    server.setModels([{ name: 'recorded:1b', owner: 'openai' }])
    await expect(Array.fromAsync(create().generate(request, { signal: anySignal() }))).rejects.toMatchObject({
      code: 'model-not-local',
      details: { model: 'recorded:1b' },
    })
    expect(server.chats).toHaveLength(0)
    expect(await create().status({ chosenModel: null, signal: anySignal() })).toMatchObject({
      state: 'no-model',
      refusedModels: ['recorded:1b'],
    })
    await server.allClosed()
  })

  it('nobody listens', async () => {
    await server.close()
    await expect(Array.fromAsync(create().generate(request, { signal: anySignal() }))).rejects.toMatchObject({
      code: 'ollama-unreachable',
      message: expect.stringContaining('llama.cpp does not answer'),
    })
  })
})

describe('while llama.cpp loads its model', () => {
  const loading = { status: 503, body: '{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}' }

  it('the status says so', async () => {
    server.reply('/props', loading)
    expect(await create().status({ chosenModel: null, signal: anySignal() })).toMatchObject({
      state: 'loading',
      chosenModel: 'recorded:1b',
      models: [{ isLoaded: false }],
      problem: { details: { reason: 'loading' } },
    })
    server.reply('/v1/models', loading)
    expect(await create().status({ chosenModel: null, signal: anySignal() })).toMatchObject({ state: 'loading' })
    await server.allClosed()
  })

  it('a question waits, and is asked when it is there', async () => {
    server.reply('/v1/chat/completions', loading)
    const events: GeneratorEvent[] = []
    const done = (async () => {
      for await (const event of create().generate(request, { signal: anySignal() })) events.push(event)
    })()
    await clock.waitForTimer(1_000)
    server.reply('/v1/chat/completions', null)
    clock.advance(1_000)
    const chat = await server.nextRequest()
    chat.sendText('Here.')
    chat.finish()
    await done
    expect(joined(events, 'text')).toBe('Here.')
  })

  it('Stop ends the waiting', async () => {
    server.reply('/v1/models', loading)
    const stop = new AbortController()
    const done = Array.fromAsync(create().generate(request, { signal: stop.signal }))
    done.catch(() => {})
    await clock.waitForTimer(1_000)
    const reason = new Error('stopped')
    stop.abort(reason)
    await expect(done).rejects.toBe(reason)
    await server.allClosed()
  })
})

describe('silence and stopping', () => {
  it('before the first event half an hour, between two of them two minutes', async () => {
    const { chat, done } = await ask()
    // Such servers send their headers at once.
    chat.sendHeaders()
    await clock.waitForTimer(30 * 60_000)
    chat.sendText('One ')
    await clock.waitForTimer(120_000)
    clock.advance(120_000)
    await expect(done).rejects.toMatchObject({ code: 'generation-stalled', details: { seconds: 120 } })
    await chat.closed
    await server.allClosed()
  })

  it.each(['before the headers', 'after the headers', 'in mid-event'])('closes the connection %s', async (moment) => {
    const stop = new AbortController()
    const { chat, done } = await ask(stop.signal)
    if (moment !== 'before the headers') chat.sendHeaders()
    if (moment === 'in mid-event') chat.sendRaw('data: {"choi')
    await chat.drained()
    const reason = new Error('stopped')
    stop.abort(reason)
    await expect(done).rejects.toBe(reason)
    expect((await chat.closed).isComplete).toBe(false)
    await server.allClosed()
  })

  it('leaving does not wait behind a pending read', async () => {
    const iterator = create().generate(request, { signal: anySignal() })[Symbol.asyncIterator]()
    const pending = iterator.next()
    const chat = await server.nextRequest()
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined })
    expect(await pending).toEqual({ done: true, value: undefined })
    await chat.closed
    await server.allClosed()
  })
})

it('reads from the socket only what its consumer asks for', async () => {
  const iterator = create().generate(request, { signal: anySignal() })[Symbol.asyncIterator]()
  const first = iterator.next()
  const chat = await server.nextRequest()
  const event = `data: ${JSON.stringify({ choices: [{ delta: { content: 'x'.repeat(64 * 1024) } }] })}\n\n`
  // 64 MB are far more than the buffers of a loopback connection hold.
  for (let count = 0; count < 1000; count += 1) chat.sendRaw(event)
  await first
  for (let count = 0; count < 100; count += 1) expect((await iterator.next()).value).toMatchObject({ type: 'text' })
  expect(chat.socket.writableLength).toBeGreaterThan(32 * 1024 * 1024)
  await iterator.return?.()
  await chat.closed
})
