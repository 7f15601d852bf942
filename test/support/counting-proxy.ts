import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A TCP relay on loopback that knows which connections are open. */
export interface CountingProxy {
  /** `127.0.0.1:PORT`; fits `OLLAMA_HOST`. */
  readonly host: string
  readonly openConnections: number
  /** How many were ever opened. */
  readonly totalConnections: number
  /** How many requests began with this, such as `POST /api/chat`. */
  requestCount(start: string): number
  /** Resolves as soon as the client side of every connection is closed. */
  allClosed(): Promise<void>
  close(): Promise<void>
}

/** Relays to a server on loopback byte by byte: shows from outside that a client closes its connections. */
export async function startCountingProxy(target: {
  readonly host: string
  readonly port: number
}): Promise<CountingProxy> {
  const open = new Set<Socket>()
  let total = 0
  /** The beginning of each request that has reached the server. */
  const requestLines: string[] = []
  const waiting: (() => void)[] = []
  const server = createServer((client) => {
    total += 1
    open.add(client)
    const upstream = connect(target.port, target.host)
    // A request begins a packet of its own: each of ours waits for the reply to the one before it. One whose client leaves
    // before the server is reached never comes there.
    upstream.once('connect', () => {
      client.on('data', (bytes: Buffer) => void requestLines.push(bytes.toString('latin1', 0, 100)))
      client.pipe(upstream)
    })
    upstream.pipe(client)
    client.on('error', () => client.destroy())
    upstream.on('error', () => client.destroy())
    upstream.on('close', () => client.destroy())
    client.on('close', () => {
      upstream.destroy()
      open.delete(client)
      if (open.size === 0) for (const resolve of waiting.splice(0)) resolve()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    get openConnections() {
      return open.size
    },
    get totalConnections() {
      return total
    },
    requestCount: (start) => requestLines.filter((line) => line.startsWith(start)).length,
    allClosed: () => (open.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    async close() {
      for (const client of open) client.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
