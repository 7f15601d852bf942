import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import type { AskRequest } from '../../shared/ipc.ts'
import type { Clock } from '../ports/clock.ts'
import type { ServerSentEvent } from './event-stream.ts'

/** Unused, a ticket is good for this long; used, its events are kept this long after the last. */
const unusedMs = 2 * 60_000
const keptMs = 5 * 60_000
const mostTickets = 100

export const ticketSchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/)

/** A question that is asked when its stream is opened, once, and what was said so far. */
export interface Ticket {
  readonly id: string
  readonly expiresAt: number
  readonly request: AskRequest
  /** Numbered from 1 without a gap. */
  readonly stored: ServerSentEvent[]
  state: 'unused' | 'running' | 'ended'
  /** Whether the last stored event was written to a client. */
  isDelivered: boolean
  /** Of the client that reads it now. */
  reader: AbortSignal | null
  /** Resolves when the answer has come to its end. */
  readonly ended: Promise<void>
  end(): void
}

export interface Tickets {
  /** @throws AppError `busy` when too many wait. */
  issue(request: AskRequest): Ticket
  find(id: string): Ticket | null
}

export function createTickets({ clock }: { readonly clock: Clock }): Tickets {
  const tickets = new Map<string, Ticket>()

  const forgetIn = (id: string, delayMs: number, isStale: (ticket: Ticket) => boolean): void => {
    clock.after(delayMs, () => {
      const ticket = tickets.get(id)
      if (ticket !== undefined && isStale(ticket)) tickets.delete(id)
    })
  }

  return {
    issue(request) {
      if (tickets.size >= mostTickets) {
        const [oldest] = [...tickets.values()].filter(({ state }) => state === 'ended')
        if (oldest === undefined)
          throw new AppError('busy', 'Too many deferred questions wait. Open their streams first.', { retryable: true })
        tickets.delete(oldest.id)
      }
      const id = randomBytes(32).toString('base64url')
      let resolveEnded = (): void => undefined
      const ended = new Promise<void>((resolve) => {
        resolveEnded = resolve
      })
      const ticket: Ticket = {
        id,
        expiresAt: clock.now() + unusedMs,
        request,
        stored: [],
        state: 'unused',
        isDelivered: false,
        reader: null,
        ended,
        end() {
          ticket.state = 'ended'
          resolveEnded()
          forgetIn(id, keptMs, () => true)
        },
      }
      tickets.set(id, ticket)
      forgetIn(id, unusedMs, ({ state }) => state === 'unused')
      return ticket
    },
    find: (id) => tickets.get(id) ?? null,
  }
}
