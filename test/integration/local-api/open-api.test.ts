import { fc } from '@fast-check/vitest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type ComposedCarrel, composeCarrel, leaseFile } from '../../support/composed-carrel.ts'
import { rawRequest } from '../../support/local-api-fixture.ts'
import { arbitraryOf, type JsonSchema } from '../../support/schema-arbitrary.ts'

const schemaSchema = z.custom<JsonSchema>((value) => typeof value === 'object' && value !== null)
const contentSchema = z.record(z.string(), z.object({ schema: schemaSchema }))
const operationSchema = z.object({
  summary: z.string(),
  parameters: z.array(
    z.object({ name: z.string(), in: z.enum(['path', 'query']), required: z.boolean(), schema: schemaSchema }),
  ),
  requestBody: z.object({ content: contentSchema }).optional(),
  responses: z.record(z.string(), z.object({ description: z.string(), content: contentSchema.optional() })),
})
const descriptionSchema = z.object({
  openapi: z.literal('3.1.0'),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
})

let carrel: ComposedCarrel
let operations: readonly {
  readonly path: string
  readonly method: string
  readonly operation: z.infer<typeof operationSchema>
}[] = []

beforeAll(async () => {
  carrel = await composeCarrel({ paths: [leaseFile] })
  const description = descriptionSchema.parse(await (await carrel.fetch('/openapi.json')).json())
  operations = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
}, 120_000)
afterAll(() => carrel[Symbol.asyncDispose]())

/** A request that fits its description, or nearly: the parts a client gets wrong are drawn as well. */
function requestOf({ path, method, operation }: (typeof operations)[number]): fc.Arbitrary<Request> {
  const parameters = operation.parameters.map(({ name, in: place, required, schema }) =>
    fc
      .option(fc.oneof({ weight: 4, arbitrary: arbitraryOf(schema) }, { weight: 1, arbitrary: fc.string() }), {
        nil: undefined,
        freq: required ? 20 : 2,
      })
      .map((value) => ({ name, place, value })),
  )
  const bodies = Object.entries(operation.requestBody?.content ?? {}).map(([mediaType, { schema }]) =>
    (mediaType.endsWith('json')
      ? fc
          .oneof({ weight: 4, arbitrary: arbitraryOf(schema) }, { weight: 1, arbitrary: fc.jsonValue() })
          .map((value) => JSON.stringify(value))
      : fc.string({ unit: 'binary' })
    ).map((text) => ({ mediaType, text })),
  )
  return fc
    .record({
      parameters: fc.tuple(...parameters),
      body: bodies.length === 0 ? fc.constant(null) : fc.oneof(...bodies),
      accept: fc.constantFrom('application/json', 'text/event-stream', 'text/plain', '*/*', 'x'),
      lastEventId: fc.option(fc.stringMatching(/^[ -~]{0,12}$/)),
    })
    .map((drawn) => {
      const query = new URLSearchParams()
      let place = path
      for (const parameter of drawn.parameters) {
        if (parameter.place === 'path')
          place = place.replace(`{${parameter.name}}`, encodeURIComponent(textOf(parameter.value)))
        else if (parameter.value !== undefined) query.set(parameter.name, textOf(parameter.value))
      }
      return {
        method: method.toUpperCase(),
        path: `${place}?${query.toString()}`,
        headers: {
          authorization: `Bearer ${carrel.token}`,
          accept: drawn.accept,
          ...(drawn.lastEventId === null ? {} : { 'last-event-id': drawn.lastEventId.trim() }),
          ...(drawn.body === null ? {} : { 'content-type': drawn.body.mediaType }),
        },
        ...(drawn.body === null ? {} : { body: drawn.body.text }),
      }
    })
}

/** As it stands in an address. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

interface Request {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** Slow by design: five seconds of chunks. */
const untested = ['/v1/stream-test']

describe('the OpenAPI description', { timeout: 600_000 }, () => {
  it('describes every endpoint, itself included', () => {
    expect(operations.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(
      [
        'delete /v1/documents/{id}',
        'get /v1/collections',
        'get /openapi.json',
        'get /v1/answers/{id}/events',
        'get /v1/documents',
        'get /v1/documents/{id}',
        'get /v1/models',
        'get /v1/status',
        'get /v1/stream-test',
        'post /v1/answers',
        'post /v1/chat/completions',
        'post /v1/relay',
        'post /v1/documents',
        'post /v1/search',
        'post /v1/find',
      ].toSorted(),
    )
  })

  it('is what is answered: requests drawn from it get a described status and body, never a 500', async () => {
    const seen = new Map<string, number>()
    for (const described of operations.filter(({ path }) => !untested.includes(path))) {
      await fc.assert(
        fc.asyncProperty(requestOf(described), async (request) => {
          const reply = await rawRequest(Number(new URL(carrel.url).port), request)
          expect(reply.status).not.toBe(500)
          if (reply.status === 429) return
          seen.set(`${described.path} ${reply.status}`, (seen.get(`${described.path} ${reply.status}`) ?? 0) + 1)
          // An empty path parameter names another endpoint.
          if (reply.status === 404 && reply.text.includes('no such endpoint')) return
          const response = described.operation.responses[String(reply.status)]
          if (response === undefined) throw new Error(`${reply.status} is not described: ${reply.text}`)
          const mediaType = String(reply.headers['content-type'] ?? '').split(';')[0] ?? ''
          if (reply.text === '') return
          const content = response.content?.[mediaType]
          if (content === undefined) throw new Error(`${reply.status} as ${mediaType} is not described`)
          if (mediaType === 'application/json') {
            const checked = z.fromJSONSchema(content.schema as Parameters<typeof z.fromJSONSchema>[0])
            expect(checked.safeParse(JSON.parse(reply.text)).error?.issues ?? []).toEqual([])
          }
        }),
        { numRuns: 60, seed: 11 },
      )
    }
    // The draws reach the endpoints themselves, not their guards alone.
    for (const reached of [
      '/v1/answers 200',
      '/v1/answers 201',
      '/v1/search 200',
      '/v1/find 200',
      '/v1/documents 200',
      '/v1/documents 202',
    ])
      expect([...seen.keys()]).toContain(reached)
  })
})
