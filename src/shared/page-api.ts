import type { StreamEvent } from './answer-stream.ts'
import type { RequestChannel } from './channels.ts'
import type { Result } from './errors.ts'
import type { CollectionId } from './ids.ts'
import type { AskRequestInput, IpcRequest, IpcResponse } from './ipc.ts'
import type { Push } from './push.ts'

/** `window.api`: all that the page can do beyond itself. The preload implements it and nothing else. */
export interface PageApi {
  readonly platform: string
  request<C extends Exclude<RequestChannel, 'library:add-paths'>>(
    channel: C,
    request: IpcRequest<C>,
  ): Promise<Result<IpcResponse<C>>>
  /**
   * Takes the File objects of a drop, also into a collection; the preload finds their paths, so that the page never holds one.
   */
  addDroppedFiles(files: readonly File[], collectionId: CollectionId | null): Promise<Result<{ queued: number }>>
  /**
   * Asks a question over a MessagePort of its own. Events arrive in order of `sequence` and are acknowledged on receipt;
   * the last is `done` or `error`. @returns what aborts the answer (the terminal event still comes).
   */
  ask(request: AskRequestInput, onEvent: (event: StreamEvent) => void): { abort(): void }
  /** @returns what ends the subscription. */
  onPush(listener: (push: Push) => void): () => void
}

declare global {
  interface Window {
    readonly api: PageApi
  }
}
