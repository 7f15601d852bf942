import { Agent, fetch as undiciFetch } from 'undici'
import { AppError } from '../../shared/errors.ts'
import { isLoopbackUrl } from './loopback-address.ts'
import { errorText, shownServerText } from './server-text.ts'

/** The connections of one answer or one look at the server, and the only way out of Carrel. */
export interface LocalConnection {
  readonly fetch: typeof globalThis.fetch
  /** Destroys every socket at once; resolves when they are gone. May be called again. */
  close(): Promise<void>
}

export interface LocalConnectionOptions {
  /** Abort destroys the sockets in the next turn of the event loop, whoever waits for what. */
  readonly signal: AbortSignal
  /** How a good reply's body is handed on: limited, checked. Errors it throws reach whoever reads the body. */
  readonly checkBody: (body: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>
}

/** The server answered with an error status. `serverMessage` is its own word, cleaned and shortened; it may be empty. */
export class ErrorStatus extends Error {
  readonly status: number
  readonly serverMessage: string

  constructor(status: number, serverMessage: string) {
    super(`Status ${status}: ${serverMessage}`)
    this.name = 'ErrorStatus'
    this.status = status
    this.serverMessage = serverMessage
  }
}

const maxErrorBodyBytes = 64 * 1024

/**
 * A `fetch` for one answer, over an undici Agent of its own: no time-outs (a model may load for minutes; the caller keeps
 * its own timer), nothing but literal loopback addresses, no redirects, no proxy, and a body that is read only as fast as
 * its consumer asks. An error status is thrown as `ErrorStatus` before a client can read (and print) its body.
 */
export function openLocalConnection({ signal, checkBody }: LocalConnectionOptions): LocalConnection {
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0, connections: 2 })
  const ending = new AbortController()
  const close = async (): Promise<void> => {
    signal.removeEventListener('abort', onAbort)
    await agent.destroy()
  }
  // Not within the abort: Electron emits `before-quit` where microtasks may wait, and Node closes a destroyed socket in one.
  // What it reads in between is an uncaught RangeError of onStreamRead (Node 24), and Electron's error dialog instead of the end.
  const onAbort = (): void =>
    void setImmediate(() => {
      ending.abort(signal.reason)
      void close()
    })
  signal.addEventListener('abort', onAbort, { once: true })

  const localFetch: typeof globalThis.fetch = async (input, init) => {
    signal.throwIfAborted()
    const url = new URL(input instanceof Request ? input.url : input)
    if (!isLoopbackUrl(url)) {
      throw new AppError(
        'model-not-local',
        `Carrel does not connect to ${shownServerText(url.host, 100)}: it is not this computer. Use a model server on this computer.`,
        { details: { host: shownServerText(url.host, 100) } },
      )
    }
    const response = await undiciFetch(url, {
      method: init?.method ?? 'GET',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'accept-encoding': 'identity',
      },
      ...(typeof init?.body === 'string' ? { body: init.body } : {}),
      dispatcher: agent,
      redirect: 'manual',
      signal: ending.signal,
    })
    const { status } = response
    if (status >= 300 && status < 400) {
      throw new AppError(
        'model-not-local',
        `The server at ${url.host} sends Carrel on to another address, which Carrel does not follow. Check that the model server itself listens there.`,
        { details: { host: url.host } },
      )
    }
    const body: AsyncIterable<Uint8Array> = response.body ?? noBytes()
    if (!response.ok) throw new ErrorStatus(status, errorMessage(await readText(body, maxErrorBodyBytes)))
    return new Response(pulledStream(checkBody(body)), { status, headers: { 'content-type': 'application/json' } })
  }
  return { fetch: localFetch, close }
}

async function* noBytes(): AsyncGenerator<Uint8Array> {}

/** Bytes up to `maxBytes`, as text; what exceeds them is cut off. */
async function readText(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const parts: Uint8Array[] = []
  let sizeBytes = 0
  for await (const part of body) {
    parts.push(part)
    sizeBytes += part.length
    if (sizeBytes >= maxBytes) break
  }
  return Buffer.concat(parts).subarray(0, maxBytes).toString('utf8')
}

/** `{"error": "..."}` is what Ollama sends, `{"error": {"message": "..."}}` others; anything else is shown as it is, shortened. */
function errorMessage(body: string): string {
  try {
    const parsed: unknown = JSON.parse(body)
    if (typeof parsed === 'object' && parsed !== null && 'error' in parsed) {
      const message = errorText(parsed.error)
      if (message !== null) return shownServerText(message)
    }
  } catch {
    // Not JSON, then the text itself is the message.
  }
  return shownServerText(body)
}

/** A web stream that takes from `source` only what its reader asks for: nothing is read ahead. */
function pulledStream(source: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = await iterator.next()
        if (next.done === true) controller.close()
        else controller.enqueue(next.value)
      },
      async cancel() {
        await iterator.return?.()
      },
    },
    { highWaterMark: 0 },
  )
}
