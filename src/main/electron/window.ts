import { BrowserWindow, nativeTheme, screen } from 'electron'
import { join } from 'node:path'
import { pageUrl } from './page-origin.ts'
import type { ShellPaths } from './paths.ts'
import { minimumSize, placeWindow, readWindowState, writeWindowState } from './window-state.ts'

/** "Paper" of the page in both themes, so that nothing flashes white before its first paint. */
const paper = { light: '#f7f5f0', dark: '#15171a' }

/** From one window to the next. */
const stepPixels = 28

/** Opens the window where it was last; its page begins to load at once, and it is shown when that has painted. */
export function openWindow(
  paths: Pick<ShellPaths, 'preloadFile' | 'windowStateFile' | 'resourcesFolder'>,
  onProblem: (message: string, cause: unknown) => void,
): BrowserWindow {
  const state = readWindowState(paths.windowStateFile)
  const workAreas = [screen.getPrimaryDisplay(), ...screen.getAllDisplays()].map((display) => display.workArea)
  const place = placeWindow(state.bounds, workAreas)
  const others = BrowserWindow.getAllWindows().length
  const window = new BrowserWindow({
    ...place,
    // A further window shows that it is another one.
    ...(place.x === undefined || place.y === undefined
      ? {}
      : { x: place.x + others * stepPixels, y: place.y + others * stepPixels }),
    minWidth: minimumSize.width,
    minHeight: minimumSize.height,
    title: 'Carrel',
    // Windows and macOS take it from the program; elsewhere the window brings it.
    icon: join(paths.resourcesFolder, 'icons', '512x512.png'),
    show: false,
    autoHideMenuBar: true,
    backgroundColor: currentPaper(),
    webPreferences: {
      preload: paths.preloadFile,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      // Its dictionaries would be downloaded.
      spellcheck: false,
      // Tokens go on arriving while the window is behind another.
      backgroundThrottling: false,
    },
  })
  window.once('ready-to-show', () => {
    if (state.isMaximized) window.maximize()
    window.show()
  })
  window.on('page-title-updated', (event) => event.preventDefault())
  window.on('close', () => rememberWindow(window, paths.windowStateFile, onProblem))
  window.loadURL(pageUrl).catch((cause: unknown) => onProblem('the page did not load', cause))
  return window
}

/** The theme that the person chose holds for the native parts, for `prefers-color-scheme`, and for the next start. */
export function applyTheme(
  theme: 'system' | 'light' | 'dark',
  windowStateFile: string,
  onProblem: (message: string, cause: unknown) => void,
): void {
  nativeTheme.themeSource = theme
  for (const window of BrowserWindow.getAllWindows()) window.setBackgroundColor(currentPaper())
  const state = readWindowState(windowStateFile)
  if (state.theme !== theme) remember(() => writeWindowState(windowStateFile, { ...state, theme }), onProblem)
}

/** Place and size for the next start; called on closing and on quitting (which does not close windows one by one). */
export function rememberWindow(
  window: BrowserWindow,
  windowStateFile: string,
  onProblem: (message: string, cause: unknown) => void,
): void {
  const { theme } = readWindowState(windowStateFile)
  const state = { bounds: window.getNormalBounds(), isMaximized: window.isMaximized(), theme }
  remember(() => writeWindowState(windowStateFile, state), onProblem)
}

/** A full disk must not keep a window from closing. */
function remember(write: () => void, onProblem: (message: string, cause: unknown) => void): void {
  try {
    write()
  } catch (cause) {
    onProblem('the place of the window was not remembered', cause)
  }
}

function currentPaper(): string {
  return nativeTheme.shouldUseDarkColors ? paper.dark : paper.light
}
