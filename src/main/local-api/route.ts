import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import { readJsonBody } from './request-body.ts'

/** One request on its way through a route, before anything of it was checked. */
export interface RawCall {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  readonly parameters: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  /** Names the client to the registry and the queue, such as `http:curl`. */
  readonly frontEnd: string
  /** Aborts when the client has gone. */
  readonly signal: AbortSignal
}

/** The same with what the route's schemas made of it. */
export interface Call<Parameters, Query, Body> extends Omit<RawCall, 'parameters' | 'query'> {
  readonly parameters: Parameters
  readonly query: Query
  readonly body: Body
}

/** `streamed`: the route has written to `outgoing` itself. `json` undefined: no body. */
export type Reply =
  | 'streamed'
  | { readonly status: number; readonly json?: unknown; readonly headers?: Readonly<Record<string, string>> }

export interface DescribedResponse {
  readonly status: number
  readonly description: string
  /** By media type; null: text or events without a schema. */
  readonly content?: Readonly<Record<string, z.ZodType | null>>
}

/** An endpoint: what it takes, what it may answer (its description is made of this), and how it is served. */
export interface Route {
  readonly method: 'get' | 'post' | 'delete'
  /** With parameters in braces, as OpenAPI writes them. */
  readonly path: string
  readonly summary: string
  /** `ticket`: the id in the path is the credential, for clients that cannot send a header. */
  readonly access: 'token' | 'ticket'
  readonly parameters: z.ZodObject
  readonly query: z.ZodObject
  /** By media type. One that is JSON alone is checked before the handler; with others beside it, the handler reads it. */
  readonly body: Readonly<Record<string, z.ZodType | null>> | null
  /** Besides what every route may answer: 400, 401, 403, 429. */
  readonly responses: readonly DescribedResponse[]
  serve(call: RawCall): Promise<Reply>
}

const nothing = z.object({})

/** Ties a handler to its schemas. @throws AppError `invalid-request` from `serve` when the request does not fit them. */
export function route<
  Parameters extends z.ZodObject = typeof nothing,
  Query extends z.ZodObject = typeof nothing,
  Body extends z.ZodType | Readonly<Record<string, z.ZodType | null>> | null = null,
>(definition: {
  readonly method: Route['method']
  readonly path: string
  readonly summary: string
  readonly access?: Route['access']
  readonly parameters?: Parameters
  readonly query?: Query
  /** A schema: JSON, checked before `serve`. By media type: `serve` reads it. */
  readonly body?: Body
  readonly responses: readonly DescribedResponse[]
  serve(
    call: Call<z.output<Parameters>, z.output<Query>, Body extends z.ZodType ? z.output<Body> : null>,
  ): Promise<Reply>
}): Route {
  const { method, path, summary, access = 'token', responses } = definition
  const parameters: z.ZodObject = definition.parameters ?? nothing
  const query: z.ZodObject = definition.query ?? nothing
  const body = definition.body ?? null
  return {
    method,
    path,
    summary,
    access,
    parameters,
    query,
    body: body instanceof z.ZodType ? { 'application/json': body } : body,
    responses,
    async serve(call) {
      const parsed = {
        parameters: parseOrRefuse(parameters, call.parameters),
        query: parseOrRefuse(query, call.query),
        body: body instanceof z.ZodType ? parseOrRefuse(body, await readJsonBody(call.incoming)) : null,
      }
      // The schemas above are the very ones that the handler's types come from.
      return definition.serve({ ...call, ...parsed } as never)
    },
  }
}

/** @throws AppError `invalid-request` naming the first field that does not fit. */
export function parseOrRefuse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const field = issue?.path.join('.') ?? ''
  throw new AppError(
    'invalid-request',
    `This request does not fit the description at /openapi.json${field === '' ? '' : `: look at "${field}"`} (${issue?.message ?? 'not understood'}). Correct it and send it again.`,
    { details: { field }, cause: parsed.error },
  )
}
