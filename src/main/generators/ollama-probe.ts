import type { Ollama } from 'ollama/browser'
import type { z } from 'zod'
import type { Clock } from '../interfaces.ts'
import { openLocalConnection } from './local-fetch.ts'
import { createOllamaClient } from './ollama-client.ts'
import { BadReply, limitBody } from './reply-checks.ts'

const maxReplyBytes = 16 * 1024 * 1024

/** The server did not answer a short question in time. */
export class ProbeTimeout extends Error {
  override readonly name = 'ProbeTimeout'
}

/**
 * Asks the server one short question and checks the answer. Its connection is gone when this settles.
 * @throws the signal's reason on abort; ProbeTimeout; BadReply for an answer that does not fit; ErrorStatus; what connecting throws.
 */
export async function probe<Schema extends z.ZodType>(
  address: string,
  ask: (client: Ollama) => Promise<unknown>,
  schema: Schema,
  { clock, timeoutMs, signal }: { readonly clock: Clock; readonly timeoutMs: number; readonly signal: AbortSignal },
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
    const parsed = schema.safeParse(await ask(createOllamaClient(address, connection)))
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
