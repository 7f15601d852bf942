import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { WorkerEntry, WorkerProcess, WorkerTransport } from '../main/ports/workers.ts'

export interface ForkTransportOptions {
  /** Holds `parser.js` and `embedder.js`. */
  readonly outFolder: string
  /** Another place of an entry: tests run the sources. */
  readonly entryPath?: (entry: WorkerEntry) => string
  /** What a worker prints (a library's warnings): for the verbose log. Dropped when absent. */
  readonly onOutput?: (entry: string, text: string) => void
}

/** The system's own places and the locale. Proxies, tokens and the switches of Node stay outside. */
const inheritedNames =
  'APPDATA HOME LANG LC_ALL LC_CTYPE LOCALAPPDATA PATH SYSTEMDRIVE SYSTEMROOT TEMP TMP TMPDIR TZ USERPROFILE WINDIR'.split(
    ' ',
  )

/** Workers as child processes of this program run as plain Node: for the command line and for tests, where there is no Electron app. */
export function createForkTransport(options: ForkTransportOptions): WorkerTransport {
  return {
    start(entry, { environment, workerArguments }): WorkerProcess {
      const path = options.entryPath?.(entry) ?? join(options.outFolder, `${entry}.js`)
      const child = fork(path, [...workerArguments], {
        serialization: 'advanced',
        execArgv: [],
        env: { ...inheritedEnvironment(), ...environment, ELECTRON_RUN_AS_NODE: '1' },
        // The worker's own output must not mix with what the command line prints; it is read in any case, since a full pipe would stop the worker.
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      })
      for (const stream of [child.stdout, child.stderr]) {
        stream?.on('data', (bytes: Buffer) => options.onOutput?.(entry, bytes.toString('utf8').trimEnd()))
      }
      let hasEnded = false
      const exitListeners: ((code: number | null) => void)[] = []
      const end = (code: number | null): void => {
        if (hasEnded) return
        hasEnded = true
        for (const listener of exitListeners) listener(code)
      }
      child.once('exit', end)
      // Could not be started, or not be written to: in both cases there is no worker any more.
      child.on('error', (error) => {
        options.onOutput?.(entry, error.message)
        child.kill('SIGKILL')
        if (child.pid === undefined) end(1)
      })
      return {
        get pid() {
          return child.pid
        },
        send(message) {
          if (!child.connected) return
          child.send(message as Parameters<typeof child.send>[0], (error) => {
            // The channel closed in between: 'exit' follows and rejects what is pending.
            if (error !== null) options.onOutput?.(entry, error.message)
          })
        },
        onMessage: (listener) => void child.on('message', listener),
        onExit: (listener) => void exitListeners.push(listener),
        kill: () => void child.kill('SIGKILL'),
        residentBytes: () => (hasEnded ? null : residentBytesOf(child.pid)),
      }
    },
  }
}

/** Linux tells it in a file; elsewhere a terminal's import goes without this limit. */
function residentBytesOf(pid: number | undefined): number | null {
  if (process.platform !== 'linux' || pid === undefined) return null
  try {
    const line = readFileSync(`/proc/${pid}/status`, 'utf8').match(/^VmRSS:\s+(\d+) kB$/m)
    return line === null ? null : Number(line[1]) * 1024
  } catch (error) {
    // The process ended in between.
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return null
    throw error
  }
}

function inheritedEnvironment(): Record<string, string> {
  const inherited: Record<string, string> = {}
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && inheritedNames.includes(name.toUpperCase())) inherited[name] = value
  }
  return inherited
}
