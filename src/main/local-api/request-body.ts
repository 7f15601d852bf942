import type { IncomingMessage } from 'node:http'
import { AppError } from '../../shared/errors.ts'

const maxJsonBytes = 1024 * 1024

/** The body as JSON. @throws AppError `unsupported-file` `file-too-large` `invalid-request` */
export async function readJsonBody(incoming: IncomingMessage): Promise<unknown> {
  // A form of a page in a browser cannot send this type without asking first.
  if (!/^application\/json\s*(;|$)/i.test(incoming.headers['content-type'] ?? '')) {
    throw new AppError('unsupported-file', 'This request needs a body of type application/json. Set its Content-Type.')
  }
  const body = await readBody(incoming)
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch (cause) {
    throw new AppError(
      'invalid-request',
      'The body of this request is not JSON in UTF-8. Correct it and send it again.',
      {
        cause,
      },
    )
  }
}

/** The whole body. @throws AppError `file-too-large` `invalid-request` */
export async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  let sizeBytes = 0
  for await (const part of bodyParts(incoming)) {
    sizeBytes += part.length
    if (sizeBytes > maxJsonBytes) throw tooLarge()
    parts.push(part)
  }
  return Buffer.concat(parts)
}

/** @throws AppError `invalid-request` when the client leaves in the middle. */
export async function* bodyParts(incoming: IncomingMessage): AsyncGenerator<Buffer, void, undefined> {
  try {
    for await (const part of incoming) yield part as Buffer
  } catch (cause) {
    throw new AppError('invalid-request', 'The body of this request broke off. Send it again.', { cause })
  }
}

function tooLarge(): AppError {
  return new AppError('file-too-large', 'The body of this request is over 1 MiB. Send less at once.')
}
