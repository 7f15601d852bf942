import { app, BrowserWindow, dialog, ipcMain, nativeTheme, powerMonitor, session } from 'electron'
import { join } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import type { Carrel, ComposeOptions } from '../compose.ts'
import type { Log } from '../ports/log.ts'
import { serveAnswers } from './answer-port.ts'
import { prepareBrowserProfile } from './browser-profile.ts'
import { reloadAfterCrash } from './crash-recovery.ts'
import { createDesktop } from './desktop.ts'
import { routeRequests } from './ipc-router.ts'
import { isLiveWindow, liveWindows } from './live-windows.ts'
import { installMenu } from './menu.ts'
import { originalResponse } from './original-response.ts'
import { resolvePaths, type ShellPaths } from './paths.ts'
import { registerPageScheme, servePage } from './protocol.ts'
import { forwardPushes } from './pushes.ts'
import { disposeBeforeQuit } from './quit.ts'
import { createRefusalCounter } from './request-guard.ts'
import { guardContents, guardSession } from './security.ts'
import { isFromOurPage, type Sender } from './sender.ts'
import { describeStartFailure } from './start-failure.ts'
import { applyStartSwitches } from './start-switches.ts'
import { abortOnSystemEvents, abortOnWindowEvents, type AbortAnswers } from './window-events.ts'
import { readWindowState } from './window-state.ts'
import { applyTheme, openWindow, rememberWindow } from './window.ts'
import { createWorkerTransport } from './worker-process.ts'

/** What only Electron knows, for compose. */
export type Surroundings = Pick<
  ComposeOptions,
  'dataFolder' | 'resourcesFolder' | 'outFolder' | 'transport' | 'desktop'
>

/** Closing usually takes less; the process is then gone before its window would be. */
const hideAfterMs = 300

/** How the shell is started. */
export interface ShellOptions {
  readonly programArguments: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly log: Log
  /** Opens the library. Called when the window has painted, so that loading the databases never delays that. */
  readonly open: (surroundings: Surroundings) => Promise<Carrel>
}

/**
 * The desktop app, from first switch to last exit. Everything before `whenReady` must happen synchronously: Chromium
 * reads its switches, schemes and profile folder once.
 */
export function startShell(options: ShellOptions): void {
  // Electron's own answer is a modal box that holds everything up, quitting too; what failed is in the log instead.
  process.on('uncaughtException', (cause) => options.log.error('an error in main that nobody caught', cause))
  const paths = resolvePaths({
    programArguments: options.programArguments,
    environment: options.environment,
    workingFolder: process.cwd(),
    appDataFolder: app.getPath('appData'),
    appFolder: app.getAppPath(),
    resourcesFolder: app.isPackaged ? process.resourcesPath : join(app.getAppPath(), 'resources'),
  })
  applyStartSwitches(app.commandLine)
  registerPageScheme()
  try {
    prepareBrowserProfile(paths.browserFolder)
  } catch (cause) {
    fail(dataFolderError(cause), options)
    return
  }
  app.setPath('userData', paths.browserFolder)
  // One window a data folder: asking wakes the one that is there. The storage's own lock decides, see below.
  const isFirst = app.requestSingleInstanceLock()
  const refusals = createRefusalCounter()
  guardContents(app, refusals)
  app.whenReady().then(
    () => run(options, paths, { isFirst, refusals }),
    (cause: unknown) => fail(cause, options),
  )
}

