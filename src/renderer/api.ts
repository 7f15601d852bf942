import type { RequestChannel } from '../shared/channels.ts'
import { type Result, serializeError } from '../shared/errors.ts'
import type { CollectionId } from '../shared/ids.ts'
import type { IpcRequest, IpcResponse } from '../shared/ipc.ts'

/**
 * Asks main for something. Never rejects: a broken bridge is an `internal` error like any other, so that every caller
 * has one place where failures arrive.
 */
export async function request<C extends Exclude<RequestChannel, 'library:add-paths'>>(
  channel: C,
  body: IpcRequest<C>,
): Promise<Result<IpcResponse<C>>> {
  try {
    return await window.api.request(channel, body)
  } catch (error) {
    return { ok: false, error: serializeError(error) }
  }
}

/** Hands the files of a drop to the preload, which knows their paths; `collectionId`: they also join this collection. Never rejects. */
export async function addDroppedFiles(
  files: readonly File[],
  collectionId: CollectionId | null,
): Promise<Result<{ queued: number }>> {
  try {
    return await window.api.addDroppedFiles(files, collectionId)
  } catch (error) {
    return { ok: false, error: serializeError(error) }
  }
}
