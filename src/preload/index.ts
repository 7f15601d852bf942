import { contextBridge, ipcRenderer, webUtils, type IpcRendererEvent } from 'electron'
import type { StreamEvent, StreamReply } from '../shared/answer-stream.ts'
import { answerChannel, pushChannel, requestChannels, type RequestChannel } from '../shared/channels.ts'
import type { Result, SerializedAppError } from '../shared/errors.ts'
import type { CollectionId } from '../shared/ids.ts'
import type { IpcResponse } from '../shared/ipc.ts'
import type { PageApi } from '../shared/page-api.ts'
import type { Push } from '../shared/push.ts'

/** `window.api` and nothing else. The page never holds ipcRenderer, a port or a path. */

/** At most this many paths a request, as the schema says; a larger drop is sent in parts. */
const mostPaths = 10_000
const pageChannels: ReadonlySet<string> = new Set(requestChannels.filter((channel) => channel !== 'library:add-paths'))

/** A port that nothing refers to is closed when it is collected: each stays here until its terminal event. */
const openPorts = new Set<MessagePort>()

const api: PageApi = {
  platform: process.platform,
  async request(channel, request) {
    if (!pageChannels.has(channel))
      return failure({ code: 'forbidden', message: 'The page may not ask this.', retryable: false })
    return invoke(channel, request)
  },
  addDroppedFiles: (files, collectionId) =>
    addPaths(
      files.map((file) => webUtils.getPathForFile(file)).filter((path) => path !== ''),
      collectionId,
    ),
  ask,
  onPush(listener) {
    const receive = (_event: IpcRendererEvent, push: Push): void => listener(push)
    ipcRenderer.on(pushChannel, receive)
    return () => void ipcRenderer.off(pushChannel, receive)
  },
}

contextBridge.exposeInMainWorld('api', api)

/** Main always answers with a `Result`; a rejection means that main itself is gone or refuses the channel. */
async function invoke<C extends RequestChannel>(channel: C, request: unknown): Promise<Result<IpcResponse<C>>> {
  try {
    return await ipcRenderer.invoke(channel, request)
  } catch (cause) {
    console.error(cause)
    return failure(mainIsGone)
  }
}

async function addPaths(
  paths: readonly string[],
  collectionId: CollectionId | null,
): Promise<Result<{ queued: number }>> {
  if (paths.length === 0) {
    const message = 'What was dropped is not a file on this computer. Save it as a file, then drop that.'
    return failure({ code: 'unsupported-file', message, retryable: false })
  }
  let queued = 0
  for (let start = 0; start < paths.length; start += mostPaths) {
    const result = await invoke('library:add-paths', {
      paths: paths.slice(start, start + mostPaths),
      collectionId,
    })
    if (!result.ok) return result
    queued += result.value.queued
  }
  return { ok: true, value: { queued } }
}

/** Acknowledges each event before the page sees it, and makes up the terminal event when main ends without one. */
function ask(request: unknown, onEvent: (event: StreamEvent) => void): { abort(): void } {
  const { port1: port, port2 } = new MessageChannel()
  let nextSequence = 0
  openPorts.add(port)
  const reply = (message: StreamReply): void => port.postMessage(message)
  const end = (): void => {
    openPorts.delete(port)
    port.close()
  }
  const receive = (event: StreamEvent): void => {
    if (!openPorts.has(port)) return
    nextSequence = event.sequence + 1
    const isTerminal = event.type === 'done' || event.type === 'error'
    if (isTerminal) end()
    else reply({ type: 'ack', sequence: event.sequence })
    onEvent(event)
  }
  const breakOff = (): void => receive({ type: 'error', sequence: nextSequence, error: mainIsGone })
  port.onmessage = ({ data }: MessageEvent<StreamEvent>) => receive(data)
  port.addEventListener('close', breakOff)
  try {
    ipcRenderer.postMessage(answerChannel, request, [port2])
  } catch (cause) {
    console.error(cause)
    // Not at once: the caller does not hold what aborts yet.
    queueMicrotask(breakOff)
  }
  return {
    abort: () => {
      if (openPorts.has(port)) reply({ type: 'abort' })
    },
  }
}

const mainIsGone: SerializedAppError = {
  code: 'internal',
  message: 'Carrel stopped answering. Ask again; if that fails, close Carrel and open it again.',
  retryable: true,
}

function failure(error: SerializedAppError): { readonly ok: false; readonly error: SerializedAppError } {
  return { ok: false, error }
}
