import { _electron, type ElectronApplication, type Page } from '@playwright/test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export const projectFolder = resolve(import.meta.dirname, '..', '..', '..')

/** A free port would do as well: nothing listens on port 9 of loopback, so no model server is found there. */
export const noModelServer = 'http://127.0.0.1:9'

export interface LaunchOptions {
  /** Kept by the caller across launches; else a fresh one that is removed with the app. */
  readonly dataFolder?: string
  /** Where the app looks for its model server. */
  readonly ollamaHost?: string
  readonly environment?: Readonly<Record<string, string>>
  readonly extraArguments?: readonly string[]
  /** Starts Electron in its place, such as a tracer. */
  readonly executablePath?: string
}

export interface RunningApp extends AsyncDisposable {
  readonly application: ElectronApplication
  readonly page: Page
  readonly dataFolder: string
  readonly pid: number
  /** What the app printed so far, both streams. */
  readonly output: () => string
  /** Ends the app as a person does; resolves when the process is gone. */
  quit(): Promise<void>
  /** Resolves when the process is gone, whoever ended it. */
  readonly gone: Promise<void>
}

/**
 * Starts the built app on a data folder of its own. Use with `await using`: whatever happens in the test, the process
 * is gone and the folder removed afterwards.
 */
export async function launchCarrel(options: LaunchOptions = {}): Promise<RunningApp> {
  const temporary = options.dataFolder === undefined ? await makeFolder('carrel-data-') : null
  const dataFolder = options.dataFolder ?? temporary?.path ?? ''
  const application = await _electron.launch({
    executablePath: options.executablePath ?? electronBinary(),
    args: [
      '-r',
      join(import.meta.dirname, 'wait-for-playwright.cjs'),
      ...appArguments(dataFolder),
      ...(options.extraArguments ?? []),
    ],
    // Else Playwright itself turns the sandbox off on Linux, for everybody.
    chromiumSandbox: true,
    // Playwright pretends that the system is light otherwise, whatever theme was chosen.
    colorScheme: null,
    cwd: projectFolder,
    env: appEnvironment({ OLLAMA_HOST: options.ollamaHost ?? noModelServer, ...options.environment }),
    timeout: 60_000,
  })
  const child = application.process()
  const pieces: string[] = []
  child.stdout?.on('data', (bytes: Buffer) => void pieces.push(bytes.toString('utf8')))
  child.stderr?.on('data', (bytes: Buffer) => void pieces.push(bytes.toString('utf8')))
  const gone = new Promise<void>((resolveGone) => {
    if (child.exitCode !== null || child.signalCode !== null) resolveGone()
    else child.once('exit', () => resolveGone())
  })
  const page = await application.firstWindow()
  // Under a tracer the child is the tracer; this is the app itself.
  const pid = await application.evaluate(() => process.pid)
  return {
    application,
    page,
    dataFolder,
    pid,
    output: () => pieces.join(''),
    gone,
    async quit() {
      // The reply may not come any more: the process ends while it is asked.
      await Promise.race([application.evaluate(({ app }) => app.quit()).catch(() => undefined), gone])
      await gone
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) {
        process.kill(pid, 'SIGKILL')
        if (pid !== child.pid) child.kill('SIGKILL')
      }
      await gone
      await temporary?.[Symbol.asyncDispose]()
    },
  }
}

/** Everything before Carrel's own arguments. Root cannot have Chromium's sandbox; everybody else keeps it. */
export function appArguments(dataFolder: string): string[] {
  return [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '.', '--data', dataFolder]
}

/** The Electron that the launcher found. @throws Error when the tests were not started by it. */
export function electronBinary(): string {
  const given = process.env['CARREL_ELECTRON']
  if (given !== undefined && given !== '') return given
  throw new Error('CARREL_ELECTRON names no Electron: start these tests by "npm test", or set it to the binary.')
}

/** A UTF-8 locale (else Chromium drops files with names in Chinese), and never Electron as Node. */
export function appEnvironment(extra: Readonly<Record<string, string>>): Record<string, string> {
  const { ELECTRON_RUN_AS_NODE: _node, LC_ALL: _all, LC_CTYPE: _type, CARREL_DATA: _data, ...rest } = process.env
  const inherited = Object.entries(rest).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return { ...Object.fromEntries(inherited), LANG: 'C.UTF-8', CARREL_E2E: '1', ...extra }
}

/** A folder that is removed with its scope. */
export async function makeFolder(prefix: string): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), prefix))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) }
}
