import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { BlockList, isIPv4, type Socket } from 'node:net'

/** Counts what should never happen. */
export interface ConnectionWatch {
  /** TCP connections of this process that were begun towards an address beyond loopback, since the watch began. */
  outside(): number
  /** Called after each change with the new count. @returns what ends the subscription. */
  onChange(listener: (outside: number) => void): () => void
  stop(): void
}

const clientSocketChannel = 'net.client.socket'

/**
 * Watches every TCP socket that any code in this process opens (`net.connect`, and so http, tls, undici and `fetch`)
 * through Node's diagnostics channel, and counts each one once when it begins to connect to an address that is not
 * loopback, whether it succeeds or not. It sees the resolved address, not the name. Start it before anything else.
 * Native code and the page are not seen here: the page has its own guard.
 * @see https://nodejs.org/api/diagnostics_channel.html#built-in-channels
 */
export function watchConnections(): ConnectionWatch {
  const listeners = new Set<(outside: number) => void>()
  let count = 0
  const onSocket = (message: unknown): void => {
    const socket = clientSocket(message)
    if (socket === null) return
    const onAttempt = (address: string): void => {
      if (isLoopbackAddress(address)) return
      socket.off('connectionAttempt', onAttempt)
      count += 1
      for (const listener of listeners) listener(count)
    }
    // Emitted with the resolved address before each attempt; never for local sockets and pipes.
    socket.on('connectionAttempt', onAttempt)
  }
  subscribe(clientSocketChannel, onSocket)
  return {
    outside: () => count,
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    stop() {
      unsubscribe(clientSocketChannel, onSocket)
      listeners.clear()
    },
  }
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** True for 127.0.0.0/8 and ::1, also written as IPv4 inside IPv6. `address` is a literal address, not a name. */
export function isLoopbackAddress(address: string): boolean {
  return loopback.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')
}

function clientSocket(message: unknown): Socket | null {
  return typeof message === 'object' && message !== null && 'socket' in message ? (message.socket as Socket) : null
}
