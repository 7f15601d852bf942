import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createOllama, type OllamaOptions } from '../../../src/main/generators/ollama.ts'
import { checkLines } from '../../../src/main/generators/reply-checks.ts'
import type { GenerateRequest, GeneratorEvent, ModelServer } from '../../../src/main/ports/generator.ts'
import { createWatchedClock, type WatchedClock } from './watched-clock.ts'
import { fixtureText, readOllamaFixture } from '../../support/ollama-fixtures.ts'
import type { RecordedChat } from '../../support/recorded-chat.ts'
import { startRecordingModelServer, type RecordingModelServer } from '../../support/recording-model-server.ts'
import { createRecordingLog } from '../../support/recording-log.ts'

let server: RecordingModelServer
let clock: WatchedClock
const request: GenerateRequest = {
  model: 'recorded:1b',
  messages: [{ role: 'user', content: 'Anything?' }],
  contextTokens: 4096,
  maxAnswerTokens: 77,
}

beforeEach(async () => {
  server = await startRecordingModelServer()
  clock = createWatchedClock()
})
afterEach(async () => {
  expect(clock.waiting).toBe(0)
  await server.close()
})

function ollama(options: Partial<OllamaOptions> = {}): ModelServer {
  return createOllama({ ollamaHost: `127.0.0.1:${server.port}`, clock, log: createRecordingLog(), ...options })
}

/** Starts an answer and hands over both ends: its events so far (`done` settles at the end) and the server's side. */
async function ask(options: { readonly signal?: AbortSignal; readonly ollama?: Partial<OllamaOptions> } = {}) {
  const events: GeneratorEvent[] = []
  const { signal = new AbortController().signal } = options
  const done = (async () => {
    for await (const event of ollama(options.ollama).generate(request, { signal })) events.push(event)
  })()
  // The test looks at it later; until then a rejection must not count as unhandled.
  done.catch(() => {})
  return { events, done, chat: await server.nextRequest() }
}

function joined(events: readonly GeneratorEvent[], type: 'text' | 'reasoning'): string {
  return events.map((event) => (event.type === type ? event.text : '')).join('')
}

/** The connection is gone without the server's doing: what every failure must leave behind. */
async function expectClosed(chat: RecordedChat): Promise<void> {
  await chat.closed
  await server.allClosed()
}

describe('recorded answers', () => {
  it('sends what the answer needs and nothing else', async () => {
    const { chat, done } = await ask()
    expect(chat.body).toEqual({
      model: 'recorded:1b',
      messages: [{ role: 'user', content: 'Anything?' }],
      stream: true,
      keep_alive: '10m',
      options: { num_ctx: 4096, num_predict: 77 },
    })
    expect(chat.headers['user-agent'] ?? '').not.toMatch(/linux|darwin|win/i)
    chat.finish()
    await done
  })

  it.each(['answer-stop', 'answer-length', 'answer-unicode'] as const)(
    '%s comes out unchanged, byte by byte',
    async (name) => {
      const body = readOllamaFixture(name)
      const { chat, done, events } = await ask()
      for (const byte of body) chat.sendRaw(Uint8Array.of(byte))
      chat.end()
      await done
      expect(joined(events, 'text')).toBe(fixtureText(body))
      expect(events[0]).toEqual({ type: 'accepted' })
      expect(events.at(-1)).toMatchObject({ type: 'end', finishReason: name === 'answer-stop' ? 'stop' : 'length' })
    },
  )

  it.each(['reasoning-field', 'reasoning-tags'] as const)(
    '%s keeps reasoning apart, at every byte split',
    { timeout: 120_000 },
    async (name) => {
      const body = readOllamaFixture(name)
      for (let split = 1; split < body.length; split += 1) {
        const { chat, done, events } = await ask()
        chat.sendRaw(body.subarray(0, split))
        chat.sendRaw(body.subarray(split))
        chat.end()
        await done
        expect(joined(events, 'reasoning')).toBe('The user greets. 想')
        expect(joined(events, 'text')).toBe('Good day 🙂 [1].')
        expect(events.at(-1)).toEqual({ type: 'end', finishReason: 'stop', promptTokens: 21, answerTokens: 9 })
      }
    },
  )

  it.each(['answer-stop', 'answer-length', 'answer-unicode'] as const)(
    'the lines of %s survive every byte split',
    { timeout: 120_000 },
    async (name) => {
      const body = readOllamaFixture(name)
      for (let split = 1; split < body.length; split += 1) {
        const parts = (async function* () {
          yield body.subarray(0, split)
          yield body.subarray(split)
        })()
        const lines = await Array.fromAsync(checkLines(parts, { maxLineBytes: 1024 }))
        expect(Buffer.compare(Buffer.concat(lines), body)).toBe(0)
      }
    },
  )

  it('takes a last line without a line end', async () => {
    const { chat, done, events } = await ask()
    chat.sendRaw(readOllamaFixture('answer-length').toString('utf8').trimEnd())
    chat.end()
    await done
    expect(events.at(-1)).toMatchObject({ type: 'end', finishReason: 'length' })
  })
})

