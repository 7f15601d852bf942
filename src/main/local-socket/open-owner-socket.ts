import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Log } from '../ports/log.ts'
import { closeToOthers, prepareSocket } from './owner-socket.ts'
import type { RunCommandLine } from './serve-command.ts'
import { serveCommand } from './serve-command.ts'
import type { SocketPlace } from './socket-place.ts'

/** Starts an HTTP server of the local API at a path; its requests may all do what the owner may. */
export type ListenAtPath = (
  path: string,
  serveCommand: (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>,
) => Promise<{ close(): Promise<void> }>

/**
 * The door that is always open, for the owner alone: `carrel` in a terminal, while the app holds the library. It speaks the local
 * API, without a token, and runs whole command lines. Where it cannot be opened, the app goes on without it, and the log says why.
 */
export async function openOwnerSocket(parts: {
  readonly place: SocketPlace
  readonly listen: ListenAtPath
  readonly runCommandLine: RunCommandLine
  readonly log: Log
}): Promise<AsyncDisposable> {
  const { place, listen, runCommandLine, log } = parts
  try {
    await prepareSocket(place)
    const server = await listen(place.path, (incoming, outgoing) => serveCommand(incoming, outgoing, runCommandLine))
    await closeToOthers(place)
    return { [Symbol.asyncDispose]: () => server.close() }
  } catch (cause) {
    log.warn('the command line cannot reach the app: its local socket could not be opened', cause)
    return { [Symbol.asyncDispose]: async () => undefined }
  }
}
