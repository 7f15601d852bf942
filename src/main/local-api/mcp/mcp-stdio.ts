import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio'
import type { Readable, Writable } from 'node:stream'
import type { LocalService } from '../local-service.ts'
import { createMcpServer } from './mcp-server.ts'

/** Speaks MCP over a pair of streams, one message a line. Resolves when the input ends or `signal` aborts; answers end then. */
export async function serveMcpStreams(
  service: LocalService,
  streams: { readonly input: Readable; readonly output: Writable },
  { frontEnd, signal }: { readonly frontEnd: string; readonly signal: AbortSignal },
): Promise<void> {
  const transport = new StdioServerTransport(streams.input, streams.output)
  const handle = serveStdio(() => createMcpServer(service, { frontEnd, clientSignal: () => null }), {
    transport,
    onerror: (error) => service.log.warn(`MCP of ${frontEnd}`, error),
  })
  if (!signal.aborted && !streams.input.readableEnded) {
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true })
      streams.input.once('end', () => resolve())
      streams.input.once('close', () => resolve())
    })
  }
  await handle.close()
}