function run(
  options: ShellOptions,
  paths: ShellPaths,
  start: { readonly isFirst: boolean; readonly refusals: ReturnType<typeof createRefusalCounter> },
): void {
  const { log, environment } = options
  const problem = (message: string, cause: unknown): void => log.warn(message, cause)
  let carrel: Carrel | null = null
  const abortAnswers: AbortAnswers = (frontEnd, reason) => carrel?.abortAnswers(frontEnd, reason)

  guardSession(session.defaultSession, start.refusals)
  servePage(session.defaultSession.protocol, paths.rendererFolder, async (documentId, request) =>
    originalResponse(documentId, request, await opened),
  )
  installMenu({
    platform: process.platform,
    locale: app.getLocale(),
    isPackaged: app.isPackaged,
    // Its page waits for the library if that still opens.
    onNewWindow: () => void showWindow(),
  })
  nativeTheme.themeSource = readWindowState(paths.windowStateFile).theme

  const showWindow = (): Promise<void> => {
    const window = openWindow(paths, problem)
    abortOnWindowEvents(window, abortAnswers)
    reloadAfterCrash(window, problem)
    return new Promise((resolve) => {
      window.once('ready-to-show', resolve)
      window.webContents.once('did-fail-load', () => resolve())
      window.once('closed', () => resolve())
    })
  }
  const openLibrary = (): Promise<Carrel> =>
    options.open({
      dataFolder: paths.dataFolder,
      resourcesFolder: paths.resourcesFolder,
      outFolder: paths.programFolder,
      transport: createWorkerTransport({
        programFolder: paths.programFolder,
        environment,
        onOutput: (entry, text) => log.verbose(`${entry}: ${text}`),
      }),
      desktop: createDesktop({ version: app.getVersion(), connectionsBlocked: () => start.refusals.count() }),
    })

  // Normally the window first. When another window seems to have this folder (or only its stale mark is left, as after
  // a crash on a machine that was renamed), the storage's lock is asked first, and no window flashes up in vain.
  const opened = start.isFirst ? showWindow().then(openLibrary) : openLibrary()
  opened.then(
    (library) => {
      carrel = library
      library.onPush((push) => {
        if (push.type === 'settings') applyTheme(push.settings.theme, paths.windowStateFile, problem)
      })
      forwardPushes(library)
      if (!start.isFirst) void showWindow()
    },
    (cause: unknown) => fail(cause, options, { isAlreadyOpen: !start.isFirst }),
  )

  const isOurs = (event: Sender): boolean => isFromOurPage(event, isLiveWindow)
  routeRequests({ ipcMain, carrel: opened, isFromOurPage: isOurs, checkResponses: !app.isPackaged, log })
  serveAnswers({ ipcMain, carrel: opened, isFromOurPage: isOurs, log })
  abortOnSystemEvents({
    app,
    powerMonitor,
    abortAllAnswers: (reason) => carrel?.abortAllAnswers(reason),
  })
  const closeAll = async (): Promise<void> => {
    for (const window of BrowserWindow.getAllWindows()) {
      rememberWindow(window, paths.windowStateFile, problem)
      hideSoon(window)
    }
    // A library that never opened has nothing to close; that failure was reported where it happened.
    const library = await opened.catch(() => null)
    await library?.[Symbol.asyncDispose]()
  }
  disposeBeforeQuit(app, closeAll, problem)

  app.on('second-instance', () => bringForward())
  app.on('activate', () => {
    if (liveWindows().length === 0) void showWindow()
  })
  app.on('window-all-closed', () => {
    carrel?.endModelWork()
    if (process.platform !== 'darwin') app.quit()
  })
}

/**
 * The window goes when closing takes a moment; not at once, because hiding a window whose page died an instant ago, before
 * Chromium has said so, ends the whole process in a failed check of its own (seen with Electron 42).
 */
function hideSoon(window: BrowserWindow): void {
  setTimeout(() => {
    if (!window.isDestroyed()) window.hide()
  }, hideAfterMs)
}

function bringForward(): void {
  const [window] = liveWindows()
  if (window === undefined) return
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}

function dataFolderError(cause: unknown): AppError {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC'
    ? new AppError('storage-full', 'The disk is full, so the library cannot open. Free some space, then try again.', {
        cause,
      })
    : new AppError(
        'internal',
        'Carrel cannot write to its data folder. Correct its permissions, or choose another with --data.',
        { cause },
      )
}

/** Says why there is no library, then ends. A window that is already open with it was brought forward instead. */
function fail(cause: unknown, options: ShellOptions, { isAlreadyOpen = false } = {}): void {
  const failure = describeStartFailure(cause, app.getLocale())
  options.log.error(`start failed: ${failure.code}`, cause)
  const isTest = options.environment['CARREL_E2E'] !== undefined
  if (isTest) process.stderr.write(`start-failed ${failure.code} ${failure.sentence}\n`)
  else if (!(isAlreadyOpen && failure.code === 'storage-locked')) dialog.showErrorBox(failure.title, failure.sentence)
  app.exit(1)
}
