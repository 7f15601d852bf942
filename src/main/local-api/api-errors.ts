import { type AppErrorCode, type SerializedAppError, serializeError } from '../../shared/errors.ts'

/** Everything that goes wrong has this shape, whatever the endpoint. */
export interface ErrorBody {
  readonly error: SerializedAppError
}

const statusByCode: Partial<Record<AppErrorCode, number>> = {
  'invalid-request': 400,
  forbidden: 403,
  'not-found': 404,
  busy: 409,
  'name-taken': 409,
  'nothing-to-search': 422,
  'file-too-large': 413,
  'unsupported-file': 415,
  'unreadable-file': 422,
  'encrypted-file': 422,
  'empty-file': 422,
  'model-not-local': 400,
  'ollama-model-missing': 404,
  'generation-failed': 502,
  'generation-stalled': 504,
  'context-overflow': 413,
  'storage-full': 507,
  internal: 500,
}

/** The HTTP status of a failure: what is expected and not the client's doing is 503, what nobody expected 500. */
export function statusOf(code: AppErrorCode): number {
  return statusByCode[code] ?? 503
}

/** A failure as it is answered; what is not an AppError keeps its text to itself. */
export function toErrorReply(error: unknown): { readonly status: number; readonly body: ErrorBody } {
  const serialized = serializeError(error)
  return { status: statusOf(serialized.code), body: { error: serialized } }
}
