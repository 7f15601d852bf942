import { BrowserWindow, dialog, type OpenDialogOptions, powerMonitor, type SaveDialogOptions, shell } from 'electron'
import { AppError } from '../../shared/errors.ts'
import { exportEndings, type ExportFormat } from '../../shared/export-format.ts'
import type { Desktop } from '../compose.ts'

/** Names of products and formats: the same in every language. */
const formatNames: Readonly<Record<ExportFormat | 'csv', string>> = {
  markdown: 'Markdown',
  html: 'HTML',
  docx: 'Word',
  csv: 'CSV',
}

/** What Carrel may ask of the desktop: choose, open and reveal, always through the system's own dialogs. */
export function createDesktop(options: {
  readonly version: string
  readonly connectionsBlocked: () => number
}): Desktop {
  return {
    version: options.version,
    connectionsBlocked: options.connectionsBlocked,
    isOnBattery: () => powerMonitor.isOnBatteryPower(),
    chooseFiles: () => choose({ properties: ['openFile', 'multiSelections'] }),
    chooseFolder: () => choose({ properties: ['openDirectory', 'multiSelections'] }),
    async chooseNewFile({ fileName, format }) {
      const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0]
      const options: SaveDialogOptions = {
        defaultPath: fileName,
        filters: [{ name: formatNames[format], extensions: [format === 'csv' ? 'csv' : exportEndings[format]] }],
        properties: ['showOverwriteConfirmation', 'createDirectory'],
      }
      const chosen = await (window === undefined
        ? dialog.showSaveDialog(options)
        : dialog.showSaveDialog(window, options))
      return chosen.canceled ? null : chosen.filePath
    },
    async openFolder(path) {
      const problem = await shell.openPath(path)
      if (problem === '') return
      throw new AppError('internal', 'The system could not open that folder. Open it in your file manager.', {
        cause: new Error(problem),
      })
    },
    async openFile(path) {
      const problem = await shell.openPath(path)
      if (problem === '') return
      throw new AppError(
        'not-found',
        'The system could not open this file: it has no program for it, or the file is gone. Use Show in folder.',
        { details: { reason: 'not-opened' }, cause: new Error(problem) },
      )
    },
    async revealFile(path) {
      shell.showItemInFolder(path)
    },
  }
}

async function choose(options: OpenDialogOptions): Promise<readonly string[]> {
  const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0]
  const chosen = await (window === undefined ? dialog.showOpenDialog(options) : dialog.showOpenDialog(window, options))
  return chosen.canceled ? [] : chosen.filePaths
}
