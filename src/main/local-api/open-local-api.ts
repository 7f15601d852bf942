import type { IncomingMessage, ServerResponse } from 'node:http'
import { parse } from 'node:path'
import { answersRoute } from './answers-route.ts'
import { createApiApplication } from './api-application.ts'
import { deferredEventsRoute } from './deferred-events-route.ts'
import { listen, type ListeningServer } from './http-server.ts'
import type { OpenServer } from './local-api.ts'
import { chatCompletionsRoutes } from './chat-completions-routes.ts'
import { documentsRoutes } from './documents-routes.ts'
import type { LocalService } from './local-service.ts'
import { findRoute } from './find-route.ts'
import { createMcpEndpoint } from './mcp/mcp-http.ts'
import { openApiRoute } from './open-api.ts'
import type { Route } from './route.ts'
import { relayRoute } from './relay-route.ts'
import { searchRoute } from './search-route.ts'
import { statusRoute } from './status-route.ts'
import { streamTestRoute } from './stream-test-route.ts'
import { createTickets } from './tickets.ts'

/** A script may be quick; a loop that has run wild is slowed down. */
const rateLimits = { burst: 400, perSecond: 200 }

/** Every endpoint, in the order of its description. */
export function createRoutes(service: LocalService): readonly Route[] {
  const tickets = createTickets(service)
  const routes = [
    answersRoute(service, tickets),
    deferredEventsRoute(service, tickets),
    relayRoute(service),
    ...chatCompletionsRoutes(service),
    searchRoute(service),
    findRoute(service),
    ...documentsRoutes(service),
    statusRoute(service),
    streamTestRoute(service),
  ]
  return [...routes, openApiRoute(routes, service.version)]
}

/** The HTTP door: on 127.0.0.1 alone, behind token, Host and Origin. */
export function openLocalApi(service: LocalService): OpenServer {
  return async ({ port, token, allowedOrigins }) => {
    const { clock, log } = service
    let ownPort = port
    const application = createApiApplication({
      routes: createRoutes(service),
      access: { kind: 'guarded', rules: () => ({ port: ownPort, token, allowedOrigins: allowedOrigins() }) },
      mcp: createMcpEndpoint(service),
      rateLimits,
      clock,
      log,
    })
    const server = await listen(application, { host: '127.0.0.1', port })
    ownPort = server.port
    return server
  }
}

/** The same application at a path that only its owner can reach: no token, any path, and whole command lines. */
export function listenForOwner(service: LocalService): ListenForOwner {
  return (path, serveCommand) => {
    const { clock, log } = service
    const ownerService: LocalService = { ...service, allowedFolders: () => everyFolder }
    const application = createApiApplication({
      routes: createRoutes(ownerService),
      access: { kind: 'owner', serveCommand },
      mcp: createMcpEndpoint(ownerService),
      rateLimits,
      clock,
      log,
    })
    return listen(application, { path })
  }
}

type ListenForOwner = (
  path: string,
  serveCommand: (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>,
) => Promise<ListeningServer>

/** Roots of this computer: every absolute path lies in one. */
const everyFolder = [parse(process.cwd()).root]
