import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A TCP relay on loopback that knows which connections are open. */
export interface CountingProxy {
  /** `127.0.0.1:PORT`; fits `OLLAMA_HOST`. */
  readonly host: string
  readonly openConnections: number
  /** How many were ever opened. */
  readonly totalConnections: number
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
  const waiting: (() => void)[] = []
  const server = createServer((client) => {
    total += 1
    open.add(client)
    const upstream = connect(target.port, target.host)
    client.pipe(upstream)
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
    allClosed: () => (open.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    async close() {
      for (const client of open) client.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
