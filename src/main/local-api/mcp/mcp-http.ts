import { createMcpHandler, isLegacyRequest } from '@modelcontextprotocol/server'
import type { LocalService } from '../local-service.ts'
import { createMcpServer } from './mcp-server.ts'
import { createMcpSessions } from './mcp-sessions.ts'

const limits = { maxRequestBodySize: 1024 * 1024 } as const

/**
 * MCP as streamable HTTP, for clients of both generations of the protocol: those that hold a session, and those whose every
 * request stands alone. In both, a client that leaves or cancels ends what it asked for.
 */
export function createMcpEndpoint(service: LocalService): (request: Request, frontEnd: string) => Promise<Response> {
  const sessions = createMcpSessions(service, limits)
  return async (request, frontEnd) => {
    if (await isLegacyRequest(request, undefined, limits)) return sessions.serve(request, frontEnd)
    const handler = createMcpHandler(() => createMcpServer(service, { frontEnd, clientSignal: () => request.signal }), {
      ...limits,
      legacy: 'reject',
      onerror: (error) => service.log.verbose(`MCP of ${frontEnd}: ${error.message}`),
    })
    return handler.fetch(request)
  }
}
