import type { ServerResponse } from 'node:http'
import type { Clock } from '../ports/clock.ts'

/** A reader that takes nothing for this long has gone, whatever its socket says. */
const stalledReaderMs = 60_000

export interface StreamResponseOptions {
  readonly headers: Readonly<Record<string, string>>
  readonly clock: Clock
  /** Written whenever this much time has passed and the reader is not behind. */
  readonly keepAlive?: { readonly everyMs: number; readonly text: string }
}

/**
 * Writes pieces as they come, each flushed at once, and takes the next only when the socket has room: a slow reader holds
 * the producer, not memory. When the reader has gone (or took nothing for a minute, then its socket is destroyed), the rest is still
 * consumed, without being written, so that the producer comes to its own end; ending it early is up to `clientSignal`.
 * @throws what `pieces` throws; the socket is then destroyed, so that the reader sees that something is missing.
 */
export async function writeStream(
  outgoing: ServerResponse,
  pieces: AsyncIterable<string>,
  { headers, clock, keepAlive }: StreamResponseOptions,
): Promise<void> {
  const keepAliveTimer = { cancel: (): void => undefined }
  const scheduleKeepAlive = (): void => {
    if (keepAlive === undefined) return
    keepAliveTimer.cancel = clock.after(keepAlive.everyMs, () => {
      if (isOpen(outgoing) && !outgoing.writableNeedDrain) outgoing.write(keepAlive.text)
      scheduleKeepAlive()
    })
  }
  try {
    if (isOpen(outgoing)) {
      outgoing.writeHead(200, { ...headers, 'X-Content-Type-Options': 'nosniff' })
      outgoing.flushHeaders()
    }
    scheduleKeepAlive()
    for await (const piece of pieces) {
      if (piece === '' || !isOpen(outgoing)) continue
      if (!outgoing.write(piece)) await roomOrGone(outgoing, clock)
    }
    if (isOpen(outgoing)) outgoing.end()
  } catch (error) {
    outgoing.destroy()
    throw error
  } finally {
    keepAliveTimer.cancel()
  }
}

/** Aborts when the client is gone before its reply was complete. */
export function clientSignal(outgoing: ServerResponse): AbortSignal {
  const controller = new AbortController()
  const gone = (): void => {
    if (!outgoing.writableFinished) controller.abort('client disconnected')
  }
  if (outgoing.destroyed) gone()
  else outgoing.once('close', gone)
  return controller.signal
}

function isOpen(outgoing: ServerResponse): boolean {
  return !outgoing.destroyed && !outgoing.writableEnded
}

async function roomOrGone(outgoing: ServerResponse, clock: Clock): Promise<void> {
  const cancelTimer = clock.after(stalledReaderMs, () => outgoing.destroy())
  try {
    await new Promise<void>((resolve) => {
      const settle = (): void => {
        outgoing.off('drain', settle)
        outgoing.off('close', settle)
        resolve()
      }
      outgoing.on('drain', settle)
      outgoing.on('close', settle)
      if (outgoing.destroyed) settle()
    })
  } finally {
    cancelTimer()
  }
}
