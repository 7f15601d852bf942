/** How a worker speaks with main, the same under Electron's utilityProcess and under child_process.fork. */
export interface ParentChannel {
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
}

/** The part of Electron's `process.parentPort` that is used; there is none under plain Node. */
interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void
}

/**
 * Opens the channel to the process that started this one; a worker whose parent is gone ends.
 * @throws Error when this process was not started as a worker.
 */
export function openParentChannel(): ParentChannel {
  const { parentPort } = process as { readonly parentPort?: ParentPort }
  if (parentPort !== undefined && parentPort !== null) {
    return {
      send: (message) => parentPort.postMessage(message),
      onMessage: (listener) => parentPort.on('message', ({ data }) => listener(data)),
    }
  }
  if (process.send === undefined) throw new Error('This file is a worker process of Carrel; it is started by Carrel.')
  process.on('disconnect', () => process.exit(0))
  return {
    send(message) {
      // The parent may have gone in between; 'disconnect' ends this process then.
      if (process.connected) process.send?.(message, undefined, {}, () => undefined)
    },
    onMessage: (listener) => void process.on('message', listener),
  }
}
