import { getRequestListener } from '@hono/node-server'
import { createServer, type Server } from 'node:http'
import type { AddressInfo, ListenOptions } from 'node:net'
import type { createApiApplication } from './api-application.ts'

const mostConnections = 256
const headersTimeoutMs = 10_000
/** Longest time for the whole of a request's body: an upload of 200 MB takes a moment. The owner's own terminal may stay for days. */
const requestTimeoutMs = 10 * 60_000
const maxHeaderBytes = 16 * 1024

export interface ListeningServer {
  /** 0 for a local socket. */
  readonly port: number
  /** Ends every connection at once; their answers are told that the client has gone. */
  close(): Promise<void>
}

/**
 * An HTTP server around the application. Limits stand here: connections, headers, time.
 * @throws what listening throws, such as EADDRINUSE.
 */
export async function listen(
  application: ReturnType<typeof createApiApplication>,
  place: { readonly path: string } | { readonly host: '127.0.0.1'; readonly port: number },
): Promise<ListeningServer> {
  const listener = getRequestListener(application.fetch, { overrideGlobalObjects: false, autoCleanupIncoming: false })
  const server = createServer(
    {
      maxHeaderSize: maxHeaderBytes,
      headersTimeout: headersTimeoutMs,
      requestTimeout: 'path' in place ? 0 : requestTimeoutMs,
    },
    (incoming, outgoing) => void listener(incoming, outgoing),
  )
  server.maxConnections = mostConnections
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(place satisfies ListenOptions, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return {
    port: portOf(server),
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
