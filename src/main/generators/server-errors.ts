import { AppError } from '../../shared/errors.ts'
import { ErrorStatus } from './local-fetch.ts'
import { LineError } from './ndjson-lines.ts'
import { BadReply, ErrorLine } from './reply-checks.ts'
import { serverName } from '../../shared/model-server.ts'
import { shownServerText } from './server-text.ts'

/** No server at any of the addresses (`http://IP:PORT`). */
export function unreachable(addresses: readonly string[], cause?: unknown, server = 'Ollama'): AppError {
  const shown = addresses.map(shownAddress).join(' or ')
  return new AppError(
    'ollama-unreachable',
    `${capital(server)} does not answer at ${shown}. Start ${server}${server === 'Ollama' ? ' (or install it from ollama.com)' : ''}, then try again.`,
    {
      retryable: true,
      details: { addresses: shown, ...named(server, 'server-silent') },
      ...(cause === undefined ? {} : { cause }),
    },
  )
}

/** Nothing answers at any usual place, and Ollama is not on this computer. */
export function notInstalled(): AppError {
  return new AppError(
    'ollama-unreachable',
    'No model server was found on this computer. Install Ollama from ollama.com and start it; until then answers are quotations.',
    { retryable: true, details: { reason: 'not-installed' } },
  )
}

/**
 * Nothing usable answers where Carrel was told to look (`setting`: in its own settings, `OLLAMA_HOST`: by the environment);
 * `offered` is a usual place where something does.
 */
export function wrongPort(
  address: string,
  {
    toldBy,
    offered,
    isForeign,
  }: { readonly toldBy: string; readonly offered: string | null; readonly isForeign: boolean },
): AppError {
  const shown = shownAddress(address)
  const found = isForeign ? `What answers at ${shown} is not a model server` : `No model server answers at ${shown}`
  const next =
    offered === null
      ? `Start it there, or correct the address.`
      : `One answers at ${shownAddress(offered)}: use that one in Settings.`
  return new AppError('ollama-unreachable', `${found}, the address set in ${toldBy}. ${next}`, {
    retryable: true,
    details: {
      reason: offered === null ? 'foreign-program' : isForeign ? 'wrong-program' : 'wrong-port',
      addresses: shown,
      toldBy,
      ...(offered === null ? {} : { offered: shownAddress(offered) }),
    },
  })
}

/** Something answers, but not as `server` does. */
export function notTheServer(address: string, cause?: unknown, server = 'Ollama'): AppError {
  const shown = shownAddress(address)
  return new AppError(
    'ollama-unreachable',
    `Something answers at ${shown}, but not as ${server} does. Quit the program that uses that port, or give the address of ${server} on this computer.`,
    {
      retryable: true,
      details: { reason: 'foreign-program', addresses: shown },
      ...(cause === undefined ? {} : { cause }),
    },
  )
}

/** It answers only to who has a key, which Carrel never sends. */
export function locked(address: string): AppError {
  const shown = shownAddress(address)
  return new AppError(
    'ollama-unreachable',
    `The server at ${shown} asks for a key, which Carrel does not send. Switch that off in the server's settings, then try again.`,
    { retryable: true, details: { reason: 'locked', addresses: shown } },
  )
}

/** It reads its model into memory and answers nothing yet. */
export function stillLoading(server: string): AppError {
  return new AppError('ollama-unreachable', `${capital(server)} is still loading its model. Ask again in a moment.`, {
    retryable: true,
    details: { reason: 'loading', ...named(server, 'loading') },
  })
}

/** Its version lacks what Carrel needs. */
export function tooOld(version: string, needed: string): AppError {
  const shown = shownServerText(version, 40)
  return new AppError(
    'model-server-too-old',
    `This Ollama (${shown}) is too old: Carrel needs ${needed} or newer. Install the newest version from ollama.com, then try again.`,
    { retryable: true, details: { version: shown, needed } },
  )
}

