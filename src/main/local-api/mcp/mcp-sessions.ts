import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server'
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import { AppError } from '../../../shared/errors.ts'
import { toErrorReply } from '../api-errors.ts'
import type { LocalService } from '../local-service.ts'
import { createMcpServer } from './mcp-server.ts'

/** A session that nobody used for this long is forgotten; its client begins a new one. */
const idleMs = 60 * 60_000
const mostSessions = 100

interface Session {
  readonly transport: WebStandardStreamableHTTPServerTransport
  cancelTimer: () => void
}

/** Clients that begin with a handshake and then name their session: a later request can cancel an earlier one. */
export function createMcpSessions(
  service: LocalService,
  limits: { readonly maxRequestBodySize: number },
): { serve(request: Request, frontEnd: string): Promise<Response> } {
  const sessions = new Map<string, Session>()
  /** The HTTP request that a tool runs for: it ends when the client of that request has gone. */
  const asking = new AsyncLocalStorage<AbortSignal>()

  const forget = async (id: string): Promise<void> => {
    const session = sessions.get(id)
    sessions.delete(id)
    session?.cancelTimer()
    await session?.transport.close()
  }
  const forgetSilently = (id: string): void =>
    void forget(id).catch((cause: unknown) => service.log.warn('an MCP session could not be closed', cause))
  const touch = (id: string): void => {
    const session = sessions.get(id)
    if (session === undefined) return
    session.cancelTimer()
    session.cancelTimer = service.clock.after(idleMs, () => forgetSilently(id))
    // The one used last is the last to go.
    sessions.delete(id)
    sessions.set(id, session)
  }

  const begin = async (frontEnd: string): Promise<WebStandardStreamableHTTPServerTransport> => {
    const transport = new WebStandardStreamableHTTPServerTransport({
      ...limits,
      sessionIdGenerator: randomUUID,
      onsessioninitialized(id) {
        sessions.set(id, { transport, cancelTimer: () => undefined })
        touch(id)
        const [oldest] = sessions.keys()
        if (sessions.size > mostSessions && oldest !== undefined) forgetSilently(oldest)
      },
      onsessionclosed: forget,
    })
    await createMcpServer(service, { frontEnd, clientSignal: () => asking.getStore() ?? null }).connect(transport)
    return transport
  }

  return {
    async serve(request, frontEnd) {
      const id = request.headers.get('mcp-session-id')
      const known = id === null ? null : (sessions.get(id)?.transport ?? null)
      if (id !== null && known === null) {
        const error = new AppError('not-found', 'This MCP session has ended. Begin a new one.')
        return Response.json(toErrorReply(error).body, { status: 404 })
      }
      if (id !== null) touch(id)
      const transport = known ?? (await begin(frontEnd))
      return asking.run(request.signal, () => transport.handleRequest(request))
    },
  }
}
