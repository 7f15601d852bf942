import type { WebContents, WebFrameMain } from 'electron'
import { pageOrigin } from './page-origin.ts'

/** The part of an IPC event that says who sent it. */
export interface Sender {
  readonly sender: Pick<WebContents, 'id' | 'mainFrame'>
  readonly senderFrame: Pick<WebFrameMain, 'frameTreeNodeId' | 'origin'> | null
}

/**
 * Only the main frame of a live window that shows our own page is heard. A frame that navigated or died in between
 * (`senderFrame` null) is not.
 */
export function isFromOurPage(event: Sender, isLiveWindow: (contentsId: number) => boolean): boolean {
  const frame = event.senderFrame
  if (frame === null || !isLiveWindow(event.sender.id)) return false
  return frame.frameTreeNodeId === event.sender.mainFrame.frameTreeNodeId && frame.origin === pageOrigin
}

/** How a window is named as a front end of answers. */
export function frontEndOf(contentsId: number): string {
  return `window:${contentsId}`
}
