import { z } from 'zod'
import { serializedErrorSchema } from '../../shared/document.ts'
import { libraryTotalsSchema } from '../../shared/ipc.ts'
import type { LocalService } from './local-service.ts'
import { type Route, route } from './route.ts'

const statusSchema = z.object({
  version: z.string(),
  library: libraryTotalsSchema,
  importProblem: serializedErrorSchema.nullable(),
  model: z.object({
    state: z.string(),
    chosen: z.string().nullable(),
    address: z.string().nullable(),
    problem: serializedErrorSchema.nullable(),
  }),
  activeAnswers: z.array(
    z.object({
      id: z.string(),
      frontEnd: z.string(),
      conversationId: z.string(),
      startedAt: z.number().describe('Milliseconds since 1970'),
    }),
  ),
})

/** The library, the model server, and the answers that are being written, whoever asked. */
export function statusRoute(service: LocalService): Route {
  return route({
    method: 'get',
    path: '/v1/status',
    summary: 'Library, model server, active answers',
    responses: [{ status: 200, description: 'The status', content: { 'application/json': statusSchema } }],
    async serve({ signal }) {
      const { version, totals, importProblem } = await service.status()
      const { state, chosenModel, address, problem } = await service.models.current({ signal })
      return {
        status: 200,
        json: {
          version,
          library: totals,
          importProblem,
          model: { state, chosen: chosenModel, address, problem },
          activeAnswers: [...service.answers.list()],
        } satisfies z.input<typeof statusSchema>,
      }
    },
  })
}
