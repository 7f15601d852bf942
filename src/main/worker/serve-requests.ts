import { AppError, serializeError } from '../../shared/errors.ts'
import type { ParentChannel } from './parent-channel.ts'
import { type FromWorker, toWorkerSchema, workerProtocolVersion, type WorkerMethod } from './protocol.ts'

/**
 * Works on one request. `sendBatch` resolves when main has taken the batch before this one, so that the next is made while main
 * stores; both reject when the request was cancelled.
 */
export type HandleRequest = (
  input: unknown,
  context: {
    readonly signal: AbortSignal
    readonly sendBatch: (value: unknown) => Promise<void>
    /** Says which part of the document is begun. */
    readonly begin: (part: number) => void
  },
) => Promise<unknown>

export interface ServeOptions {
  readonly models: readonly string[]
  /** What this worker does; every other method is refused. */
  readonly methods: Readonly<Partial<Record<WorkerMethod, HandleRequest>>>
}

interface ActiveRequest {
  readonly controller: AbortController
  batchTaken: (() => void) | null
}

/**
 * The worker's side of the protocol: says `ready`, handles requests one after the other in order of arrival, and lets
 * `cancel` and `batch-taken` through in between. A request that fails is an `error` message, never the end of the process.
 */
export function serveRequests(channel: ParentChannel, options: ServeOptions): void {
  const active = new Map<number, ActiveRequest>()
  let queue: Promise<void> = Promise.resolve()
  const send = (message: FromWorker): void => channel.send(message)

  const run = async (id: number, handle: HandleRequest, input: unknown, request: ActiveRequest): Promise<void> => {
    // A turn of the event loop, so that a cancel that already arrived is read before the work begins.
    await new Promise((resolve) => setImmediate(resolve))
    const { signal } = request.controller
    let isTaken: Promise<void> = Promise.resolve()
    const sendBatch = async (value: unknown): Promise<void> => {
      await isTaken
      signal.throwIfAborted()
      const { promise, resolve } = Promise.withResolvers<void>()
      isTaken = promise
      request.batchTaken = resolve
      send({ type: 'batch', id, value })
    }
    const begin = (part: number): void => send({ type: 'progress', id, part })
    try {
      signal.throwIfAborted()
      const value = await handle(input, { signal, sendBatch, begin })
      await isTaken
      signal.throwIfAborted()
      send({ type: 'result', id, value })
    } catch (error) {
      // The cause stays in this process: its output goes to the verbose log only.
      if (!signal.aborted && (!(error instanceof AppError) || error.cause !== undefined)) console.error(error)
      // Main has settled a cancelled request already; this only says that the worker is free again.
      send({ type: 'error', id, error: serializeError(error) })
    } finally {
      active.delete(id)
    }
  }

  channel.onMessage((received) => {
    const parsed = toWorkerSchema.safeParse(received)
    if (!parsed.success) {
      console.error('Worker: a message that is not part of the protocol was dropped.')
      return
    }
    const message = parsed.data
    switch (message.type) {
      case 'request': {
        const request: ActiveRequest = { controller: new AbortController(), batchTaken: null }
        active.set(message.id, request)
        const handle = options.methods[message.method]
        if (handle === undefined) {
          active.delete(message.id)
          send({
            type: 'error',
            id: message.id,
            error: serializeError(new AppError('internal', `This worker does not ${message.method}.`)),
          })
          return
        }
        queue = queue.then(() => run(message.id, handle, message.input, request))
        return
      }
      case 'cancel': {
        const request = active.get(message.id)
        request?.controller.abort()
        request?.batchTaken?.()
        return
      }
      case 'batch-taken': {
        const request = active.get(message.id)
        request?.batchTaken?.()
        return
      }
      case 'stop':
        process.exit(0)
    }
  })
  send({ type: 'ready', protocolVersion: workerProtocolVersion, models: [...options.models] })
}
