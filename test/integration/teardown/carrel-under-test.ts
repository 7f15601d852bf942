import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createForkTransport } from '../../../src/cli/worker-process.ts'
import { runForTerminal } from '../../../src/cli/run-for-terminal.ts'
import { terminalDesktop } from '../../../src/cli/terminal-desktop.ts'
import { type Carrel, compose } from '../../../src/main/compose.ts'
import type { WorkerTransport } from '../../../src/main/ports/workers.ts'
import { projectFolder, temporaryFolder } from '../../support/run-carrel.ts'

/** The whole of Carrel in this process, workers as they are built, which can be quit and started again on the same library. */
export interface CarrelUnderTest extends AsyncDisposable {
  readonly carrel: Carrel
  readonly dataFolder: string
  readonly apiUrl: string
  readonly apiToken: string
  /** Workers that are alive now. */
  readonly workerPids: readonly number[]
  start(): Promise<void>
  /** As the app quits: resolves when all is closed. */
  quit(): Promise<void>
}

/**
 * @param ollamaHost where its model server is
 * @param model to choose; null: the first it offers. A change of settings later closes the local API, which the settings leave off.
 */
export async function startCarrelUnderTest(ollamaHost: string, model: string | null = null): Promise<CarrelUnderTest> {
  await using stack = new AsyncDisposableStack()
  const folder = stack.use(await temporaryFolder())
  const outFolder = join(projectFolder, 'out', 'main')
  const dataFolder = join(folder.path, 'library')
  const alive = new Set<number>()
  const forked = createForkTransport({ outFolder })
  const transport: WorkerTransport = {
    start(entry, options) {
      const started = forked.start(entry, options)
      const { pid } = started
      if (pid !== undefined) {
        alive.add(pid)
        started.onExit(() => alive.delete(pid))
      }
      return started
    },
  }
  let open: { readonly carrel: Carrel; readonly url: string; readonly token: string } | null = null
  const running = (): NonNullable<typeof open> => {
    if (open === null) throw new Error('Carrel does not run now')
    return open
  }
  const start = async (): Promise<void> => {
    const carrel = await compose({
      dataFolder,
      resourcesFolder: join(projectFolder, 'resources'),
      outFolder,
      transport,
      desktop: { ...terminalDesktop, isOnBattery: () => false },
      environment: { OLLAMA_HOST: ollamaHost },
      isVerbose: false,
      isTerminal: false,
      runCommandLine: runForTerminal,
      isResident: true,
    })
    await carrel.handlers['settings:set']({ embedderProcesses: 1, model })
    const { address, token } = await carrel.localApi.apply({
      isOn: true,
      port: 0,
      allowedOrigins: [],
      allowedFolders: [],
    })
    if (address === null || token === null) throw new Error('the local API did not open')
    open = { carrel, url: address, token }
  }
  const quit = async (): Promise<void> => {
    const { carrel } = running()
    open = null
    await carrel[Symbol.asyncDispose]()
  }
  stack.defer(async () => {
    if (open !== null) await quit()
  })
  await start()
  const document = join(folder.path, 'Carrels.md')
  await writeFile(
    document,
    '# Carrels\n\nA carrel is a small private desk in a library.\n\nThe carrels of this library open at nine.\n',
  )
  const { signal } = new AbortController()
  await running().carrel.importer.add([document], { signal })
  await running().carrel.importer.idle({ signal })
  const lifetime = stack.move()
  return {
    get carrel() {
      return running().carrel
    },
    dataFolder,
    get apiUrl() {
      return running().url
    },
    get apiToken() {
      return running().token
    },
    get workerPids() {
      return [...alive]
    },
    start,
    quit,
    [Symbol.asyncDispose]: () => lifetime.disposeAsync(),
  }
}
