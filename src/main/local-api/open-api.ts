import { z } from 'zod'
import { serializedErrorSchema } from '../../shared/document.ts'
import { type DescribedResponse, type Route, route } from './route.ts'

const errorSchema = z.object({ error: serializedErrorSchema })

/** What any request may be answered besides what its route says. */
const everywhere: readonly DescribedResponse[] = [
  { status: 400, description: 'The request does not fit its description' },
  { status: 401, description: 'No token, or another one' },
  { status: 403, description: 'Not from this computer, from a page that is not allowed, or beyond what is allowed' },
  { status: 413, description: 'The body is too large' },
  { status: 415, description: 'The body has another type' },
  { status: 429, description: 'Too many requests at once' },
  { status: 503, description: 'Something that Carrel needs is not there; the error says what' },
]

/** The description at /openapi.json, itself described there. */
export function openApiRoute(routes: readonly Route[], version: string): Route {
  const itself: Route = route({
    method: 'get',
    path: '/openapi.json',
    summary: 'This description',
    responses: [{ status: 200, description: 'OpenAPI 3.1', content: { 'application/json': z.looseObject({}) } }],
    serve: async () => ({ status: 200, json: describeApi([...routes, itself], version) }),
  })
  return itself
}

/** An OpenAPI 3.1 document, made of the very schemas that check the requests. */
export function describeApi(routes: readonly Route[], version: string): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const described of routes)
    paths[described.path] = { ...paths[described.path], [described.method]: operation(described) }
  return {
    openapi: '3.1.0',
    info: { title: 'Carrel', version, description: 'Questions to the library on this computer. Loopback only.' },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    paths,
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  }
}

function operation({ summary, access, parameters, query, body, responses }: Route): object {
  return {
    summary,
    ...(access === 'ticket' ? { security: [] } : {}),
    parameters: [...describeParameters('path', parameters), ...describeParameters('query', query)],
    ...(body === null ? {} : { requestBody: { required: true, content: describeContent(body, 'input') } }),
    responses: Object.fromEntries(
      [...everywhere, ...responses].map(({ status, description, content }) => [
        String(status),
        {
          description,
          ...(content === undefined
            ? status >= 400
              ? { content: describeContent({ 'application/json': errorSchema }, 'output') }
              : {}
            : { content: describeContent(content, 'output') }),
        },
      ]),
    ),
  }
}

function describeParameters(place: 'path' | 'query', schema: z.ZodObject): readonly object[] {
  const described = jsonSchema(schema, 'input')
  const required = new Set(Array.isArray(described['required']) ? described['required'] : [])
  return Object.entries(described['properties'] ?? {}).map(([name, property]) => ({
    name,
    in: place,
    required: required.has(name),
    schema: property,
  }))
}

function describeContent(content: Readonly<Record<string, z.ZodType | null>>, io: 'input' | 'output'): object {
  return Object.fromEntries(
    Object.entries(content).map(([mediaType, schema]) => [
      mediaType,
      { schema: schema === null ? { type: 'string' } : jsonSchema(schema, io) },
    ]),
  )
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _dialect, ...described } = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' })
  return described
}