describe('what a server can do wrong after it accepted', () => {
  it('an error line: its own words, and the text before it was delivered', async () => {
    const { chat, done, events } = await ask()
    chat.sendText('Half of ')
    chat.sendErrorLine('llama runner process has terminated: signal: killed')
    await expect(done).rejects.toMatchObject({
      code: 'model-out-of-memory',
      message: expect.stringContaining('llama runner process has terminated'),
      details: { reason: 'killed', model: 'recorded:1b' },
    })
    expect(joined(events, 'text')).toBe('Half of ')
    await expectClosed(chat)
  })

  it.each([
    ['no JSON', 'nonsense\n'],
    ['half a line, then another', '{"message":{"content":"x"\n{"done":false}\n'],
    ['not an object', '["x"]\n'],
    ['null', 'null\n'],
    ['an object of another program', '{"id":1,"choices":[]}\n'],
    ['content that is no text', '{"message":{"content":{"a":1}},"done":false}\n'],
    ['bytes that are no text', Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d, 0x0a)],
  ])('a bad line (%s)', async (_name, bytes) => {
    const print = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { chat, done } = await ask()
    chat.sendText('Good so far. ')
    chat.sendRaw(bytes)
    await expect(done).rejects.toMatchObject({
      code: 'generation-failed',
      message: expect.stringContaining('not an answer of Ollama'),
    })
    await expectClosed(chat)
    expect(print).not.toHaveBeenCalled()
    print.mockRestore()
  })

  it('HTML in place of an answer', async () => {
    const { chat, done } = await ask()
    chat.sendHeaders({ contentType: 'text/html' })
    chat.sendRaw('<!doctype html>\n<title>It works</title>\n')
    await expect(done).rejects.toMatchObject({
      code: 'generation-failed',
      message: expect.stringContaining('not an answer of Ollama'),
    })
    await expectClosed(chat)
  })

  it('a line of 10 MB: given up at the limit, not read to its end', async () => {
    const { chat, done } = await ask()
    chat.sendRaw(`{"message":{"content":"${'x'.repeat(10 * 1024 * 1024)}`)
    await expect(done).rejects.toMatchObject({ code: 'generation-failed' })
    await expectClosed(chat)
    expect((await chat.closed).isComplete).toBe(false)
  })

  it.each([
    ['in the middle of a line', '{"message":{"content":"The li', 'destroy'],
    ['between lines', '{"message":{"content":"The line"},"done":false}\n', 'destroy'],
    ['politely, without the last line', '{"message":{"content":"The line"},"done":false}\n', 'end'],
    ['at once', '', 'destroy'],
    ['with nothing at all', '', 'end'],
  ] as const)('the connection ends %s', async (_name, bytes, ending) => {
    const { chat, done } = await ask()
    chat.sendHeaders()
    if (bytes !== '') chat.sendRaw(bytes)
    await chat.drained()
    chat[ending]()
    await expect(done).rejects.toMatchObject({ code: 'generation-failed', retryable: true })
    await expectClosed(chat)
  })

  it('a line that says another computer wrote it', async () => {
    const { chat, done } = await ask()
    chat.sendLine({
      message: { content: 'Hello' },
      done: false,
      remote_host: 'https://ollama.com',
      remote_model: 'big',
    })
    await expect(done).rejects.toMatchObject({ code: 'model-not-local' })
    await expectClosed(chat)
  })
})

