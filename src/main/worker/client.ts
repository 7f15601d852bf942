import { AppError, deserializeError } from '../../shared/errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { WorkerCrash, WorkerEntry, WorkerProcess, WorkerTransport } from '../ports/workers.ts'
import type { CrashBreaker } from './crash-breaker.ts'
import { fromWorkerSchema, type ToWorker, type WorkerMethod, workerProtocolVersion } from './protocol.ts'
import { memoryLookMs, nextLimit, type WorkerLimits } from './worker-limits.ts'

export interface WorkerClientOptions {
  readonly transport: WorkerTransport
  readonly entry: WorkerEntry
  readonly environment: Readonly<Record<string, string>>
  readonly workerArguments: readonly string[]
  readonly clock: Clock
  readonly log: Log
  readonly breaker: CrashBreaker
  /** The process is stopped after this long without a request. */
  readonly idleMs?: number
  /** A process that goes beyond while it has work is ended. */
  readonly limits?: WorkerLimits
  /** How long a process that was asked to stop may take. */
  readonly stopMs?: number
  /** Each time a process is ready. Only now is its number known everywhere. */
  readonly onReady?: (pid: number) => void
}

export interface WorkerRequest {
  readonly method: WorkerMethod
  readonly input: unknown
  /** What is worked on, for the breaker: equal for equal files or texts. */
  readonly subject: string
  readonly signal: AbortSignal
  /** The next batch is sent when this has resolved. A rejection cancels the request and is passed on. */
  readonly onBatch?: (value: unknown) => Promise<void>
}

interface Pending {
  readonly request: WorkerRequest
  readonly settle: (outcome: { readonly value: unknown } | { readonly error: unknown }) => void
  isTakingBatch: boolean
  part: number | undefined
  spentMs: number
}

interface Running {
  readonly process: WorkerProcess
  readonly pending: Map<number, Pending>
  /** Requests that wait for `ready`. */
  readonly unsent: ToWorker[]
  readonly exited: Promise<void>
  isReady: boolean
  isStopping: boolean
  /** By Carrel: how it ends then says nothing. */
  isKilled: boolean
  endReason: WorkerCrash['reason']
  /** Since when it works on its first request without waiting for main. */
  workingSince: number
}

/**
 * One worker process and its requests. Started by the first request, stopped after ten idle minutes, started anew by the
 * next request after a crash. Every request settles exactly once; any exit rejects what is pending with `worker-crashed`,
 * and nothing is sent twice: whoever asked decides what to try again.
 */
export class WorkerClient implements AsyncDisposable {
  readonly #options: WorkerClientOptions
  #running: Running | null = null
  readonly #ending = new Set<Promise<void>>()
  #nextId = 1
  #isDisposed = false
  #cancelIdle: () => void = () => undefined
  #cancelLimit: () => void = () => undefined
  #cancelMemoryLook: () => void = () => undefined

  constructor(options: WorkerClientOptions) {
    this.#options = options
  }

  /** Of the running process, if there is one. */
  get pid(): number | undefined {
    return this.#running?.process.pid
  }

  get pendingCount(): number {
    return this.#running?.pending.size ?? 0
  }

