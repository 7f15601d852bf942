import type { WorkerProcess, WorkerTransport } from '../../../../src/main/ports/workers.ts'
import { type ToWorker, workerProtocolVersion } from '../../../../src/main/worker/protocol.ts'

/** One started process, played by the test. */
export interface FakeProcess {
  readonly pid: number
  readonly entry: string
  readonly environment: Readonly<Record<string, string>>
  readonly workerArguments: readonly string[]
  readonly received: ToWorker[]
  isKilled: boolean
  residentBytes: number
  say(message: unknown): void
  ready(protocolVersion?: number): void
  exit(code: number | null): void
}

export interface FakeTransport extends WorkerTransport {
  readonly processes: FakeProcess[]
  latest(): FakeProcess
}

/** Processes without processes: messages are recorded, replies and exits come from the test. `onReceive` plays a worker. */
export function createFakeTransport(
  onReceive: (process: FakeProcess, message: ToWorker) => void = () => undefined,
): FakeTransport {
  const processes: FakeProcess[] = []
  return {
    processes,
    latest() {
      const process = processes.at(-1)
      if (process === undefined) throw new Error('no process was started')
      return process
    },
    start(entry, { environment, workerArguments }): WorkerProcess {
      let messageListener: (message: unknown) => void = () => undefined
      let exitListener: (code: number | null) => void = () => undefined
      let hasExited = false
      const process: FakeProcess = {
        pid: 1000 + processes.length,
        entry,
        environment,
        workerArguments,
        received: [],
        isKilled: false,
        residentBytes: 0,
        say: (message) => messageListener(message),
        ready: (protocolVersion = workerProtocolVersion) =>
          messageListener({ type: 'ready', protocolVersion, models: [] }),
        exit(code) {
          if (hasExited) return
          hasExited = true
          exitListener(code)
        },
      }
      processes.push(process)
      return {
        pid: process.pid,
        send(message) {
          process.received.push(message as ToWorker)
          onReceive(process, message as ToWorker)
        },
        onMessage: (listener) => {
          messageListener = listener
        },
        onExit: (listener) => {
          exitListener = listener
        },
        kill() {
          process.isKilled = true
          process.exit(null)
        },
        residentBytes: () => process.residentBytes,
      }
    },
  }
}
