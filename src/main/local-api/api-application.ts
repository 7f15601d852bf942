import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { HttpBindings } from '@hono/node-server'
import { Hono, type Context } from 'hono'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { AppError, isAbortError } from '../../shared/errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import { toErrorReply } from './api-errors.ts'
import { createRateLimit, type RateLimits } from './rate-limit.ts'
import { type GuardRules, type Refusal, refuseForeign, refuseStranger, type RequestFacts } from './request-guard.ts'
import { readBody } from './request-body.ts'
import type { Reply, Route } from './route.ts'
import { clientSignal } from './stream-response.ts'

type Environment = { Bindings: HttpBindings }

/** Who may ask. `owner`: the transport itself lets only the owner in, as the local socket does. */
export type Access =
  | {
      readonly kind: 'owner'
      /** Runs a whole command line over one exchange. */
      readonly serveCommand: (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>
    }
  | { readonly kind: 'guarded'; readonly rules: () => GuardRules }

export interface ApiApplicationOptions {
  readonly routes: readonly Route[]
  readonly access: Access
  /** Serves /mcp. */
  readonly mcp: (request: Request, frontEnd: string) => Promise<Response>
  readonly rateLimits: RateLimits
  readonly clock: Clock
  readonly log: Log
}

/** Routes behind their guards, as one fetch function for the HTTP server. Every refusal and failure is an ErrorBody. */
export function createApiApplication({
  routes,
  access,
  mcp,
  rateLimits,
  clock,
  log,
}: ApiApplicationOptions): Hono<Environment> {
  const application = new Hono<Environment>({ strict: true })
  const rateLimit = createRateLimit(rateLimits)

  application.use(async (context, next) => {
    const { incoming, outgoing } = context.env
    outgoing.setHeader('X-Content-Type-Options', 'nosniff')
    if (!rateLimit.take(clock.now())) {
      outgoing.setHeader('Retry-After', '1')
      return refuse(
        context,
        429,
        new AppError('busy', 'Too many requests at once. Wait a second.', { retryable: true }),
      )
    }
    if (access.kind === 'owner') return next()
    const rules = access.rules()
    const facts = factsOf(incoming)
    const foreign = refuseForeign(facts, rules)
    if (foreign !== null) return refuseAs(context, foreign)
    if (facts.origin !== undefined) {
      outgoing.setHeader('Access-Control-Allow-Origin', facts.origin)
      outgoing.setHeader('Vary', 'Origin')
      if (incoming.method === 'OPTIONS') {
        outgoing.setHeader('Access-Control-Allow-Methods', 'GET, POST, DELETE')
        outgoing.setHeader('Access-Control-Allow-Headers', 'Authorization, Content-Type, Last-Event-ID')
        return context.body(null, 204)
      }
    }
    return next()
  })

  const strangerIn = (incoming: IncomingMessage): Refusal | null =>
    access.kind === 'owner' ? null : refuseStranger(factsOf(incoming), access.rules().token)
  const callerOf = ({ headers }: IncomingMessage, door: string): string =>
    `${access.kind === 'owner' ? 'local' : door}:${programName(headers)}`

  for (const route of routes) {
    application.on(route.method.toUpperCase(), honoPath(route.path), async (context) => {
      const { incoming, outgoing } = context.env
      const stranger = route.access === 'token' ? strangerIn(incoming) : null
      if (stranger !== null) return refuseAs(context, stranger)
      const call = {
        incoming,
        outgoing,
        parameters: context.req.param(),
        query: context.req.query(),
        frontEnd: callerOf(incoming, 'http'),
        signal: clientSignal(outgoing),
      }
      // Failures are answered here: the router would put headers of its own on what is already sent.
      return route.serve(call).then(
        (reply) => toResponse(context, reply),
        (error: unknown) => failed(error, context, log),
      )
    })
  }

  if (access.kind === 'owner') {
    application.post('/v1/command', (context) =>
      access.serveCommand(context.env.incoming, context.env.outgoing).then(
        () => RESPONSE_ALREADY_SENT,
        (error: unknown) => failed(error, context, log),
      ),
    )
  }

  application.all('/mcp', async (context) => {
    const { incoming } = context.env
    const stranger = strangerIn(incoming)
    if (stranger !== null) return refuseAs(context, stranger)
    try {
      return await mcp(await toWebRequest(context.env), callerOf(incoming, 'mcp'))
    } catch (error) {
      return failed(error, context, log)
    }
  })

  application.notFound((context) => {
    const others = routes
      .filter(({ path }) => matchesPath(path, context.req.path))
      .map(({ method }) => method.toUpperCase())
    if (others.length === 0)
      return refuse(
        context,
        404,
        new AppError('not-found', 'There is no such endpoint. See /openapi.json for all of them.'),
      )
    context.env.outgoing.setHeader('Allow', others.join(', '))
    return refuse(context, 405, new AppError('invalid-request', `This endpoint takes ${others.join(', ')}.`))
  })

  application.onError((error, context) => failed(error, context, log))
  return application
}

/** A request as the web knows it, whole; its signal aborts when the client has gone. */
async function toWebRequest({ incoming, outgoing }: HttpBindings): Promise<Request> {
  const hasBody = incoming.method !== 'GET' && incoming.method !== 'HEAD'
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) if (typeof value === 'string') headers.set(name, value)
  return new Request(`http://127.0.0.1${incoming.url ?? '/'}`, {
    method: incoming.method ?? 'GET',
    headers,
    signal: clientSignal(outgoing),
    ...(hasBody ? { body: new Uint8Array(await readBody(incoming)) } : {}),
  })
}

