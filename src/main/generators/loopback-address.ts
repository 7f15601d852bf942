import { isIPv4 } from 'node:net'

/** Where Ollama listens when nobody said otherwise. */
export const defaultModelServerAddresses: readonly string[] = ['http://127.0.0.1:11434', 'http://[::1]:11434']

/**
 * The addresses to try, in order, as `http://IP:PORT` without a trailing slash; or what was refused: `refusedHost` is the
 * value as it may be shown (credentials hidden, shortened).
 */
export type ModelServerAddresses =
  | { readonly addresses: readonly string[]; readonly refusedHost: null }
  | { readonly addresses: readonly []; readonly refusedHost: string }

/**
 * Reads an address the way Ollama reads `OLLAMA_HOST` (`host`, `host:port`, `http://host:port`, `:port`, quotes and blanks
 * around it, port 80 after an explicit `http://`; `/v1` at its end, as other programs want it, is dropped), but takes only this
 * computer: 127.x.x.x, [::1], `localhost`, and the "all interfaces" addresses that a server listens on. Every name but
 * `localhost` is refused without being resolved, and `localhost` itself is never resolved either. Nothing set: Ollama's usual places.
 * @see https://github.com/ollama/ollama/blob/main/envconfig/config.go
 */
export function modelServerAddresses(text: string | undefined): ModelServerAddresses {
  const value = (text ?? '')
    .trim()
    .replace(/^["']+|["']+$/g, '')
    .trim()
  if (value === '') return { addresses: defaultModelServerAddresses, refusedHost: null }
  const own = ownAddresses(value)
  return own === null ? { addresses: [], refusedHost: shownHost(value) } : { addresses: own, refusedHost: null }
}

/**
 * True for `http://` and a literal loopback address, without credentials: all that may be connected to. The URL parser has
 * already turned every other way of writing an address (`0x7f.1`) into the plain one.
 */
export function isLoopbackUrl(url: URL): boolean {
  if (url.protocol !== 'http:' || url.username !== '' || url.password !== '') return false
  return url.hostname === '[::1]' || isLoopbackIPv4(url.hostname)
}

const hostPattern = /^(http:\/\/)?(\[[0-9a-f:]+\]|[a-z0-9.]*)(?::(\d{1,5}))?(?:\/v1)?\/?$/i

function ownAddresses(value: string): readonly string[] | null {
  const match = hostPattern.exec(value === '::1' || value === '::' ? `[${value}]` : value)
  if (match === null) return null
  const [, scheme, host = '', portText] = match
  const port = portText === undefined ? (scheme === undefined ? 11434 : 80) : Number(portText)
  if (port < 1 || port > 65535) return null
  return hostAddresses(host.toLowerCase())?.map((address) => `http://${address}:${port}`) ?? null
}

function hostAddresses(host: string): readonly string[] | null {
  if (host === '' || host === '0.0.0.0') return ['127.0.0.1']
  if (host === 'localhost') return ['127.0.0.1', '[::1]']
  if (isLoopbackIPv4(host)) return [host]
  if (!host.startsWith('[')) return null
  const compressed = URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : ''
  if (compressed === '[::1]') return ['[::1]']
  return compressed === '[::]' ? ['[::1]', '127.0.0.1'] : null
}

function isLoopbackIPv4(host: string): boolean {
  return isIPv4(host) && host.startsWith('127.')
}

function shownHost(value: string): string {
  // Control characters and credentials do not belong on a screen or in a log.
  const plain = value.replace(/\p{Cc}/gu, '').replace(/^(\w+:\/\/)?.*@/, '$1')
  return plain.length > 100 ? `${plain.slice(0, 100)}...` : plain
}
