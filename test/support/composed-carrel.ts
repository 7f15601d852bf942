import { join } from 'node:path'
import { createForkTransport } from '../../src/cli/worker-process.ts'
import { terminalDesktop } from '../../src/cli/terminal-desktop.ts'
import { type Carrel, compose } from '../../src/main/compose.ts'
import { projectFolder, temporaryFolder } from './run-carrel.ts'

export const samplesFolder = join(projectFolder, 'resources', 'samples')
export const leaseFile = join(samplesFolder, 'Office lease, 14 Elm Street.pdf')

export interface ComposedCarrel extends AsyncDisposable {
  readonly carrel: Carrel
  readonly dataFolder: string
  readonly folder: string
  /** Of the open local API. */
  readonly url: string
  readonly token: string
  fetch(path: string, init?: RequestInit): Promise<Response>
}

/**
 * The whole of Carrel in this process, its local API open on a free port; workers run as they are built. No model server
 * unless `ollamaHost` names one.
 */
export async function composeCarrel(
  options: {
    readonly ollamaHost?: string
    readonly paths?: readonly string[]
    /** In the temporary folder, by name. */
    readonly allowedFolders?: readonly string[]
    readonly allowedOrigins?: readonly string[]
    /** Holds `models`; else the project's own. */
    readonly resourcesFolder?: string
  } = {},
): Promise<ComposedCarrel> {
  await using stack = new AsyncDisposableStack()
  const folder = stack.use(await temporaryFolder())
  const outFolder = join(projectFolder, 'out', 'main')
  const dataFolder = join(folder.path, 'library')
  const carrel = stack.use(
    await compose({
      dataFolder,
      resourcesFolder: options.resourcesFolder ?? join(projectFolder, 'resources'),
      outFolder,
      transport: createForkTransport({ outFolder }),
      desktop: terminalDesktop,
      environment: { OLLAMA_HOST: options.ollamaHost ?? 'http://127.0.0.1:9' },
      isVerbose: false,
      isTerminal: false,
      isResident: false,
    }),
  )
  const { signal } = new AbortController()
  if (options.paths !== undefined) {
    await carrel.importer.add(options.paths, { signal })
    await carrel.importer.idle({ signal })
  }
  const { address, token } = await carrel.localApi.apply({
    isOn: true,
    port: 0,
    allowedOrigins: options.allowedOrigins ?? [],
    allowedFolders: (options.allowedFolders ?? []).map((name) => join(folder.path, name)),
  })
  if (address === null || token === null) throw new Error('the local API did not open')
  const lifetime = stack.move()
  return {
    carrel,
    dataFolder,
    folder: folder.path,
    url: address,
    token,
    fetch: (path, init = {}) =>
      fetch(`${address}${path}`, {
        ...init,
        headers: { authorization: `Bearer ${token}`, ...(init.headers as Record<string, string> | undefined) },
      }),
    [Symbol.asyncDispose]: () => lifetime.disposeAsync(),
  }
}