function failed(error: unknown, context: Context<Environment>, log: Log): Response {
  const { outgoing, incoming } = context.env
  if (!outgoing.destroyed && !(error instanceof AppError) && !isAbortError(error))
    log.error(`local API: ${incoming.method ?? ''} ${context.req.path} failed`, error)
  if (outgoing.headersSent || outgoing.destroyed) {
    // What was begun cannot be taken back: a broken connection is not mistaken for the whole.
    outgoing.destroy()
    return RESPONSE_ALREADY_SENT
  }
  const { status, body } = toErrorReply(error)
  // What the client still sends of a body that was refused is not read.
  if (!incoming.readableEnded) outgoing.setHeader('Connection', 'close')
  return context.json(body, status as 400)
}

function toResponse(context: Context<Environment>, reply: Reply): Response {
  if (reply === 'streamed') return RESPONSE_ALREADY_SENT
  if (reply.json === undefined) return context.body(null, reply.status as 204, reply.headers)
  return context.json(reply.json, reply.status as 200, reply.headers)
}

function refuseAs(context: Context<Environment>, { status, error }: Refusal): Response {
  if (status === 401) context.env.outgoing.setHeader('WWW-Authenticate', 'Bearer')
  return refuse(context, status, error)
}

function refuse(context: Context<Environment>, status: number, error: AppError): Response {
  if (!context.env.incoming.readableEnded) context.env.outgoing.setHeader('Connection', 'close')
  return context.json(toErrorReply(error).body, status as 400)
}

function factsOf({ headers }: IncomingMessage): RequestFacts {
  const fetchSite = headers['sec-fetch-site']
  return {
    host: headers.host,
    origin: headers.origin,
    fetchSite: typeof fetchSite === 'string' ? fetchSite : undefined,
    authorization: headers.authorization,
  }
}

/** The product in `User-Agent`: short and plain, for the log, and for taking turns. */
function programName(headers: IncomingHttpHeaders): string {
  return /^[A-Za-z0-9._-]{1,40}/.exec(headers['user-agent'] ?? '')?.[0] ?? 'unnamed'
}

function honoPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1')
}

function matchesPath(path: string, asked: string): boolean {
  return new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(asked)
}
