import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describeOpenAi, type OpenAiProduct } from './openai-descriptions.ts'
import { ollamaDialect, openAiDialect } from './chat-dialects.ts'
import { recordChat, type ChatBody, type RecordedChat } from './recorded-chat.ts'

/** A model that the recording server pretends to have. */
export interface ScriptedModel {
  readonly name: string
  readonly sizeBytes?: number
  readonly family?: string
  readonly parameterSize?: string
  readonly contextTokens?: number
  readonly capabilities?: readonly string[]
  readonly isLoaded?: boolean
  /** A cloud model, as newer Ollama servers list them. */
  readonly remoteHost?: string
  readonly remoteModel?: string
  /** `owned_by` of the protocol of OpenAI. */
  readonly owner?: string
}

/**
 * How a chat request is answered. `manual`: the test does it through `nextRequest()`. A script sends `reasoning`, then
 * `tokens`: by itself with `gapMs` between them, or one by one through `release()` when `gapMs` is null.
 */
export type AnswerScript =
  | 'manual'
  | { readonly tokens: readonly string[]; readonly reasoning?: readonly string[]; readonly gapMs: number | null }

export interface RecordingModelServerOptions {
  /** Default 127.0.0.1; `::1` for the other loopback. */
  readonly host?: string
  /** Default 0: a free port. */
  readonly port?: number
  readonly version?: string
  /** Default `ollama`. The others speak the protocol of OpenAI, and what their kind adds to it. */
  readonly product?: 'ollama' | OpenAiProduct
  /** Default: one model, `recorded:1b`. */
  readonly models?: readonly ScriptedModel[]
  /** Default `manual`. A function decides for each request; requests count from 0. */
  readonly answer?: AnswerScript | ((body: ChatBody, requestNumber: number) => AnswerScript)
}

/** A reply that a test plants in place of the server's own, for one path. */
export interface PlantedReply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

/** One POST /api/pull: status 200 and no line until the test sends some. */
export interface RecordedPull {
  send(...lines: readonly object[]): void
  end(): void
  readonly isOpen: boolean
  readonly closed: Promise<void>
}

/** One TCP connection, times by Date.now(). */
export interface RecordedConnection {
  readonly openedAtMs: number
  readonly closedAtMs: number | null
}

export interface RecordedRequest {
  readonly method: string
  readonly path: string
  readonly body: string
}

