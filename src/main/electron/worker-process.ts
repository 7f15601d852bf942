import { app, utilityProcess } from 'electron'
import { join } from 'node:path'
import type { WorkerProcess, WorkerTransport } from '../ports/workers.ts'
import { workerEnvironment } from './worker-environment.ts'

/** What starting workers needs of its surroundings. */
export interface WorkerTransportOptions {
  /** Holds `parser.js` and `embedder.js`. */
  readonly programFolder: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** What a worker prints (a library's warnings): for the verbose log. */
  readonly onOutput: (entry: string, text: string) => void
}

/** Workers as Electron utility processes: own heap, own crash, messages by structured clone. */
export function createWorkerTransport(options: WorkerTransportOptions): WorkerTransport {
  return {
    start(entry, { environment, workerArguments }): WorkerProcess {
      const child = utilityProcess.fork(join(options.programFolder, `${entry}.js`), [...workerArguments], {
        serviceName: `carrel-${entry}`,
        env: { ...workerEnvironment(options.environment), ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      for (const stream of [child.stdout, child.stderr]) {
        // Read in any case: a full pipe would stop the worker.
        stream?.on('data', (bytes: Buffer) => options.onOutput(entry, bytes.toString('utf8').trimEnd()))
      }
      let isKilled = false
      return {
        get pid() {
          return child.pid
        },
        send: (message) => child.postMessage(message),
        onMessage: (listener) => void child.on('message', listener),
        onExit: (listener) => void child.once('exit', (code) => listener(isKilled ? null : code)),
        kill: () => {
          isKilled = true
          child.kill()
        },
        residentBytes() {
          const { pid } = child
          const metric = pid === undefined ? undefined : app.getAppMetrics().find((each) => each.pid === pid)
          return metric === undefined ? null : metric.memory.workingSetSize * 1024
        },
      }
    },
  }
}
