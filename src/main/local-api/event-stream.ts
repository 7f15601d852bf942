/** One server-sent event. `data` is one line; JSON always is. */
export interface ServerSentEvent {
  readonly id: number | null
  readonly event: string | null
  readonly data: string
}

/** As it stands on the wire. */
export function formatEvent({ id, event, data }: ServerSentEvent): string {
  return `${id === null ? '' : `id: ${id}\n`}${event === null ? '' : `event: ${event}\n`}data: ${data}\n\n`
}

/** Keeps proxies and clients from taking a quiet stream for a dead one; clients skip it. */
export const keepAliveComment = ': still here\n\n'
export const keepAliveMs = 15_000

export const eventStreamHeaders = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-cache',
  Connection: 'keep-alive',
} as const
