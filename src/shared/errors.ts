/**
 * Every expected failure in Carrel is an `AppError` with one of these codes. The page translates by code; `message`
 * is the English sentence (what happened, and the next step) that logs and the command line show.
 */
export const appErrorCodes = [
  'invalid-request',
  'forbidden',
  'file-not-written',
  'not-found',
  'nothing-to-search',
  'name-taken',
  'busy',
  'port-taken',
  'watched-folder',
  'unsupported-file',
  'unreadable-file',
  'file-too-large',
  'encrypted-file',
  'empty-file',
  'import-stopped',
  'self-check-failed',
  'ollama-unreachable',
  'ollama-model-missing',
  'model-not-local',
  'model-out-of-memory',
  'model-server-too-old',
  'model-download-failed',
  'model-needed',
  'generation-failed',
  'generation-stalled',
  'generation-stopped',
  'context-overflow',
  'embedding-model-missing',
  'embedding-failed',
  'embedder-refused',
  'embedder-away',
  'index-outdated',
  'worker-crashed',
  'storage-full',
  'storage-corrupt',
  'storage-newer',
  'storage-locked',
  'internal',
] as const

export type AppErrorCode = (typeof appErrorCodes)[number]

/** Plain values that help a translated sentence ("page 3", "gemma:2b"); never a stack, never a path. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean>>

export interface SerializedAppError {
  readonly code: AppErrorCode
  readonly message: string
  readonly retryable: boolean
  readonly details?: ErrorDetails | undefined
}

/**
 * An expected failure. `cause` keeps the driver's own error for the log; it does not cross a process border.
 */
export class AppError extends Error {
  readonly code: AppErrorCode
  readonly retryable: boolean
  readonly details: ErrorDetails | undefined

  constructor(
    code: AppErrorCode,
    message: string,
    options: { readonly retryable?: boolean; readonly details?: ErrorDetails; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.retryable = options.retryable ?? false
    this.details = options.details
  }
}

/** What crosses a process border: the sentence and its code; an unknown error becomes `internal` without its text. */
export function serializeError(error: unknown): SerializedAppError {
  if (error instanceof AppError) {
    return {
      code: error.code,
      message: error.message,
      retryable: error.retryable,
      ...(error.details === undefined ? {} : { details: error.details }),
    }
  }
  return {
    code: 'internal',
    message: 'Something went wrong inside Carrel. Try again; the log has the details.',
    retryable: true,
  }
}

/** The other side of {@link serializeError}. */
export function deserializeError(serialized: SerializedAppError): AppError {
  return new AppError(serialized.code, serialized.message, {
    retryable: serialized.retryable,
    ...(serialized.details === undefined ? {} : { details: serialized.details }),
  })
}

/** True for the rejection that an `AbortSignal` causes. Stopping is not an error. */
export function isAbortError(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'ABORT_ERR')
}

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: SerializedAppError }
