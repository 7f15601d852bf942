import { z } from 'zod'
import { type Finding, findingSchema, findingsSummarySchema, longestFindQuery } from '../../shared/findings.ts'
import { searchScopeSchema } from '../../shared/collection.ts'
import type { LocalService } from './local-service.ts'
import { type Route, route } from './route.ts'
import { scopeDescription } from './search-route.ts'

const mostRows = 10_000

const findSchema = z
  .object({
    query: z
      .string()
      .trim()
      .min(1)
      .max(longestFindQuery)
      .describe('Words, parts in quotation marks, or a question such as "which contracts mention a deposit"'),
    limit: z.number().int().min(1).max(mostRows).default(1_000).describe('Rows in the reply; all are counted'),
    scope: searchScopeSchema.default({ collections: [], documents: [], kinds: [] }).describe(scopeDescription),
  })
  .strict()

/** Every document that mentions something, without a model. */
export function findRoute({ findDocuments }: LocalService): Route {
  return route({
    method: 'post',
    path: '/v1/find',
    summary: 'Every document that mentions something, and what could not be searched',
    body: findSchema,
    responses: [
      {
        status: 200,
        description: 'A row a document: those that match, then similar ones; and what the look came to',
        content: {
          'application/json': z.object({ rows: z.array(findingSchema), summary: findingsSummarySchema }),
        },
      },
      { status: 404, description: 'The scope names what is not there' },
    ],
    async serve({ body: { limit, ...request }, signal }) {
      const rows: Finding[] = []
      for await (const event of findDocuments(request, { signal })) {
        if (event.type === 'rows') rows.push(...event.rows.slice(0, limit - rows.length))
        else if (event.type === 'end') return { status: 200, json: { rows, summary: event.summary } }
      }
      throw new Error('findings ended without a summary')
    },
  })
}
