import { LineError } from './ndjson-lines.ts'

/** One event of a stream, as far as chat servers use it. `event` is its name, empty where none was given. */
export interface ServerSentEvent {
  readonly event: string
  readonly data: string
}

/**
 * Reads an event stream, split in any way: lines end by LF, CRLF or CR, several `data` lines are one text, comments and
 * unknown fields are passed over, a byte order mark is dropped. A field named `error` (older llama.cpp) becomes an event of that
 * name. An event that the end of the stream cuts off is given too: some servers leave the last blank line out. Memory holds one
 * unfinished line and one event, of at most `maxEventBytes` each.
 * @throws LineError when a line or an event is longer, or not UTF-8
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export async function* readServerSentEvents(
  body: AsyncIterable<Uint8Array>,
  { maxEventBytes }: { readonly maxEventBytes: number },
): AsyncGenerator<ServerSentEvent, void, undefined> {
  const events = createEventReader(maxEventBytes)
  const lines = createLineCutter(maxEventBytes)
  for await (const bytes of body) for (const line of lines.push(bytes)) yield* events.line(line)
  for (const line of lines.end()) yield* events.line(line)
  yield* events.line('')
}

interface EventReader {
  /** The events that this line completes: none or one. */
  line(text: string): readonly ServerSentEvent[]
}

function createEventReader(maxEventLength: number): EventReader {
  let event = ''
  let data: string[] = []
  let dataLength = 0
  const take = (): readonly ServerSentEvent[] => {
    const taken = data.length === 0 ? [] : [{ event, data: data.join('\n') }]
    event = ''
    data = []
    dataLength = 0
    return taken
  }
  return {
    line(text) {
      if (text === '') return take()
      const colon = text.indexOf(':')
      const field = colon === -1 ? text : text.slice(0, colon)
      const value = colon === -1 ? '' : text.slice(colon + 1).replace(/^ /, '')
      if (field === 'event') event = value
      if (field === 'error') return [{ event: 'error', data: value }]
      if (field !== 'data') return []
      dataLength += value.length
      if (dataLength > maxEventLength) throw new LineError('too-long')
      data.push(value)
      return []
    },
  }
}

interface LineCutter {
  /** The lines that `bytes` completed, blank ones too, without their line ends. @throws LineError */
  push(bytes: Uint8Array): readonly string[]
  /** What came after the last line end. @throws LineError */
  end(): readonly string[]
}

const lineFeed = 0x0a
const carriageReturn = 0x0d

function createLineCutter(maxLineBytes: number): LineCutter {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let held: Uint8Array[] = []
  let heldBytes = 0
  let isFirst = true
  // The line feed of a CRLF may come with the next bytes.
  let isAfterReturn = false

  const hold = (bytes: Uint8Array): void => {
    heldBytes += bytes.length
    if (heldBytes > maxLineBytes) throw new LineError('too-long')
    if (bytes.length > 0) held.push(bytes)
  }
  const takeLine = (): string => {
    const bytes = Buffer.concat(held)
    held = []
    heldBytes = 0
    const text = decode(decoder, bytes)
    const line = isFirst ? text.replace(/^\uFEFF/, '') : text
    isFirst = false
    return line
  }
  return {
    push(bytes) {
      const lines: string[] = []
      let start = 0
      for (let at = 0; at < bytes.length; at += 1) {
        const byte = bytes[at]
        const isLineEnd = byte === lineFeed || byte === carriageReturn
        if (byte === lineFeed && isAfterReturn) start = at + 1
        else if (isLineEnd) {
          hold(bytes.subarray(start, at))
          start = at + 1
          lines.push(takeLine())
        }
        isAfterReturn = byte === carriageReturn
      }
      hold(bytes.subarray(start))
      return lines
    },
    end: () => (heldBytes === 0 ? [] : [takeLine()]),
  }
}

function decode(decoder: TextDecoder, bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    // The decoder's own error says nothing more than this one.
    throw new LineError('not-utf-8')
  }
}