  /**
   * @returns the worker's result, unchecked. @throws the worker's AppError; AppError `worker-crashed`; on abort at once the
   * signal's reason, while the worker is told to give up.
   */
  request(request: WorkerRequest): Promise<unknown> {
    const { signal } = request
    if (signal.aborted) return Promise.reject(signal.reason)
    if (this.#isDisposed) return Promise.reject(stoppedError())
    try {
      this.#options.breaker.check()
    } catch (error) {
      return Promise.reject(error)
    }
    const running = this.#running ?? this.#start()
    const id = this.#nextId
    this.#nextId += 1
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const onAbort = (): void => {
      this.#send(running, { type: 'cancel', id })
      pending.settle({ error: signal.reason })
    }
    const pending: Pending = {
      request,
      isTakingBatch: false,
      part: undefined,
      spentMs: 0,
      settle: (outcome) => {
        if (!running.pending.delete(id)) return
        running.workingSince = this.#options.clock.now()
        signal.removeEventListener('abort', onAbort)
        if ('error' in outcome) reject(outcome.error)
        else resolve(outcome.value)
        this.#watch()
      },
    }
    if (running.pending.size === 0) running.workingSince = this.#options.clock.now()
    running.pending.set(id, pending)
    this.#lookAtMemory()
    signal.addEventListener('abort', onAbort, { once: true })
    this.#send(running, { type: 'request', id, method: request.method, input: request.input })
    this.#watch()
    return promise
  }

  /** Ends the process if it has nothing to do: it starts anew with the next request. */
  async stopIfIdle(): Promise<void> {
    if (this.#running !== null && this.#running.pending.size === 0) await this.#stop(this.#running)
  }

  /** Rejects what is pending, asks the process to stop, kills it after two seconds; resolves when no process is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true
    if (this.#running !== null) void this.#stop(this.#running)
    await Promise.all(this.#ending)
  }

  #start(): Running {
    const { transport, entry, environment, workerArguments } = this.#options
    const process = transport.start(entry, { environment, workerArguments })
    const exit = Promise.withResolvers<void>()
    const running: Running = {
      process,
      pending: new Map(),
      unsent: [],
      exited: exit.promise,
      isReady: false,
      isStopping: false,
      isKilled: false,
      endReason: 'ended',
      workingSince: this.#options.clock.now(),
    }
    this.#running = running
    const ended = exit.promise.then(() => void this.#ending.delete(ended))
    this.#ending.add(ended)
    process.onMessage((message) => this.#receive(running, message))
    process.onExit((code) => {
      exit.resolve()
      this.#exited(running, code)
    })
    return running
  }

  #send(running: Running, message: ToWorker): void {
    if (running.isStopping) return
    if (running.isReady) running.process.send(message)
    else running.unsent.push(message)
  }

  #receive(running: Running, received: unknown): void {
    if (running.isStopping) return
    const parsed = fromWorkerSchema.safeParse(received)
    if (!parsed.success) {
      this.#end(running, `sent a message that is not part of the protocol`)
      return
    }
    const message = parsed.data
    if (message.type === 'ready') {
      if (message.protocolVersion !== workerProtocolVersion) {
        this.#end(running, `speaks protocol ${message.protocolVersion}, not ${workerProtocolVersion}`)
        return
      }
      running.isReady = true
      const { entry, log, onReady } = this.#options
      log.info(`worker: ${entry} ready, process ${running.process.pid ?? '?'}`)
      if (running.process.pid !== undefined) onReady?.(running.process.pid)
      for (const unsent of running.unsent.splice(0)) running.process.send(unsent)
      this.#watch()
      return
    }
    const pending = running.pending.get(message.id)
    // A request that was cancelled is settled; what the worker still says of it is of no interest.
    if (pending === undefined) return
    if (message.type === 'progress') {
      pending.part = message.part
      this.#watch()
      return
    }
    if (message.type === 'batch') {
      void this.#takeBatch(running, message.id, pending, message.value)
      return
    }
    this.#options.breaker.succeeded()
    pending.settle(message.type === 'result' ? { value: message.value } : { error: deserializeError(message.error) })
  }

  async #takeBatch(running: Running, id: number, pending: Pending, value: unknown): Promise<void> {
    const { clock } = this.#options
    pending.isTakingBatch = true
    pending.spentMs += clock.now() - running.workingSince
    this.#watch()
    try {
      await pending.request.onBatch?.(value)
      pending.isTakingBatch = false
      running.workingSince = clock.now()
      if (running.pending.has(id)) this.#send(running, { type: 'batch-taken', id })
      this.#watch()
    } catch (error) {
      this.#send(running, { type: 'cancel', id })
      pending.settle({ error })
    }
  }

  /** The process misbehaves: it is ended, which rejects what is pending. */
  #end(running: Running, reason: string, endReason: WorkerCrash['reason'] = 'ended'): void {
    running.endReason = endReason
    this.#options.log.error(
      `worker: ${this.#options.entry}, process ${running.process.pid ?? '?'}, ${reason}; it is ended`,
    )
    running.process.kill()
  }