export interface RecordingModelServer {
  /** `http://127.0.0.1:PORT`; fits `OLLAMA_HOST`. */
  readonly url: string
  readonly port: number
  readonly product: 'ollama' | OpenAiProduct
  /** Every request, in order of arrival, with its whole body. */
  readonly requests: readonly RecordedRequest[]
  /** Every chat request, in order of arrival. */
  readonly chats: readonly RecordedChat[]
  readonly connections: readonly RecordedConnection[]
  readonly openConnections: number
  /** The next chat request that no earlier call took; waits for it. Rejects when the server is closed first. */
  nextRequest(): Promise<RecordedChat>
  /** The next POST /api/pull that no earlier call took; waits for it. */
  nextPull(): Promise<RecordedPull>
  /** Resolves as soon as no connection is open. */
  allClosed(): Promise<void>
  /** Plants a reply for a path (`/api/tags`), until null takes it away. `silent`: the request is never answered. */
  reply(path: string, reply: PlantedReply | 'silent' | null): void
  /** From the next chat request on. */
  setAnswer(answer: NonNullable<RecordingModelServerOptions['answer']>): void
  setModels(models: readonly ScriptedModel[]): void
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** A short answer with citation marks, for tests that only need some answer. */
export const citedAnswerTokens: readonly string[] = [
  'The ',
  'documents ',
  'say ',
  'so ',
  '[',
  '1',
  ']',
  '. ',
  'They ',
  'also ',
  'agree ',
  '[2]',
  '.',
]

/**
 * A real HTTP server on loopback that speaks the part of Ollama's API that Carrel uses and records what it sees: requests,
 * and every opening and closing of a connection. It is how tests prove that stopping closes the model's connection.
 * Plain Node, so that Playwright tests can use it as well.
 */
export async function startRecordingModelServer(
  options: RecordingModelServerOptions = {},
): Promise<RecordingModelServer> {
  const host = options.host ?? '127.0.0.1'
  const product = options.product ?? 'ollama'
  let answer = options.answer ?? 'manual'
  let models: readonly ScriptedModel[] = options.models ?? [{ name: 'recorded:1b', isLoaded: true }]
  const requests: RecordedRequest[] = []
  const chats: RecordedChat[] = []
  const pulls: RecordedPull[] = []
  const waitingForPull: ((pull: RecordedPull) => void)[] = []
  let pullsTaken = 0
  const connections: { openedAtMs: number; closedAtMs: number | null }[] = []
  const planted = new Map<string, PlantedReply | 'silent'>()
  const waiting: { resolve: (chat: RecordedChat) => void; reject: (error: Error) => void }[] = []
  const waitingForClosed: (() => void)[] = []
  let taken = 0
  const openConnections = () => connections.filter((connection) => connection.closedAtMs === null).length

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request)
    const path = new URL(request.url ?? '/', 'http://recording').pathname
    requests.push({ method: request.method ?? '', path, body })
    const plantedReply = planted.get(path)
    if (plantedReply === 'silent') return
    if (plantedReply !== undefined) {
      response.writeHead(plantedReply.status ?? 200, { 'content-type': 'application/json', ...plantedReply.headers })
      response.end(plantedReply.body)
      return
    }
    if (path === (product === 'ollama' ? '/api/chat' : '/v1/chat/completions')) {
      return serveChat(request, response, JSON.parse(body) as ChatBody)
    }
    if (path === '/api/pull' && product === 'ollama') return servePull(response)
    const [status, reply] =
      product === 'ollama'
        ? describe(path, body, models, options.version ?? '0.11.4')
        : describeOpenAi(path, product, models)
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
    response.end(JSON.stringify(reply))
  }

  /** Held open: the test writes the lines. */
  const servePull = (response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' })
    response.flushHeaders()
    let isOpen = true
    const closed = new Promise<void>((resolve) => {
      response.once('close', () => {
        isOpen = false
        resolve()
      })
    })
    const pull: RecordedPull = {
      closed,
      get isOpen() {
        return isOpen
      },
      send: (...lines) => void response.write(lines.map((line) => `${JSON.stringify(line)}\n`).join('')),
      end: () => void response.end(),
    }
    pulls.push(pull)
    waitingForPull.shift()?.(pull)
  }

  const serveChat = (request: IncomingMessage, response: ServerResponse, body: ChatBody): void => {
    const script = typeof answer === 'function' ? answer(body, chats.length) : answer
    const dialect = product === 'ollama' ? ollamaDialect : openAiDialect
    const chat = recordChat(request, response, body, script === 'manual' ? [] : script.tokens, dialect)
    chats.push(chat)
    if (!models.some((model) => model.name === body.model)) {
      chat.fail(404, `model "${body.model}" not found, try pulling it first`)
    } else if (script !== 'manual') {
      for (const text of script.reasoning ?? []) chat.sendReasoning(text)
      if (script.gapMs !== null) sendByItself(chat, script.tokens.length, script.gapMs)
    }
    const next = waiting.shift()
    if (next !== undefined) {
      taken += 1
      next.resolve(chat)
    }
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      // A client that leaves in mid-request is recorded by its connection; anything else must not pass unseen.
      if (!request.destroyed) console.error('recording model server:', error)
      response.destroy()
    })
  })
  server.on('connection', (socket) => {
    const connection = { openedAtMs: Date.now(), closedAtMs: null as number | null }
    connections.push(connection)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => {
      connection.closedAtMs = Date.now()
      if (openConnections() === 0) for (const resolve of waitingForClosed.splice(0)) resolve()
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, host, resolve)
  })
  const { port } = server.address() as AddressInfo

  const close = async (): Promise<void> => {
    for (const waiter of waiting.splice(0)) waiter.reject(new Error('The recording model server was closed.'))
    server.closeAllConnections()
    if (server.listening) await new Promise<void>((resolve) => server.close(() => resolve()))
  }
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    product,
    requests,
    chats,
    connections,
    get openConnections() {
      return openConnections()
    },
    nextRequest() {
      const chat = chats[taken]
      if (chat !== undefined) {
        taken += 1
        return Promise.resolve(chat)
      }
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }))
    },
    nextPull() {
      const pull = pulls[pullsTaken]
      pullsTaken += 1
      return pull === undefined ? new Promise((resolve) => waitingForPull.push(resolve)) : Promise.resolve(pull)
    },
    allClosed: () =>
      openConnections() === 0 ? Promise.resolve() : new Promise((resolve) => waitingForClosed.push(resolve)),
    reply(path, reply) {
      if (reply === null) planted.delete(path)
      else planted.set(path, reply)
    },
    setAnswer(next) {
      answer = next
    },
    setModels(next) {
      models = next
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}

function sendByItself(chat: RecordedChat, count: number, gapMs: number): void {
  let sent = 0
  const timer = setInterval(() => {
    if (!chat.isOpen || sent >= count) return clearInterval(timer)
    sent += 1
    chat.release()
  }, gapMs)
}

/** Everything but the chat: status and JSON body. */
function describe(
  path: string,
  body: string,
  models: readonly ScriptedModel[],
  version: string,
): readonly [number, unknown] {
  if (path === '/api/version') return [200, { version }]
  if (path === '/api/tags') return [200, { models: models.map(listed) }]
  if (path === '/api/ps') return [200, { models: models.filter((model) => model.isLoaded === true).map(listed) }]
  // Without a prompt: the model is loaded.
  if (path === '/api/generate') return [200, { done: true, done_reason: 'load' }]
  if (path !== '/api/show') return [404, { error: 'not found' }]
  const asked = JSON.parse(body) as { model?: string; name?: string }
  const name = asked.model ?? asked.name
  const model = models.find((candidate) => candidate.name === name)
  if (model === undefined) return [404, { error: `model '${name ?? ''}' not found` }]
  const family = model.family ?? 'llama'
  return [
    200,
    {
      details: listed(model).details,
      model_info: {
        'general.architecture': family,
        ...(model.contextTokens === undefined ? {} : { [`${family}.context_length`]: model.contextTokens }),
      },
      capabilities: model.capabilities ?? ['completion'],
    },
  ]
}

function listed(model: ScriptedModel) {
  const family = model.family ?? 'llama'
  return {
    name: model.name,
    model: model.name,
    modified_at: '2026-01-01T00:00:00Z',
    size: model.sizeBytes ?? 1_000_000_000,
    digest: createHash('sha256').update(JSON.stringify(model)).digest('hex'),
    details: {
      format: 'gguf',
      family,
      families: [family],
      parameter_size: model.parameterSize ?? '1B',
      quantization_level: 'Q4_0',
    },
    ...(model.remoteHost === undefined ? {} : { remote_host: model.remoteHost }),
    ...(model.remoteModel === undefined ? {} : { remote_model: model.remoteModel }),
  }
}
