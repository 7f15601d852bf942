import { AppError } from '../../shared/errors.ts'
import { defaultModelServerAddresses, modelServerAddresses } from './loopback-address.ts'
import { refusedHost } from './server-errors.ts'

/** Where to look: where somebody said (in Settings, else in `OLLAMA_HOST`), or at the usual places. */
export type ServerPlan =
  | { readonly type: 'refused'; readonly host: string; readonly toldBy: ToldBy }
  | { readonly type: 'told'; readonly addresses: readonly string[]; readonly toldBy: ToldBy }
  | { readonly type: 'usual' }

export type ToldBy = 'Settings' | 'OLLAMA_HOST'

/** `setting`: `auto` or an address. A setting goes before the environment; an `OLLAMA_HOST` that says a usual place says nothing. */
export function planServers(setting: string, ollamaHost: string | undefined): ServerPlan {
  const toldBy: ToldBy = setting === 'auto' ? 'OLLAMA_HOST' : 'Settings'
  const { addresses, refusedHost: host } = modelServerAddresses(setting === 'auto' ? ollamaHost : setting)
  if (host !== null) return { type: 'refused', host, toldBy }
  if (toldBy === 'OLLAMA_HOST' && addresses.every((address) => defaultModelServerAddresses.includes(address))) {
    return { type: 'usual' }
  }
  return { type: 'told', addresses, toldBy }
}

/**
 * What a person typed as the server's address, as it is kept: `auto`, or `http://HOST:PORT`.
 * @throws AppError `invalid-request` when no address is meant, `model-not-local` when it is not on this computer
 */
export function readServerSetting(text: string): string {
  const value = text.trim()
  if (value === '' || /^auto$/i.test(value)) return 'auto'
  const typed = /^\d{1,5}$/.test(value) ? `127.0.0.1:${value}` : value
  const { addresses, refusedHost: host } = modelServerAddresses(typed)
  const [first] = addresses
  if (host !== null) {
    if (isHost(typed)) throw refusedHost(host, 'Settings')
    throw new AppError('invalid-request', 'That is not an address of a model server. Give one like 127.0.0.1:1234.', {
      details: { reason: 'server-address' },
    })
  }
  if (first === undefined) return 'auto'
  return /localhost/i.test(typed) ? first.replace('127.0.0.1', 'localhost') : first
}

/** True for what could be a computer's name or address. */
function isHost(text: string): boolean {
  return /^(\w+:\/\/)?([^\s/@]+@)?(\[[0-9a-f:.%]+\]|[\p{L}\p{N}][\p{L}\p{N}.-]*)(:\d{1,5})?(\/\S*)?$/iu.test(text)
}
