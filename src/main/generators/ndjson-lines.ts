/** Why a stream of lines cannot be read on. */
export class LineError extends Error {
  readonly reason: 'too-long' | 'not-utf-8'

  constructor(reason: 'too-long' | 'not-utf-8') {
    super(reason === 'too-long' ? 'A line is longer than allowed.' : 'A line is not UTF-8 text.')
    this.name = 'LineError'
    this.reason = reason
  }
}

/** Cuts bytes into lines; holds at most one unfinished line. */
export interface LineSplitter {
  /** The lines that `bytes` completed, in order, without their line ends; blank ones are left out. @throws LineError */
  push(bytes: Uint8Array): readonly string[]
  /** The last line, when the stream ended without a line end. @throws LineError */
  end(): readonly string[]
}

const lineFeed = 0x0a

/**
 * A splitter for newline-delimited JSON. It decodes whole lines only, so bytes may be split anywhere, inside a character
 * too. A line of more than `maxLineBytes` fails as soon as that many bytes have come, finished or not: memory stays bounded
 * whatever a server sends.
 */
export function createLineSplitter({ maxLineBytes }: { readonly maxLineBytes: number }): LineSplitter {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let held: Uint8Array[] = []
  let heldBytes = 0

  const hold = (bytes: Uint8Array): void => {
    heldBytes += bytes.length
    if (heldBytes > maxLineBytes) throw new LineError('too-long')
    if (bytes.length > 0) held.push(bytes)
  }
  const takeLine = (): string => {
    const bytes = Buffer.concat(held)
    held = []
    heldBytes = 0
    try {
      return decoder.decode(bytes).trim()
    } catch {
      // The decoder's own error says nothing more than this one.
      throw new LineError('not-utf-8')
    }
  }

  return {
    push(bytes) {
      const lines: string[] = []
      let start = 0
      for (let at = bytes.indexOf(lineFeed); at !== -1; at = bytes.indexOf(lineFeed, start)) {
        hold(bytes.subarray(start, at))
        start = at + 1
        const line = takeLine()
        if (line !== '') lines.push(line)
      }
      hold(bytes.subarray(start))
      return lines
    },
    end() {
      const line = takeLine()
      return line === '' ? [] : [line]
    },
  }
}
