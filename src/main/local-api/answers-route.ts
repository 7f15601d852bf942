import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { answerEventSchema, type AnswerEvent } from '../../shared/answer-stream.ts'
import { citationCheckSchema } from '../../shared/citation-check.ts'
import { usageSchema } from '../../shared/conversation.ts'
import { AppError, deserializeError } from '../../shared/errors.ts'
import { conversationIdSchema } from '../../shared/ids.ts'
import { askRequestSchema } from '../../shared/ipc.ts'
import { acceptedForm } from './accepted-form.ts'
import { toErrorReply } from './api-errors.ts'
import { toServerSentEvents } from './answer-events.ts'
import { beginAnswer, stopped, untilClosed } from './begun-answer.ts'
import { eventStreamHeaders, formatEvent, keepAliveComment, keepAliveMs } from './event-stream.ts'
import type { LocalService } from './local-service.ts'
import { type Reply, type RawCall, type Route, route } from './route.ts'
import { shortSourceSchema, toShortSource } from './short-source.ts'
import { writeStream } from './stream-response.ts'
import { scopeDescription } from './search-route.ts'
import { type Tickets, ticketSchema } from './tickets.ts'

/** Longest first where a client accepts anything: one whole reply is what it can handle for sure. */
const forms = ['application/json', 'text/event-stream', 'text/plain', 'application/x-ndjson'] as const

const questionSchema = askRequestSchema
  .extend({
    conversationId: conversationIdSchema.optional().describe('Goes on with this conversation, with its memory'),
    scope: askRequestSchema.shape.scope.describe(
      `${scopeDescription}. Absent or null: as for the question before it in the conversation`,
    ),
  })
  .strict()

const answerSchema = z.object({
  answer: z.string(),
  sources: z.array(shortSourceSchema),
  check: citationCheckSchema,
  conversationId: conversationIdSchema,
  usage: usageSchema,
})

const deferredSchema = z.object({
  id: ticketSchema,
  url: z.string().describe('For one EventSource; asks the question when it is opened'),
  expiresAt: z.number().describe('Milliseconds since 1970'),
})

/** A question, answered as a stream of events, as plain text while it is written, or whole. */
export function answersRoute(service: LocalService, tickets: Tickets): Route {
  return route({
    method: 'post',
    path: '/v1/answers',
    summary: 'Answers a question from the library',
    query: z.object({
      defer: z.enum(['0', '1']).default('0').describe('1: asks later, see GET /v1/answers/{id}/events'),
    }),
    body: questionSchema,
    responses: [
      {
        status: 200,
        description: 'The answer, in the form that Accept asks for',
        content: {
          'application/json': answerSchema,
          'text/event-stream': null,
          'text/plain': null,
          'application/x-ndjson': answerEventSchema,
        },
      },
      {
        status: 201,
        description: 'With defer=1: a ticket for one EventSource',
        content: { 'application/json': deferredSchema },
      },
      { status: 404, description: 'The model, or what the scope names, is not there' },
      { status: 406, description: 'Accept asks for a form that is not offered' },
      { status: 409, description: 'The conversation is still being answered' },
      { status: 422, description: 'Nothing in the scope can be searched' },
      { status: 502, description: 'The model failed' },
      { status: 503, description: 'The model server does not answer, or too much is asked at once' },
    ],
    async serve(call) {
      const request = askRequestSchema.parse({ ...call.body, conversationId: call.body.conversationId ?? randomUUID() })
      if (call.query.defer === '1') {
        const { id, expiresAt } = tickets.issue(request)
        return { status: 201, json: { id, url: `/v1/answers/${id}/events`, expiresAt } }
      }
      const form = acceptedForm(call.incoming.headers.accept, forms)
      if (form === null) {
        const error = new AppError('invalid-request', `Ask for one of ${forms.join(', ')} in Accept.`)
        return { status: 406, json: toErrorReply(error).body }
      }
      await using answer = await beginAnswer(
        service.streamAnswer(request, { signal: call.signal, frontEnd: call.frontEnd }),
      )
      return await answerAs(form, untilClosed(answer), call, service)
    },
  })
}

function answerAs(
  form: (typeof forms)[number],
  events: AsyncIterable<AnswerEvent>,
  call: RawCall,
  service: LocalService,
): Promise<Reply> {
  switch (form) {
    case 'application/json':
      return answerWhole(events)
    case 'text/plain':
      return answerAsText(events, call, service)
    case 'text/event-stream':
      return streamed(call, service, asServerSentEvents(events), eventStreamHeaders, true)
    case 'application/x-ndjson':
      return streamed(call, service, asLines(events), { 'Content-Type': 'application/x-ndjson' }, false)
  }
}

async function answerWhole(events: AsyncIterable<AnswerEvent>): Promise<Reply> {
  let reply: Reply = toErrorReply(null)
  for await (const event of events) {
    if (event.type === 'stop') {
      const { answer, sources, check, conversationId, usage, finishReason } = event.result
      reply =
        finishReason === 'aborted'
          ? stoppedReply()
          : { status: 200, json: { answer, sources: sources.map(toShortSource), check, conversationId, usage } }
    }
    if (event.type === 'failure') reply = failureReply(event)
  }
  return reply
}

/** The status waits for the first word: until then a failure can still be told as one. */
async function answerAsText(
  events: AsyncIterable<AnswerEvent>,
  call: RawCall,
  { clock }: LocalService,
): Promise<Reply> {
  for await (const event of events) {
    if (event.type === 'failure') return failureReply(event)
    if (event.type === 'stop' && event.result.finishReason === 'aborted') return stoppedReply()
    if (event.type !== 'token' && event.type !== 'stop') continue
    await writeStream(call.outgoing, textOf(event, events), {
      headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-cache' },
      clock,
    })
    return 'streamed'
  }
  return toErrorReply(null)
}

async function* textOf(
  first: AnswerEvent,
  others: AsyncIterable<AnswerEvent>,
): AsyncGenerator<string, void, undefined> {
  if (first.type === 'token') yield first.text
  for await (const event of others) {
    if (event.type === 'token') yield event.text
    // Plain text has no place for a failure: the broken connection says it.
    if (event.type === 'failure') throw deserializeError(event.error)
    if (event.type === 'stop' && event.result.finishReason === 'aborted') throw stopped()
  }
}

async function streamed(
  { outgoing }: RawCall,
  { clock }: LocalService,
  pieces: AsyncIterable<string>,
  headers: Readonly<Record<string, string>>,
  hasComments: boolean,
): Promise<Reply> {
  const keepAlive = hasComments ? { keepAlive: { everyMs: keepAliveMs, text: keepAliveComment } } : {}
  await writeStream(outgoing, pieces, { headers, clock, ...keepAlive })
  return 'streamed'
}

async function* asServerSentEvents(events: AsyncIterable<AnswerEvent>): AsyncGenerator<string, void, undefined> {
  let id = 0
  for await (const event of events) {
    for (const part of toServerSentEvents(event)) yield formatEvent({ ...part, id: ++id })
  }
}

async function* asLines(events: AsyncIterable<AnswerEvent>): AsyncGenerator<string, void, undefined> {
  for await (const event of events) yield `${JSON.stringify(event)}\n`
}

function failureReply(event: Extract<AnswerEvent, { type: 'failure' }>): Reply {
  const { status, body } = toErrorReply(deserializeError(event.error))
  return { status, json: body }
}

function stoppedReply(): Reply {
  return { status: 503, json: toErrorReply(stopped()).body }
}
