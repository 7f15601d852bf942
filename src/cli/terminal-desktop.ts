import { AppError } from '../shared/errors.ts'
import type { Desktop } from '../main/handlers.ts'
import { version } from '../../package.json'

const noDesktop = (): never => {
  throw new AppError('invalid-request', 'There is no desktop here. Give the path on the command line instead.')
}

/** The command line has no dialogs and no file manager; nothing there asks for them. */
export const terminalDesktop: Desktop = {
  version,
  connectionsBlocked: () => 0,
  // Nothing is warmed up for a command.
  isOnBattery: () => true,
  chooseFiles: noDesktop,
  chooseFolder: noDesktop,
  chooseNewFile: noDesktop,
  openFolder: noDesktop,
  openFile: noDesktop,
  revealFile: noDesktop,
}