describe('what a server can refuse', () => {
  it.each([
    [404, 'model "recorded:1b" not found, try pulling it first', 'ollama-model-missing', 'ollama pull recorded:1b'],
    [
      500,
      'model requires more system memory (5.6 GiB) than is available (3.1 GiB)',
      'model-out-of-memory',
      'not enough memory for recorded:1b (Ollama says: model requires more system memory (5.6 GiB)',
    ],
    [
      500,
      'llama runner process has terminated: cudaMalloc failed: out of memory',
      'model-out-of-memory',
      'not enough memory for recorded:1b',
    ],
    [500, 'unable to allocate CPU buffer', 'model-out-of-memory', 'Close other programs'],
    [500, 'llama runner process has terminated: exit status 2', 'generation-failed', 'exit status 2'],
    [503, 'server busy, please try again. maximum pending requests exceeded', 'generation-failed', 'server busy'],
    [400, '"recorded:1b" does not support chat', 'generation-failed', 'does not support chat'],
    [500, '', 'generation-failed', 'status 500'],
  ])('%i %s', async (status, message, code, sentence) => {
    const { chat, done } = await ask()
    chat.fail(status, message)
    await expect(done).rejects.toMatchObject({ code, message: expect.stringContaining(sentence) })
    await expectClosed(chat)
  })

  it('an error page: one line, shortened, nothing printed', async () => {
    const print = vi.spyOn(console, 'log').mockImplementation(() => {})
    server.reply('/api/chat', {
      status: 502,
      headers: { 'content-type': 'text/html' },
      body: `<html>\n\u001b[31m${'x'.repeat(200_000)}`,
    })
    const error: unknown = await Array.fromAsync(
      ollama().generate(request, { signal: new AbortController().signal }),
    ).catch((e: unknown) => e)
    expect(error).toMatchObject({ code: 'generation-failed' })
    const { message } = error as Error
    expect(message.length).toBeLessThan(500)
    expect(message).not.toMatch(/\p{Cc}/u)
    await server.allClosed()
    expect(print).not.toHaveBeenCalled()
    print.mockRestore()
  })

  it('a redirect is not followed, wherever it points', async () => {
    await using other = await startRecordingModelServer()
    server.reply('/api/chat', { status: 307, headers: { location: `${other.url}/api/chat` }, body: '' })
    await expect(
      Array.fromAsync(ollama().generate(request, { signal: new AbortController().signal })),
    ).rejects.toMatchObject({
      code: 'model-not-local',
    })
    expect(other.connections).toHaveLength(0)
    await server.allClosed()
  })

  it('nobody listens', async () => {
    await server.close()
    await expect(
      Array.fromAsync(ollama().generate(request, { signal: new AbortController().signal })),
    ).rejects.toMatchObject({
      code: 'ollama-unreachable',
    })
  })
})

describe('silence', () => {
  const firstLineTimeoutMs = 30 * 60_000
  const lineTimeoutMs = 120_000

  it('before the first line: waits for half an hour, then fails', async () => {
    const { chat, done } = await ask()
    await clock.waitForTimer(firstLineTimeoutMs)
    clock.advance(firstLineTimeoutMs - 1)
    expect(chat.isOpen).toBe(true)
    clock.advance(1)
    await expect(done).rejects.toMatchObject({ code: 'generation-stalled', details: { seconds: 1800 } })
    await expectClosed(chat)
  })

  it('a first byte after 29 minutes is in time', async () => {
    const { chat, done, events } = await ask()
    await clock.waitForTimer(firstLineTimeoutMs)
    clock.advance(29 * 60_000)
    chat.sendText('Late.')
    chat.finish()
    await done
    expect(joined(events, 'text')).toBe('Late.')
  })

  it('between two lines: two minutes, counted anew for each', async () => {
    const { chat, done, events } = await ask()
    for (const text of ['One ', 'two ', 'three']) {
      chat.sendText(text)
      await clock.waitForTimer(lineTimeoutMs)
      await vi.waitUntil(
        () => events.at(-1)?.type === 'text' && joined(events, 'text').endsWith(text) && clock.waiting === 1,
      )
      clock.advance(lineTimeoutMs - 1)
    }
    expect(chat.isOpen).toBe(true)
    clock.advance(1)
    await expect(done).rejects.toMatchObject({
      code: 'generation-stalled',
      message: expect.stringContaining('120 seconds'),
    })
    expect(joined(events, 'text')).toBe('One two three')
    await expectClosed(chat)
  })

  it('a line that never ends is silence too', async () => {
    const { chat, done } = await ask()
    chat.sendText('One ')
    await clock.waitForTimer(lineTimeoutMs)
    chat.sendRaw('{"message":{"content":"')
    await chat.drained()
    clock.advance(lineTimeoutMs)
    await expect(done).rejects.toMatchObject({ code: 'generation-stalled' })
    await expectClosed(chat)
  })

  it('does not count the time in which the consumer does not ask', async () => {
    const iterator = ollama().generate(request, { signal: new AbortController().signal })[Symbol.asyncIterator]()
    const first = iterator.next()
    const chat = await server.nextRequest()
    chat.sendText('One ')
    chat.sendText('two')
    await first
    expect(await iterator.next()).toMatchObject({ value: { text: 'One ' } })
    expect(clock.waiting).toBe(0)
    clock.advance(24 * 60 * 60_000)
    expect(await iterator.next()).toMatchObject({ value: { text: 'two' } })
    await iterator.return?.()
    await expectClosed(chat)
  })

  it('a server that does not even list its models', async () => {
    server.reply('/api/tags', 'silent')
    const done = Array.fromAsync(ollama().generate(request, { signal: new AbortController().signal }))
    done.catch(() => {})
    await clock.waitForTimer(30_000)
    clock.advance(30_000)
    await expect(done).rejects.toMatchObject({ code: 'generation-stalled' })
    await server.allClosed()
  })
})

