import { AppError, serializeError } from '../../shared/errors.ts'
import type { LocalApiStatus } from '../../shared/local-api.ts'
import type { Log } from '../ports/log.ts'
import type { ListeningServer } from './http-server.ts'

export interface LocalApiSettings {
  readonly isOn: boolean
  readonly port: number
  readonly allowedOrigins: readonly string[]
  readonly allowedFolders: readonly string[]
}

/** The switch for other programs: off until the settings say on, on 127.0.0.1 alone. */
export interface LocalApi extends AsyncDisposable {
  /** Makes the server what the settings say; resolves when it is. Never throws: `status` says what went wrong. */
  apply(settings: LocalApiSettings): Promise<LocalApiStatus>
  readonly status: LocalApiStatus
  /** Folders that other programs may add files from. */
  readonly allowedFolders: readonly string[]
  onChange(listener: (status: LocalApiStatus) => void): () => void
}

/** Starts listening. @throws what listening throws */
export type OpenServer = (rules: {
  readonly port: number
  readonly token: string
  readonly allowedOrigins: () => readonly string[]
}) => Promise<ListeningServer>

export function createLocalApi(parts: {
  readonly readToken: () => Promise<string>
  readonly open: OpenServer
  readonly log: Log
}): LocalApi {
  const { readToken, open, log } = parts
  const listeners = new Set<(status: LocalApiStatus) => void>()
  let status: LocalApiStatus = { state: 'off', address: null, token: null, problem: null }
  let server: ListeningServer | null = null
  let askedPort: number | null = null
  let allowed: Pick<LocalApiSettings, 'allowedOrigins' | 'allowedFolders'> = { allowedOrigins: [], allowedFolders: [] }
  let last: Promise<unknown> = Promise.resolve()

  const become = (next: LocalApiStatus): LocalApiStatus => {
    status = next
    for (const listener of listeners) listener(next)
    return next
  }

  const close = async (): Promise<void> => {
    const closing = server
    server = null
    askedPort = null
    await closing?.close()
  }

  const applyNow = async (settings: LocalApiSettings): Promise<LocalApiStatus> => {
    allowed = settings
    if (server !== null && settings.isOn && askedPort === settings.port) return status
    await close()
    if (!settings.isOn) {
      if (status.state !== 'off') log.info('local API: off')
      return become({ state: 'off', address: null, token: null, problem: null })
    }
    try {
      const token = await readToken()
      server = await open({ port: settings.port, token, allowedOrigins: () => allowed.allowedOrigins })
      askedPort = settings.port
      const address = `http://127.0.0.1:${server.port}`
      log.info(`local API: on at ${address}`)
      return become({ state: 'on', address, token, problem: null })
    } catch (cause) {
      log.warn('local API: could not be opened', cause)
      return become({
        state: 'failed',
        address: null,
        token: null,
        problem: serializeError(isTaken(cause) ? portTaken(settings.port) : cause),
      })
    }
  }

  return {
    apply(settings) {
      const applied = last.then(() => applyNow(settings))
      last = applied
      return applied
    },
    get allowedFolders() {
      return allowed.allowedFolders
    },
    get status() {
      return status
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async [Symbol.asyncDispose]() {
      await last
      await close()
    },
  }
}

function isTaken(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === 'EADDRINUSE' || cause.code === 'EACCES')
}

function portTaken(port: number): AppError {
  return new AppError('port-taken', `Another program uses port ${port}. Choose another port.`, {
    retryable: true,
    details: { port },
  })
}
