import type { IpcMain, IpcMainInvokeEvent } from 'electron'
import { requestChannels, type RequestChannel } from '../../shared/channels.ts'
import { AppError, type Result, serializeError } from '../../shared/errors.ts'
import { ipc, type IpcParsedRequest, type IpcResponse } from '../../shared/ipc.ts'
import type { Carrel } from '../compose.ts'
import type { Log } from '../ports/log.ts'

/** What the router needs of its surroundings. */
export interface IpcRouterOptions {
  readonly ipcMain: Pick<IpcMain, 'handle'>
  /** Requests that come while storage still opens wait for it. */
  readonly carrel: Promise<Pick<Carrel, 'handlers'>>
  readonly isFromOurPage: (event: IpcMainInvokeEvent) => boolean
  /** Development and tests: a reply that breaks the contract becomes an error. Packages skip the work. */
  readonly checkResponses: boolean
  readonly log: Pick<Log, 'warn' | 'error'>
}

/**
 * One handler a channel, in this order: sender, schema, work. Whatever happens, the page gets a `Result`; an unknown
 * error keeps its text and stack in the log.
 */
export function routeRequests(options: IpcRouterOptions): void {
  for (const channel of requestChannels) {
    options.ipcMain.handle(channel, (event, request: unknown) => settle(channel, event, request, options))
  }
}

async function settle<C extends RequestChannel>(
  channel: C,
  event: IpcMainInvokeEvent,
  request: unknown,
  options: IpcRouterOptions,
): Promise<Result<IpcResponse<C>>> {
  try {
    if (!options.isFromOurPage(event)) {
      throw new AppError('forbidden', 'Only the Carrel window may ask this.', { details: { channel } })
    }
    const handle = (await options.carrel).handlers[channel]
    const response = await handle(parseRequest(channel, request))
    return { ok: true, value: options.checkResponses ? parseResponse(channel, response) : response }
  } catch (cause) {
    if (cause instanceof AppError) options.log.warn(`${channel}: ${cause.code}`, cause.cause)
    else options.log.error(`${channel} failed`, cause)
    return { ok: false, error: serializeError(cause) }
  }
}

function parseRequest<C extends RequestChannel>(channel: C, request: unknown): IpcParsedRequest<C> {
  const parsed = ipc[channel].request.safeParse(request)
  // The schema of a channel is known only by its name here; the map's own type ties the two together.
  if (parsed.success) return parsed.data as IpcParsedRequest<C>
  throw new AppError('invalid-request', 'That request was incomplete or had a wrong value. Correct it and try again.', {
    details: { channel, field: parsed.error.issues[0]?.path.join('.') ?? '' },
    cause: parsed.error,
  })
}

function parseResponse<C extends RequestChannel>(channel: C, response: IpcResponse<C>): IpcResponse<C> {
  const parsed = ipc[channel].response.safeParse(response)
  if (parsed.success) return response
  throw new Error(`the reply of ${channel} breaks the contract`, { cause: parsed.error })
}
