import { z } from 'zod'
import type { Clock } from '../ports/clock.ts'
import { eventStreamHeaders, formatEvent } from './event-stream.ts'
import { type Route, route } from './route.ts'
import { writeStream } from './stream-response.ts'

const chunkCount = 5
const betweenMs = 1_000

/** Five chunks, one a second: shows whether a client, or a proxy before it, passes a stream on as it comes. */
export function streamTestRoute({ clock }: { readonly clock: Clock }): Route {
  return route({
    method: 'get',
    path: '/v1/stream-test',
    summary: 'Five chunks, one a second, to check a client',
    query: z.object({ format: z.enum(['plain', 'sse']).default('plain') }),
    responses: [{ status: 200, description: 'The chunks', content: { 'text/plain': null, 'text/event-stream': null } }],
    async serve({ query, outgoing, signal }) {
      const isEvents = query.format === 'sse'
      await writeStream(outgoing, chunks(clock, signal, isEvents), {
        headers: isEvents
          ? eventStreamHeaders
          : { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-cache' },
        clock,
      })
      return 'streamed'
    },
  })
}

async function* chunks(clock: Clock, signal: AbortSignal, isEvents: boolean): AsyncGenerator<string, void, undefined> {
  for (let number = 1; number <= chunkCount && !signal.aborted; number++) {
    if (number > 1) await elapsed(clock, betweenMs, signal)
    const text = `chunk ${number} of ${chunkCount}\n`
    yield isEvents ? formatEvent({ id: number, event: 'message', data: JSON.stringify(text) }) : text
  }
  if (isEvents) yield formatEvent({ id: chunkCount + 1, event: 'done', data: '{}' })
}

/** Resolves after `delayMs`, or at once when `signal` aborts. */
function elapsed(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      cancel()
      signal.removeEventListener('abort', settle)
      resolve()
    }
    const cancel = clock.after(delayMs, settle)
    if (signal.aborted) settle()
    else signal.addEventListener('abort', settle)
  })
}
