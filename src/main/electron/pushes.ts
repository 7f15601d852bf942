import { pushChannel } from '../../shared/channels.ts'
import type { Carrel } from '../compose.ts'
import { liveWindows } from './live-windows.ts'

/** Forwards what compose tells (coalesced there) to every window. @returns what ends it. */
export function forwardPushes(carrel: Pick<Carrel, 'onPush'>): () => void {
  return carrel.onPush((push) => {
    for (const window of liveWindows()) window.webContents.send(pushChannel, push)
  })
}
