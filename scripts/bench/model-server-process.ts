import { createServer, type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { FromServer, ServerScript, ToServer } from './model-server-messages.ts'

/** A model server of its own process, so that its work is never taken for Carrel's: Ollama's API on loopback, at a fixed pace. */
const tickMs = 4
const model = 'bench:1b'
let script: ServerScript = {
  firstTokenDelayMs: 0,
  tokensPerSecond: 0,
  tokenCount: 1,
  tellAfterTokens: null,
  relayTo: null,
}
let requests = 0
const acceptedAt = new WeakMap<Socket, number>()
const send = (message: FromServer): void => void process.send?.(message)

const server = createServer((request, response) => {
  serve(request, response).catch((error: unknown) => {
    console.error('bench model server:', error)
    response.destroy()
  })
})
server.on('connection', (socket) => acceptedAt.set(socket, Date.now()))
server.listen(0, '127.0.0.1', () => send({ type: 'listening', port: (server.address() as AddressInfo).port }))
process.on('message', (message: ToServer) => {
  script = message.script
  send({ type: 'script-set' })
})
process.on('disconnect', () => process.exit(0))

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  const body = Buffer.concat(parts).toString('utf8')
  const path = request.url ?? '/'
  const what = path === '/api/chat' ? 'chat' : path === '/api/pull' ? 'pull' : null
  if (what === null && script.relayTo === null) {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(describe(path)))
    return
  }
  if (what === null) return relay(request, body, response, () => undefined)
  const number = requests++
  const { tellAfterTokens } = script
  let firstTokenAt: number | null = null
  let lastTokenAt: number | null = null
  let tokens = 0
  const onToken = (): void => {
    lastTokenAt = Date.now()
    firstTokenAt ??= lastTokenAt
    tokens += 1
    if (tokens === tellAfterTokens) send({ type: 'sent', number })
  }
  response.once('close', () =>
    send({ type: 'closed', number, at: Date.now(), isComplete: response.writableFinished, firstTokenAt, lastTokenAt }),
  )
  // A client that leaves is what is measured here: `close` tells it.
  response.on('error', () => undefined)
  send({ type: 'opened', what, number, connectedAt: acceptedAt.get(request.socket) ?? Date.now(), body })
  if (what === 'pull') download(response)
  else if (script.relayTo === null) pace(response, script, onToken)
  else relay(request, body, response, onToken)
}

/** A download without end. */
function download(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' })
  let completed = 0
  const timer = setInterval(() => {
    completed += 1_000
    response.write(`${JSON.stringify({ status: 'pulling bench', digest: 'sha256:bench', total: 1e12, completed })}\n`)
  }, 50)
  response.once('close', () => clearInterval(timer))
}

function relay(request: IncomingMessage, body: string, response: ServerResponse, onBytes: () => void): void {
  const upstream = httpRequest(
    `${script.relayTo}${request.url}`,
    { method: request.method, headers: { 'content-type': 'application/json' }, agent: false },
    (reply) => {
      response.writeHead(reply.statusCode ?? 502, { 'content-type': reply.headers['content-type'] ?? '' })
      reply.on('data', (bytes: Buffer) => {
        onBytes()
        response.write(bytes)
      })
      reply.on('end', () => response.end())
      reply.on('error', () => response.destroy())
    },
  )
  upstream.on('error', () => response.destroy())
  response.once('close', () => upstream.destroy())
  upstream.end(body)
}

/** As many tokens as the clock owes, every few ms: timers cannot do 2,000 a second one by one. */
function pace(
  response: ServerResponse,
  { firstTokenDelayMs, tokensPerSecond, tokenCount }: ServerScript,
  onToken: () => void,
): void {
  const stamp = { model, created_at: new Date().toISOString() }
  let sent = 0
  let startedMs = 0
  const sendToken = (): void => {
    const content = sent % 12 === 11 ? `w${sent}.\n` : `w${sent} `
    response.write(`${JSON.stringify({ ...stamp, message: { role: 'assistant', content }, done: false })}\n`)
    sent += 1
    onToken()
  }
  let timer: NodeJS.Timeout
  const tick = (): void => {
    if (sent === 0) {
      startedMs = performance.now()
      response.writeHead(200, { 'content-type': 'application/x-ndjson' })
    }
    const due = Math.min(tokenCount, 1 + Math.floor(((performance.now() - startedMs) / 1_000) * tokensPerSecond))
    while (sent < due) sendToken()
    if (sent < tokenCount) {
      if (tokensPerSecond > 0) timer = setTimeout(tick, tickMs)
      return
    }
    const counts = { prompt_eval_count: 100, eval_count: sent }
    response.end(
      `${JSON.stringify({ ...stamp, message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop', ...counts })}\n`,
    )
  }
  timer = setTimeout(tick, firstTokenDelayMs)
  response.once('close', () => clearTimeout(timer))
}

function describe(path: string): unknown {
  const listed = {
    name: model,
    model,
    size: 1_000,
    digest: 'bench',
    details: { family: 'llama', parameter_size: '1B' },
  }
  if (path === '/api/version') return { version: '0.11.4' }
  if (path === '/api/show')
    return {
      details: listed.details,
      model_info: { 'general.architecture': 'llama', 'llama.context_length': 32_768 },
      capabilities: ['completion'],
    }
  return { models: [listed] }
}