  #exited(running: Running, code: number | null): void {
    const { entry, log, breaker } = this.#options
    if (this.#running === running) this.#running = null
    this.#watch()
    if (running.isStopping) {
      if (code !== 0 && !running.isKilled)
        log.warn(`worker: ${entry} was asked to stop and ended ${code === null ? 'by a signal' : `with code ${code}`}`)
      return
    }
    log.warn(
      `worker: ${entry} ended, ${code === null ? 'by a signal' : `code ${code}`}, ${running.pending.size} requests pending`,
    )
    const [first] = running.pending.values()
    // Requests are worked on in order: the first one is to blame, the others only waited.
    breaker.crashed(first?.request.subject ?? `${entry} while idle`)
    for (const pending of running.pending.values()) {
      const blame = !running.isReady ? 'start' : pending === first ? 'this' : 'another'
      const { part } = pending
      const crash: WorkerCrash = { reason: running.endReason, blame, ...(part === undefined ? {} : { part }) }
      pending.settle({ error: crashedError(crash) })
    }
  }

  async #stop(running: Running): Promise<void> {
    if (running.isStopping) return running.exited
    if (running.isReady) running.process.send({ type: 'stop' } satisfies ToWorker)
    running.isStopping = true
    if (this.#running === running) this.#running = null
    for (const pending of running.pending.values()) pending.settle({ error: stoppedError() })
    const { clock, stopMs = 2_000 } = this.#options
    let cancelKill = (): void => undefined
    const kill = (): void => {
      running.isKilled = true
      running.process.kill()
    }
    // One that is still starting does not listen yet.
    if (running.isReady) cancelKill = clock.after(stopMs, kill)
    else kill()
    await running.exited
    cancelKill()
  }

  /** Sets the timers that fit what is going on now: idle, or in the middle of work. */
  #watch(): void {
    this.#cancelIdle()
    this.#cancelLimit()
    const running = this.#running
    if (running === null || running.isStopping) return
    const { clock, idleMs = 600_000, limits } = this.#options
    const [first] = running.pending.values()
    if (first === undefined) {
      this.#cancelIdle = clock.after(idleMs, () => void this.stopIfIdle())
      return
    }
    const waitsForMain = [...running.pending.values()].some(({ isTakingBatch }) => isTakingBatch)
    if (limits === undefined || waitsForMain) return
    const { part } = first
    const spentMs = first.spentMs + clock.now() - running.workingSince
    const { afterMs, reason } = nextLimit(limits, { part, spentMs })
    this.#cancelLimit = clock.after(afterMs, () =>
      this.#end(running, reason === 'slow' ? 'worked for too long' : 'said nothing for too long', reason),
    )
  }

  /** From the first request on, while there are any. */
  #lookAtMemory(): void {
    this.#cancelMemoryLook()
    const { clock, limits } = this.#options
    const running = this.#running
    const mostBytes = limits?.memoryBytes ?? null
    if (running === null || running.pending.size === 0 || mostBytes === null) return
    this.#cancelMemoryLook = clock.after(memoryLookMs, () => {
      if ((running.process.residentBytes() ?? 0) > mostBytes) this.#end(running, 'takes too much memory', 'memory')
      else this.#lookAtMemory()
    })
  }
}

function crashedError(crash: WorkerCrash): AppError {
  return new AppError(
    'worker-crashed',
    'A part of Carrel ended unexpectedly while it worked on this. It starts again by itself; try again.',
    { retryable: true, details: { ...crash } },
  )
}

function stoppedError(): AppError {
  return new AppError('worker-crashed', 'Carrel is closing; this was not finished. It goes on at the next start.', {
    retryable: true,
    details: { reason: 'stopped' },
  })
}
