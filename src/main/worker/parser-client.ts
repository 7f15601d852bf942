import { AppError } from '../../shared/errors.ts'
import type { ChunkCutter, CutState } from '../ports/chunks.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Parser, PartsToRead } from '../ports/parsing.ts'
import type { WorkerTransport } from '../ports/workers.ts'
import { WorkerClient } from './client.ts'
import { CrashBreaker } from './crash-breaker.ts'
import { readingPriority, trySetPriority } from './process-priority.ts'
import { type CutInput, cutSchema, type ParseInput, parsedBatchSchema, parsedDocumentSchema } from './protocol.ts'
import { workerArguments, workerEnvironment } from './worker-arguments.ts'
import { parserLimits, type WorkerLimits } from './worker-limits.ts'

export interface ParserClientOptions {
  readonly transport: WorkerTransport
  /** Absolute: chunks are counted by the embedders' own tokenizers. */
  readonly modelsFolder: string
  readonly clock: Clock
  readonly log: Log
  readonly idleMs?: number
  /** By default {@link parserLimits}. */
  readonly limits?: WorkerLimits
}

/** The pid of the process, for tests and the log. */
export interface ParserClient extends Parser, ChunkCutter, AsyncDisposable {
  readonly pid: number | undefined
}

/** {@link Parser} in a process of its own. Files are read, and texts cut, one after the other, so that a crash names its file. */
export function createParserClient(options: ParserClientOptions): ParserClient {
  const { transport, modelsFolder, clock, log, idleMs, limits = parserLimits } = options
  const client = new WorkerClient({
    transport,
    entry: 'parser',
    environment: workerEnvironment,
    workerArguments: workerArguments(modelsFolder),
    clock,
    log,
    breaker: new CrashBreaker({ clock }),
    limits,
    onReady: (pid) => void trySetPriority(pid, readingPriority, log),
    ...(idleMs === undefined ? {} : { idleMs }),
  })
  let last: Promise<unknown> = Promise.resolve()
  return {
    get pid() {
      return client.pid
    },
    async parse(file, { parts, onBatch, signal }) {
      const read = async () => {
        const value = await client.request({
          method: 'parse',
          input: {
            path: file.path,
            documentId: file.documentId,
            parts: asInput(parts),
            passwords: [...(file.passwords ?? [])],
          } satisfies ParseInput,
          subject: file.documentId,
          signal,
          onBatch: async (batch) => onBatch(checked(parsedBatchSchema.safeParse(batch))),
        })
        return checked(parsedDocumentSchema.safeParse(value))
      }
      const result = last.then(read, read)
      last = result
      try {
        return await untilAbort(result, signal)
      } catch (error) {
        // It may be in the middle of a long page, or hang: the next file must not wait for it.
        if (signal.aborted) void client.stopIfIdle()
        throw error
      }
    },
    async cut({ documentId, slices, state }, { signal }) {
      const cut = async () => {
        const value = await client.request({
          method: 'cut',
          input: { documentId, slices: [...slices], state: state === null ? null : copied(state) } satisfies CutInput,
          subject: documentId,
          signal,
        })
        return checked(cutSchema.safeParse(value))
      }
      const result = last.then(cut, cut)
      last = result
      return untilAbort(result, signal)
    },
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  }
}

function copied({ headings, ...rest }: CutState): NonNullable<CutInput['state']> {
  return { ...rest, headings: [...headings] }
}

function asInput(parts: PartsToRead): ParseInput['parts'] {
  return 'only' in parts ? parts : { leaveOut: [...parts.leaveOut] }
}

/** A file that still waits for its turn need not wait to be given up. */
async function untilAbort<T>(result: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(signal.reason)
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([result, promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

function checked<T>(
  parsed: { readonly success: true; readonly data: T } | { readonly success: false; readonly error: unknown },
): T {
  if (parsed.success) return parsed.data
  throw new AppError('internal', 'The reader of files sent something unexpected. Try again; the log has the details.', {
    retryable: true,
    cause: parsed.error,
  })
}