describe('stopping', () => {
  it.each(['before the headers', 'after the headers', 'in mid-line', 'between lines'])(
    'closes the connection %s',
    async (moment) => {
      const stop = new AbortController()
      const { chat, done } = await ask({ signal: stop.signal })
      if (moment !== 'before the headers') chat.sendHeaders()
      if (moment === 'in mid-line') chat.sendRaw('{"message":{"con')
      if (moment === 'between lines') chat.sendText('One ')
      await chat.drained()
      expect(server.openConnections).toBeGreaterThan(0)
      const reason = new Error('stopped')
      stop.abort(reason)
      await expect(done).rejects.toBe(reason)
      await expectClosed(chat)
      expect((await chat.closed).isComplete).toBe(false)
    },
  )

  it('closes the connection at once even while the consumer asks for nothing', async () => {
    const stop = new AbortController()
    const iterator = ollama().generate(request, { signal: stop.signal })[Symbol.asyncIterator]()
    const first = iterator.next()
    const chat = await server.nextRequest()
    chat.sendText('One ')
    await first
    stop.abort(new Error('stopped'))
    await expectClosed(chat)
    await expect(iterator.next()).rejects.toThrow('stopped')
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
  })

  it('leaving does not wait behind a pending read', async () => {
    const iterator = ollama().generate(request, { signal: new AbortController().signal })[Symbol.asyncIterator]()
    const pending = iterator.next()
    const chat = await server.nextRequest()
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined })
    expect(await pending).toEqual({ done: true, value: undefined })
    await expectClosed(chat)
  })

  it('leaves nothing on a signal that lives on', async () => {
    const { signal } = new AbortController()
    const added = vi.spyOn(signal, 'addEventListener')
    const removed = vi.spyOn(signal, 'removeEventListener')
    const { chat, done } = await ask({ signal })
    chat.finish()
    await done
    const own = added.mock.calls.map(([, listener]) => listener)
    expect(own.length).toBeGreaterThan(0)
    expect(removed.mock.calls.map(([, listener]) => listener)).toEqual(expect.arrayContaining([own[0]]))
    await server.allClosed()
  })
})

it('reads from the socket only what its consumer asks for', async () => {
  const iterator = ollama().generate(request, { signal: new AbortController().signal })[Symbol.asyncIterator]()
  const first = iterator.next()
  const chat = await server.nextRequest()
  const line = `${JSON.stringify({ message: { content: 'x'.repeat(64 * 1024) }, done: false })}\n`
  // 64 MB are far more than the buffers of a loopback connection hold.
  for (let count = 0; count < 1000; count += 1) chat.sendRaw(line)
  await first
  // Reading 6 MB, with other requests in between, gives an eager reader all the turns it needs to take the rest as well.
  for (let count = 0; count < 100; count += 1) {
    expect(await iterator.next()).toMatchObject({ value: { type: 'text' } })
    if (count % 10 === 0) await ollama().status({ chosenModel: null, signal: new AbortController().signal })
  }
  expect(chat.socket.writableLength).toBeGreaterThan(32 * 1024 * 1024)
  expect(chat.isOpen).toBe(true)
  await iterator.return?.()
  await expectClosed(chat)
})

describe('cloud models', () => {
  it('behind an innocent name are refused before the question is sent', async () => {
    server.setModels([{ name: 'innocent:latest', remoteHost: 'https://ollama.com:443', remoteModel: 'big' }])
    const reading = Array.fromAsync(
      ollama().generate({ ...request, model: 'innocent' }, { signal: new AbortController().signal }),
    )
    await expect(reading).rejects.toMatchObject({ code: 'model-not-local', details: { model: 'innocent' } })
    expect(server.chats).toHaveLength(0)
    await server.allClosed()
  })

  it('a refused OLLAMA_HOST is named, and nothing is opened', async () => {
    const remote = ollama({ ollamaHost: 'http://models.example.com:11434' })
    const reading = Array.fromAsync(remote.generate(request, { signal: new AbortController().signal }))
    await expect(reading).rejects.toMatchObject({
      code: 'model-not-local',
      message: expect.stringContaining('models.example.com:11434'),
    })
    expect(server.connections).toHaveLength(0)
  })
})
