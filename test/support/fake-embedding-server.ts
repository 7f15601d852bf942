import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A loopback server that speaks as much of Ollama as embedding needs. A test may change what it says at any time. */
export interface FakeEmbeddingServer extends AsyncDisposable {
  readonly url: string
  models: { name: string; digest: string; remote_host?: string }[]
  dimensions: number
  /** In place of vectors; null: vectors that depend on the text. */
  reply: { readonly status: number; readonly body: string } | null
  /** Texts of more units are refused, as Ollama refuses what is beyond the model's context. */
  longestText: number
  /** No request is answered while true; what came waits. */
  isSilent: boolean
  /** Texts of every request, in order. */
  readonly requests: { readonly model: string; readonly input: readonly string[] }[]
  readonly openRequests: number
}

/** Equal texts have equal vectors; others differ. */
function vectorOf(text: string, dimensions: number): number[] {
  let state = [...text].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % 2_147_483_647, 7)
  return Array.from({ length: dimensions }, () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647 - 0.5
  })
}

export async function startFakeEmbeddingServer(port = 0): Promise<FakeEmbeddingServer> {
  let openRequests = 0
  const server = createServer((request, response) => {
    openRequests += 1
    response.once('close', () => {
      openRequests -= 1
    })
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      if (fake.isSilent) return
      const send = (status: number, body: string): void => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(body)
      }
      if (request.url === '/api/tags') return send(200, JSON.stringify({ models: fake.models }))
      if (request.url !== '/api/embed') return send(404, '{"error":"not found"}')
      const body = JSON.parse(Buffer.concat(parts).toString('utf8')) as {
        model: string
        input: string[]
        truncate?: boolean
      }
      fake.requests.push({ model: body.model, input: body.input })
      if (body.input.some((text) => text.length > fake.longestText)) {
        if (body.truncate === false) return send(400, '{"error":"input length exceeds maximum context length"}')
        body.input = body.input.map((text) => text.slice(0, fake.longestText))
      }
      if (fake.reply !== null) return send(fake.reply.status, fake.reply.body)
      const embeddings = body.input.map((text) => vectorOf(text, fake.dimensions))
      return send(200, JSON.stringify({ model: body.model, embeddings }))
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const fake: FakeEmbeddingServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    models: [{ name: 'embed-me:latest', digest: 'a'.repeat(64) }],
    dimensions: 48,
    reply: null,
    longestText: Infinity,
    isSilent: false,
    requests: [],
    get openRequests() {
      return openRequests
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return fake
}