/** A server address that names something beyond this computer, or nothing that can be understood. `toldBy`: where it stands. */
export function refusedHost(host: string, toldBy = 'OLLAMA_HOST'): AppError {
  return new AppError(
    'model-not-local',
    toldBy === 'OLLAMA_HOST'
      ? `OLLAMA_HOST is set to ${host}, which is not an address of this computer, so Carrel does not use it. Set it to 127.0.0.1:11434 or remove it, then start Carrel again.`
      : `${host} is not an address of this computer, so Carrel does not use it. Give one like 127.0.0.1:1234.`,
    { details: { reason: 'host', host } },
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

export function modelMissing(model: string, cause?: unknown, server = 'Ollama'): AppError {
  const shown = shownServerText(model, 200)
  const next = server === 'Ollama' ? `get it with: ollama pull ${shown}` : `load it in ${server}.`
  return new AppError(
    'ollama-model-missing',
    `${capital(server)} does not have the model ${shown}. Choose another model, or ${next}`,
    {
      retryable: true,
      details: { model: shown, ...named(server, 'elsewhere') },
      ...(cause === undefined ? {} : { cause }),
    },
  )
}

/** The server has nothing that could write; `refused` are the cloud models it would offer. */
export function noModel(refused: readonly string[], server = 'Ollama'): AppError {
  const cloud = refused.length === 0 ? '' : ' on this computer (cloud models are not used)'
  const next = server === 'Ollama' ? 'Get one with: ollama pull llama3.2' : `Load one in ${server}.`
  return new AppError(
    'ollama-model-missing',
    `${capital(server)} runs, but has no model that can write${cloud}. ${next}`,
    {
      retryable: true,
      details: server === 'Ollama' ? { reason: 'none-here' } : { reason: 'none-loaded', ...named(server, 'none-in') },
    },
  )
}

/** Nothing came for `silentMs`. `isStarted`: the answer had begun. */
export function stalled(silentMs: number, isStarted: boolean, server = 'Ollama'): AppError {
  const seconds = Math.round(silentMs / 1000)
  return new AppError(
    'generation-stalled',
    isStarted
      ? `The model stopped in the middle of the answer and sent nothing for ${seconds} seconds. Ask again; if it happens often, restart ${server} or choose a smaller model.`
      : `The model sent nothing for ${seconds} seconds. Restart ${server} or choose a smaller model, then ask again.`,
    { retryable: true, details: { seconds } },
  )
}

/** Turns whatever went wrong during an answer into one sentence. `isStarted`: the server had accepted the request. */
export function generationError(
  error: unknown,
  {
    model,
    address,
    isStarted,
    server,
  }: { readonly model: string; readonly address: string; readonly isStarted: boolean; readonly server: string },
): AppError {
  if (error instanceof AppError) return error
  if (error instanceof ErrorStatus) {
    if (error.status === 404 && /model/i.test(error.serverMessage)) return modelMissing(model, error, server)
    return serverSaid(error.serverMessage || `status ${error.status}`, { model, server }, error)
  }
  if (error instanceof ErrorLine) return serverSaid(shownServerText(error.message), { model, server }, error)
  if (error instanceof BadReply || error instanceof LineError) {
    return failed(
      `The server at ${shownAddress(address)} sent something that is not an answer of ${server}. Check which program uses that port, update ${server}, then ask again.`,
      error,
    )
  }
  if (!isStarted && isConnectionRefusal(error)) return unreachable([address], error, server)
  return failed(
    `The connection to ${server} ended before the answer was complete. Ask again; if it happens often, look at the log of ${server}.`,
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

/** How servers say that a model did not fit: Ollama's estimate, llama.cpp's allocators, CUDA, Metal, the system's killer. */
const outOfMemoryPattern =
  /requires more system memory|out of memory|insufficient memory|not enough memory|cudamalloc failed|unable to allocate|failed to allocate|cannot allocate memory|error allocating|insufficient system resources/i
const contextPattern = /context (?:size|length|window)|maximum context|exceed_context_size|n_ctx|context the overflows/i

function serverSaid(
  message: string,
  { model, server }: { readonly model: string; readonly server: string },
  cause: unknown,
): AppError {
  const shownModel = shownServerText(model, 200)
  if (outOfMemoryPattern.test(message)) {
    return new AppError(
      'model-out-of-memory',
      `There is not enough memory for ${shownModel} (${server} says: ${message}). Close other programs, choose a smaller model or a smaller context.`,
      { retryable: true, details: { model: shownModel }, cause },
    )
  }
  if (/signal: killed/i.test(message)) {
    return new AppError(
      'model-out-of-memory',
      `The system ended ${shownModel} while it worked, which usually means that memory ran out (${server} says: ${message}). Close other programs, choose a smaller model or a smaller context.`,
      { retryable: true, details: { reason: 'killed', model: shownModel }, cause },
    )
  }
  if (server !== 'Ollama' && contextPattern.test(message)) {
    return new AppError(
      'context-overflow',
      `The question and its passages do not fit the context that ${server} gives ${shownModel} (it says: ${message}). Load the model with a larger context there, or lower the context in Settings.`,
      { retryable: true, details: { model: shownModel, ...named(server, 'server') }, cause },
    )
  }
  return failed(`${capital(server)} could not answer (it says: ${message}). Ask again, or choose another model.`, cause)
}

function failed(sentence: string, cause: unknown): AppError {
  return new AppError('generation-failed', sentence, { retryable: true, cause })
}

/** What lets the page name a program in its own language; nothing where the program has no name. */
function named(server: string, reason: string): { readonly reason?: string; readonly server?: string } {
  return server === 'Ollama' || server === serverName('openai-compatible') ? {} : { reason, server }
}

/** A sentence may begin with "the model server". */
function capital(server: string): string {
  return server.replace(/^the /, 'The ')
}

function shownAddress(address: string): string {
  return address.replace(/^http:\/\//, '')
}
