import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import { toServerSentEvents } from './answer-events.ts'
import { eventStreamHeaders, formatEvent, keepAliveComment, keepAliveMs } from './event-stream.ts'
import type { LocalService } from './local-service.ts'
import { type RawCall, type Reply, type Route, route } from './route.ts'
import { writeStream } from './stream-response.ts'
import { type Ticket, type Tickets, ticketSchema } from './tickets.ts'

/**
 * The stream for a browser's EventSource, which can send neither a body nor a token: the ticket is both. It reconnects by
 * itself when the connection breaks: then it gets the rest of what was stored, and 204 after that, which ends it. The
 * question is asked once.
 */
export function deferredEventsRoute(service: LocalService, tickets: Tickets): Route {
  return route({
    method: 'get',
    path: '/v1/answers/{id}/events',
    summary: 'The events of a deferred question; asks it when opened first',
    access: 'ticket',
    parameters: z.object({ id: ticketSchema }),
    responses: [
      { status: 200, description: 'The events', content: { 'text/event-stream': null } },
      { status: 204, description: 'Everything was sent already' },
      { status: 404, description: 'There is no such ticket, or it has expired' },
      { status: 409, description: 'Another client reads this stream, or its conversation is still being answered' },
      { status: 503, description: 'Too much is asked at once' },
    ],
    async serve(call) {
      const ticket = tickets.find(call.parameters.id)
      if (ticket === null)
        throw new AppError('not-found', 'This ticket is unknown or has expired. Ask with defer=1 again.')
      if (ticket.state === 'unused') return sendEvents(call, service, askOnce(ticket, call, service))
      if (ticket.state === 'running' && ticket.reader?.aborted !== true)
        throw new AppError('busy', 'Another client reads this stream. Each ticket is for one.', { retryable: true })
      // Its client has gone, so it is on its way to its end.
      await ticket.ended
      const lastId = lastEventId(call.incoming.headers['last-event-id'])
      const rest =
        lastId === null && ticket.isDelivered ? [] : ticket.stored.filter(({ id }) => (id ?? 0) > (lastId ?? 0))
      return rest.length === 0 ? { status: 204 } : sendEvents(call, service, storedText(ticket, rest, call))
    },
  })
}

async function sendEvents(
  { outgoing }: RawCall,
  { clock }: LocalService,
  pieces: AsyncIterable<string>,
): Promise<Reply> {
  await writeStream(outgoing, pieces, {
    headers: eventStreamHeaders,
    clock,
    keepAlive: { everyMs: keepAliveMs, text: keepAliveComment },
  })
  return 'streamed'
}

async function* askOnce(ticket: Ticket, call: RawCall, service: LocalService): AsyncGenerator<string, void, undefined> {
  ticket.state = 'running'
  ticket.reader = call.signal
  try {
    const events = service.streamAnswer(ticket.request, { signal: call.signal, frontEnd: call.frontEnd })
    for await (const event of events) {
      for (const part of toServerSentEvents(event)) {
        const numbered = { ...part, id: ticket.stored.length + 1 }
        ticket.stored.push(numbered)
        yield formatEvent(numbered)
      }
    }
    ticket.isDelivered = !call.signal.aborted
  } finally {
    ticket.end()
  }
}

async function* storedText(
  ticket: Ticket,
  rest: readonly Ticket['stored'][number][],
  call: RawCall,
): AsyncGenerator<string, void, undefined> {
  for (const event of rest) yield formatEvent(event)
  ticket.isDelivered = !call.signal.aborted
}

function lastEventId(header: string | string[] | undefined): number | null {
  return typeof header === 'string' && /^\d{1,9}$/.test(header) ? Number(header) : null
}
