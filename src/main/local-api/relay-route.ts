import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import type { LocalService } from './local-service.ts'
import { type Route, route } from './route.ts'
import { writeStream } from './stream-response.ts'

export const chatMessageSchema = z.object({
  role: z.enum(['system', 'user', 'assistant']),
  content: z.string().max(200_000),
})

const relaySchema = z
  .object({
    messages: z.array(chatMessageSchema).min(1).max(1_000),
    model: z.string().min(1).max(200).optional(),
  })
  .strict()

/** The local model without the library: its stream, each piece of text at once. */
export function relayRoute(service: LocalService): Route {
  return route({
    method: 'post',
    path: '/v1/relay',
    summary: 'Relays the stream of the local model, without retrieval',
    body: relaySchema,
    responses: [
      { status: 200, description: 'The text, piece by piece', content: { 'text/plain': null } },
      { status: 404, description: 'The model that was named is not there' },
      { status: 502, description: 'The model failed' },
      { status: 504, description: 'The model server fell silent' },
    ],
    async serve({ body, signal, frontEnd, outgoing }) {
      const model = body.model ?? (await service.models.current({ signal })).chosenModel
      if (model === null)
        throw new AppError(
          'ollama-unreachable',
          'There is no local model to relay. Start a model server, then try again.',
          {
            retryable: true,
          },
        )
      const { relay, clock } = service
      const request = { model, messages: body.messages, contextTokens: relayedContextTokens }
      const text = textOf(relay.generate(request, { signal, client: frontEnd }))
      // Until the first piece has come, a failure can still be told by a status.
      const first = await text.next()
      await writeStream(outgoing, joined(first, text), {
        headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-cache' },
        clock,
      })
      return 'streamed'
    },
  })
}

/** Not sent by this protocol. */
const relayedContextTokens = 8_192

async function* textOf(events: ReturnType<LocalService['relay']['generate']>): AsyncGenerator<string, void, undefined> {
  for await (const event of events) if (event.type === 'text') yield event.text
}

async function* joined(
  first: IteratorResult<string, void>,
  rest: AsyncIterable<string>,
): AsyncGenerator<string, void, undefined> {
  if (first.done !== true) yield first.value
  yield* rest
}
