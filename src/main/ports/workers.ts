/** Names the program of a worker process: `out/main/<entry>.js`. */
export type WorkerEntry = 'parser' | 'embedder' | 'recogniser'

/** One worker process: electron/worker-process.ts (utilityProcess) or cli/worker-process.ts (child_process.fork). */
export interface WorkerProcess {
  readonly pid: number | undefined
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** Called once. `code` null: ended by a signal. */
  onExit(listener: (code: number | null) => void): void
  kill(): void
  /** Memory that the process holds now; null where that cannot be told. Quick enough to be asked four times a second. */
  residentBytes(): number | null
}

/** The details of a `worker-crashed` that ended a request. */
export interface WorkerCrash {
  /** `ended`: by itself. Else Carrel ended it: it said nothing for too long, took too long in all, or too much memory. */
  readonly reason: 'ended' | 'silent' | 'slow' | 'memory'
  /** Whether this request was being worked on; `another`: it only waited behind that; `start`: nothing had begun. */
  readonly blame: 'this' | 'another' | 'start'
  /** Of the document, the part that had been begun last. */
  readonly part?: number
}

export interface WorkerTransport {
  /** Starts `out/main/<entry>.js` in a process of its own; its messages are structured clones (typed arrays survive). */
  start(
    entry: WorkerEntry,
    options: { readonly environment: Readonly<Record<string, string>>; readonly workerArguments: readonly string[] },
  ): WorkerProcess
}
