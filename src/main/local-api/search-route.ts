import { z } from 'zod'
import { searchScopeSchema } from '../../shared/collection.ts'
import { serializedErrorSchema } from '../../shared/document.ts'
import type { SerializedAppError } from '../../shared/errors.ts'
import { passageSchema } from '../../shared/passage.ts'
import type { LocalService } from './local-service.ts'
import { type Route, route } from './route.ts'

export const scopeDescription =
  'What is searched: documents in any of the collections (names or ids) or named themselves, and of any of the kinds. Empty: everything'

const searchSchema = z
  .object({
    query: z.string().trim().min(1).max(20_000),
    limit: z.number().int().min(1).max(100).default(10),
    scope: searchScopeSchema.default({ collections: [], documents: [], kinds: [] }).describe(scopeDescription),
  })
  .strict()

/** Retrieval alone: whole passages, best first. It waits for no answer. */
export function searchRoute({ search, collections }: LocalService): Route {
  return route({
    method: 'post',
    path: '/v1/search',
    summary: 'Passages for a question, without an answer',
    body: searchSchema,
    responses: [
      {
        status: 200,
        description: 'Passages, best first',
        content: {
          'application/json': z.object({
            passages: z.array(passageSchema),
            /** Why the search went by keywords alone; null: it did not. */
            keywordsOnly: serializedErrorSchema.nullable(),
          }),
        },
      },
      { status: 404, description: 'The scope names what is not there' },
      { status: 422, description: 'Nothing in the scope can be searched' },
    ],
    async serve({ body, signal }) {
      const within = await collections.resolve(collections.describe(body.scope), { signal })
      let keywordsOnly: SerializedAppError | null = null
      const found = await search(body.query, {
        limit: body.limit,
        within,
        signal,
        onKeywordsOnly: (problem) => {
          keywordsOnly = problem
        },
      })
      return { status: 200, json: { passages: found.map(({ passage }) => passage), keywordsOnly } }
    },
  })
}
