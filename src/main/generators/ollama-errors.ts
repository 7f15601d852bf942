import { AppError } from '../../shared/errors.ts'
import { ErrorStatus } from './local-fetch.ts'
import { LineError } from './ndjson-lines.ts'
import { BadReply, ErrorLine } from './reply-checks.ts'
import { shownServerText } from './server-text.ts'

/** No server at any of the addresses (`http://IP:PORT`). */
export function unreachable(addresses: readonly string[], cause?: unknown): AppError {
  const shown = addresses.map(shownAddress).join(' or ')
  return new AppError(
    'ollama-unreachable',
    `Ollama does not answer at ${shown}. Start Ollama (or install it from ollama.com), then try again.`,
    { retryable: true, details: { addresses: shown }, ...(cause === undefined ? {} : { cause }) },
  )
}

/** Something answers, but not as Ollama does. */
export function notOllama(address: string, cause?: unknown): AppError {
  const shown = shownAddress(address)
  return new AppError(
    'ollama-unreachable',
    `Something answers at ${shown}, but not as Ollama does. Quit the program that uses that port, or set OLLAMA_HOST to the address of Ollama on this computer.`,
    { retryable: true, details: { addresses: shown }, ...(cause === undefined ? {} : { cause }) },
  )
}

/** `OLLAMA_HOST` names something beyond this computer, or nothing that can be understood. */
export function refusedHost(host: string): AppError {
  return new AppError(
    'model-not-local',
    `OLLAMA_HOST is set to ${host}, which is not an address of this computer, so Carrel does not use it. Set it to 127.0.0.1:11434 or remove it, then start Carrel again.`,
    { details: { host } },
  )
}

export function cloudModel(model: string): AppError {
  const shown = shownServerText(model, 200)
  return new AppError(
    'model-not-local',
    `The model ${shown} runs on other people's computers, so Carrel does not use it. Choose a model that runs on this computer.`,
    { details: { model: shown } },
  )
}

export function modelMissing(model: string, cause?: unknown): AppError {
  const shown = shownServerText(model, 200)
  return new AppError(
    'ollama-model-missing',
    `Ollama does not have the model ${shown}. Choose another model, or get it with: ollama pull ${shown}`,
    { retryable: true, details: { model: shown }, ...(cause === undefined ? {} : { cause }) },
  )
}

/** The server has nothing that could write; `refused` are the cloud models it would offer. */
export function noModel(refused: readonly string[]): AppError {
  const cloud = refused.length === 0 ? '' : ' on this computer (cloud models are not used)'
  return new AppError(
    'ollama-model-missing',
    `Ollama runs, but has no model that can write${cloud}. Get one with: ollama pull llama3.2`,
    { retryable: true },
  )
}

/** Nothing came for `silentMs`. `isStarted`: the answer had begun. */
export function stalled(silentMs: number, isStarted: boolean): AppError {
  const seconds = Math.round(silentMs / 1000)
  return new AppError(
    'generation-stalled',
    isStarted
      ? `The model stopped in the middle of the answer and sent nothing for ${seconds} seconds. Ask again; if it happens often, restart Ollama or choose a smaller model.`
      : `The model sent nothing for ${seconds} seconds. Restart Ollama or choose a smaller model, then ask again.`,
    { retryable: true, details: { seconds } },
  )
}

/** Turns whatever went wrong during an answer into one sentence. `isStarted`: the server had accepted the request. */
export function generationError(
  error: unknown,
  { model, address, isStarted }: { readonly model: string; readonly address: string; readonly isStarted: boolean },
): AppError {
  if (error instanceof AppError) return error
  if (error instanceof ErrorStatus) {
    if (error.status === 404 && /model/i.test(error.serverMessage)) return modelMissing(model, error)
    return serverSaid(error.serverMessage || `status ${error.status}`, model, error)
  }
  if (error instanceof ErrorLine) return serverSaid(shownServerText(error.message), model, error)
  if (error instanceof BadReply || error instanceof LineError) {
    return failed(
      `The server at ${shownAddress(address)} sent something that is not an answer of Ollama. Check which program uses that port, update Ollama, then ask again.`,
      error,
    )
  }
  if (!isStarted && isConnectionRefusal(error)) return unreachable([address], error)
  return failed(
    'The connection to Ollama ended before the answer was complete. Ask again; if it happens often, look at the log of Ollama.',
    error,
  )
}

/** True when nobody listens at the address, or the computer does not have that kind of address at all. */
export function isConnectionRefusal(error: unknown): boolean {
  const codes = new Set(['ECONNREFUSED', 'EADDRNOTAVAIL', 'EAFNOSUPPORT', 'ENETUNREACH', 'EHOSTUNREACH', 'EINVAL'])
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    if ('code' in cause && typeof cause.code === 'string' && codes.has(cause.code)) return true
    // fetch refuses some ports of other protocols by itself, without a code.
    if (cause.message === 'bad port') return true
  }
  return false
}

function serverSaid(message: string, model: string, cause: unknown): AppError {
  if (/requires more system memory|out of memory|cudamalloc failed|insufficient memory/i.test(message)) {
    return failed(
      `There is not enough memory for ${shownServerText(model, 200)} (Ollama says: ${message}). Close other programs, choose a smaller model or a smaller context.`,
      cause,
    )
  }
  return failed(`Ollama could not answer (it says: ${message}). Ask again, or choose another model.`, cause)
}

function failed(sentence: string, cause: unknown): AppError {
  return new AppError('generation-failed', sentence, { retryable: true, cause })
}

function shownAddress(address: string): string {
  return address.replace(/^http:\/\//, '')
}
