import { createLineSplitter } from './ndjson-lines.ts'

/** What the server sent is not what Ollama sends. The message is for the log. */
export class BadReply extends Error {
  override readonly name = 'BadReply'
}

/** A line `{"error": "..."}` after status 200: how Ollama fails in the middle of an answer. `message` is the server's own. */
export class ErrorLine extends Error {
  override readonly name = 'ErrorLine'
}

/**
 * Passes NDJSON on line by line, each one proven to be a JSON object without an error: the `ollama` client behind it would
 * skip a bad line with a console print. One line is handed on for each that is asked for.
 * @throws LineError, BadReply, ErrorLine
 */
export async function* checkLines(
  body: AsyncIterable<Uint8Array>,
  { maxLineBytes }: { readonly maxLineBytes: number },
): AsyncGenerator<Uint8Array> {
  const splitter = createLineSplitter({ maxLineBytes })
  for await (const bytes of body) {
    for (const line of splitter.push(bytes)) yield checkedLine(line)
  }
  for (const line of splitter.end()) yield checkedLine(line)
}

/** Passes a body on up to `maxBytes`. @throws BadReply when it is longer. */
export async function* limitBody(
  body: AsyncIterable<Uint8Array>,
  { maxBytes }: { readonly maxBytes: number },
): AsyncGenerator<Uint8Array> {
  let sizeBytes = 0
  for await (const bytes of body) {
    sizeBytes += bytes.length
    if (sizeBytes > maxBytes) throw new BadReply(`The reply is longer than ${maxBytes} bytes.`)
    yield bytes
  }
}

function checkedLine(line: string): Uint8Array {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch (cause) {
    throw new BadReply('A line is not JSON.', { cause })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BadReply('A line is not an object.')
  if ('error' in value) throw new ErrorLine(typeof value.error === 'string' ? value.error : 'unknown error')
  return new TextEncoder().encode(`${line}\n`)
}
