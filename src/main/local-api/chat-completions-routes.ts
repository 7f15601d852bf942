import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { AnswerEvent } from '../../shared/answer-stream.ts'
import { AppError, deserializeError } from '../../shared/errors.ts'
import { conversationIdSchema } from '../../shared/ids.ts'
import { askRequestSchema } from '../../shared/ipc.ts'
import { beginAnswer, stopped, untilClosed } from './begun-answer.ts'
import {
  chatCompletionSchema,
  chatRequestSchema,
  type ChatTurn,
  type CompletionFacts,
  createKnownChats,
  ownModelName,
  readChat,
  toChunks,
  toCompletion,
} from './chat-completions.ts'
import { eventStreamHeaders, formatEvent, keepAliveComment, keepAliveMs } from './event-stream.ts'
import type { LocalService } from './local-service.ts'
import { type Route, route } from './route.ts'
import { writeStream } from './stream-response.ts'

const modelListSchema = z.object({
  object: z.literal('list'),
  data: z.array(z.object({ id: z.string(), object: z.literal('model'), created: z.int(), owned_by: z.string() })),
})

/** OpenAI's chat endpoint, answered from the library: for any program that can be told another base address. */
export function chatCompletionsRoutes(service: LocalService): readonly Route[] {
  const chats = createKnownChats()
  return [
    route({
      method: 'get',
      path: '/v1/models',
      summary: 'OpenAI-compatible: "carrel" for the chosen model, and each local model by its name',
      responses: [{ status: 200, description: 'The models', content: { 'application/json': modelListSchema } }],
      async serve({ signal }) {
        const { models } = await service.models.current({ signal })
        const entry = (id: string, owner: string): object => ({ id, object: 'model', created: 0, owned_by: owner })
        return {
          status: 200,
          json: {
            object: 'list',
            data: [entry(ownModelName, 'carrel'), ...models.map(({ name }) => entry(name, 'local'))],
          },
        }
      },
    }),
    route({
      method: 'post',
      path: '/v1/chat/completions',
      summary: 'OpenAI-compatible, answered from the library; citations are [n] in the text, sources in "carrel"',
      body: chatRequestSchema,
      responses: [
        {
          status: 200,
          description: 'The completion, or with stream its chunks',
          content: { 'application/json': chatCompletionSchema, 'text/event-stream': null },
        },
        { status: 404, description: 'The model, or what the scope names, is not there' },
        { status: 409, description: 'The conversation is still being answered' },
        { status: 422, description: 'Nothing in the scope can be searched' },
        { status: 502, description: 'The model failed' },
        { status: 504, description: 'The model server fell silent' },
      ],
      async serve({ body, signal, frontEnd, outgoing }) {
        const chat = readChat(body.messages)
        if (chat === null)
          throw new AppError(
            'invalid-request',
            'The last message must be a question of the user. Add one, up to 20,000 characters.',
            {
              details: { field: 'messages' },
            },
          )
        const conversationId = conversationIdSchema.parse(
          body.conversation_id ?? chats.find(chat.before) ?? randomUUID(),
        )
        const request = askRequestSchema.safeParse({
          conversationId,
          question: chat.question,
          model: body.model === ownModelName ? null : body.model,
          scope: body.scope ?? null,
        })
        if (!request.success)
          throw new AppError('invalid-request', 'The question is over 20,000 characters. Ask it in fewer words.', {
            details: { field: 'messages' },
          })
        service.seedConversation(conversationId, body.conversation_id === undefined ? chat.before : [])
        const facts: CompletionFacts = {
          id: `chatcmpl-${randomUUID()}`,
          created: Math.floor(service.clock.now() / 1_000),
          model: body.model,
        }
        const remember = (event: AnswerEvent): void => {
          if (event.type !== 'stop') return
          const said: readonly ChatTurn[] = [
            ...chat.before,
            { role: 'user', content: chat.question },
            { role: 'assistant', content: event.result.answer },
          ]
          chats.remember(said, conversationId)
        }
        await using answer = await beginAnswer(service.streamAnswer(request.data, { signal, frontEnd }))
        if (body.stream !== true) {
          for await (const event of untilClosed(answer)) {
            remember(event)
            if (event.type === 'failure') throw deserializeError(event.error)
            if (event.type !== 'stop') continue
            if (event.result.finishReason === 'aborted') throw stopped()
            return { status: 200, json: toCompletion(facts, event.result) }
          }
          throw stopped()
        }
        const includesUsage = body.stream_options?.include_usage === true
        await writeStream(outgoing, chunksOf(untilClosed(answer), { facts, includesUsage, remember }), {
          headers: eventStreamHeaders,
          clock: service.clock,
          keepAlive: { everyMs: keepAliveMs, text: keepAliveComment },
        })
        return 'streamed'
      },
    }),
  ]
}

async function* chunksOf(
  events: AsyncIterable<AnswerEvent>,
  options: {
    readonly facts: CompletionFacts
    readonly includesUsage: boolean
    readonly remember: (event: AnswerEvent) => void
  },
): AsyncGenerator<string, void, undefined> {
  let isFirst = true
  for await (const event of events) {
    options.remember(event)
    for (const data of toChunks(options.facts, event, { isFirst, includesUsage: options.includesUsage })) {
      isFirst = false
      yield formatEvent({ id: null, event: null, data: JSON.stringify(data) })
    }
    // A failure ends the stream without the word that all is said.
    if (event.type === 'failure') return
  }
  yield formatEvent({ id: null, event: null, data: '[DONE]' })
}
