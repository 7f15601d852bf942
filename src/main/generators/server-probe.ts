import type { Ollama } from 'ollama/browser'
import type { z } from 'zod'
import type { Clock } from '../ports/clock.ts'
import { type LocalConnection, openLocalConnection } from './local-fetch.ts'
import { createOllamaClient } from './ollama-client.ts'
import { BadReply, limitBody } from './reply-checks.ts'

const maxReplyBytes = 16 * 1024 * 1024

/** The server did not answer a short question in time. */
export class ProbeTimeout extends Error {
  override readonly name = 'ProbeTimeout'
}

/** How long to wait for one short question. Abort rejects with the signal's reason and closes the connection. */
export interface ProbeLimits {
  readonly clock: Clock
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** {@link probe} through the client of Ollama. */
export function probeOllama<Schema extends z.ZodType>(
  address: string,
  ask: (client: Ollama) => Promise<unknown>,
  schema: Schema,
  limits: ProbeLimits,
): Promise<z.output<Schema>> {
  return probe((connection) => ask(createOllamaClient(address, connection)), schema, limits)
}

/** {@link probe} for the JSON at one address. */
export function probeJson<Schema extends z.ZodType>(
  url: string,
  schema: Schema,
  limits: ProbeLimits,
): Promise<z.output<Schema>> {
  return probe(async ({ fetch }) => (await fetch(url)).json(), schema, limits)
}

/**
 * Asks a server one short question and checks the answer. Its connection is gone when this settles.
 * @throws the signal's reason on abort; ProbeTimeout; BadReply for an answer that does not fit; ErrorStatus; what connecting throws.
 */
async function probe<Schema extends z.ZodType>(
  ask: (connection: LocalConnection) => Promise<unknown>,
  schema: Schema,
  { clock, timeoutMs, signal }: ProbeLimits,
): Promise<z.output<Schema>> {
  signal.throwIfAborted()
  const deadline = new AbortController()
  const cancelTimer = clock.after(timeoutMs, () =>
    deadline.abort(new ProbeTimeout(`No answer within ${timeoutMs} ms.`)),
  )
  const ending = AbortSignal.any([signal, deadline.signal])
  const connection = openLocalConnection({
    signal: ending,
    checkBody: (body) => limitBody(body, { maxBytes: maxReplyBytes }),
  })
  try {
    const parsed = schema.safeParse(await ask(connection))
    if (!parsed.success) throw new BadReply('The reply does not have the expected shape.', { cause: parsed.error })
    return parsed.data
  } catch (error) {
    if (ending.aborted) throw ending.reason
    throw error instanceof SyntaxError ? new BadReply('The reply is not JSON.', { cause: error }) : error
  } finally {
    cancelTimer()
    await connection.close()
  }
}
