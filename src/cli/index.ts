import { mkdtemp, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Carrel, compose } from '../main/compose.ts'
import { socketPlace } from '../main/local-socket/socket-place.ts'
import { AppError } from '../shared/errors.ts'
import { runInApp } from './app-connection.ts'
import { type Invocation, parseInvocation, usage } from './arguments.ts'
import { type CommandOptions, type ExitCode, exitCodes } from './command-options.ts'
import { runCommand } from './commands.ts'
import { defaultDataFolder } from './data-folder.ts'
import { runDemo } from './demo-command.ts'
import { createOutput, createTerminalSink, type OutputSink } from './output.ts'
import { reporting } from './report.ts'
import { resourcesFolderOf } from './resources-folder.ts'
import { runForTerminal } from './run-for-terminal.ts'
import { endOnSignals } from './signals.ts'
import { terminalDesktop } from './terminal-desktop.ts'
import { createForkTransport } from './worker-process.ts'
import { UsageError } from './usage-error.ts'

/** `carrel`: the same composition as the app, without Electron's window, under Electron as Node. */
const outFolder = dirname(fileURLToPath(import.meta.url))
const appFolder = resolve(outFolder, '..', '..')
const resourcesFolder = resourcesFolderOf(appFolder)

async function main(): Promise<ExitCode> {
  const controller = new AbortController()
  const { signal } = controller
  const stop = (): void => {
    controller.abort()
    sink.stopWaiting()
  }
  const sink = createTerminalSink(stop)
  endOnSignals(stop)
  const exitCode = await run(sink, signal)
  // Node waits for a reader without end; whoever pressed Ctrl-C does not.
  if (signal.aborted && !(await sink.isTaken())) process.exit(exitCode)
  return exitCode
}

async function run(sink: OutputSink, signal: AbortSignal): Promise<ExitCode> {
  const output = createOutput(sink)
  let invocation: Invocation
  try {
    invocation = parseInvocation(process.argv.slice(2))
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    output.remark(`${error.message}\n\n${usage}`)
    return exitCodes.wrongUsage
  }
  const { command } = invocation
  if (command.name === 'help' || command.name === 'version') {
    await output.line(command.name === 'help' ? usage : terminalDesktop.version)
    return exitCodes.done
  }
  const { isJson, isVerbose } = invocation
  const input = process.stdin
  const options: CommandOptions = { output, input, isJson, signal }
  return reporting(
    async () => {
      if (command.name === 'demo')
        return inThrowAwayLibrary(invocation, (carrel) => runDemo(carrel, join(resourcesFolder, 'samples'), options))
      const dataFolder = resolve(
        invocation.dataFolder ??
          process.env['CARREL_DATA'] ??
          defaultDataFolder(process.platform, homedir(), process.env),
      )
      const inApp = (): Promise<ExitCode | null> =>
        runInApp(
          socketPlace(dataFolder).path,
          { words: process.argv.slice(2), folder: process.cwd() },
          { sink, input: command.name === 'mcp' ? input : null, signal },
        )
      const exitCode = await inApp()
      if (exitCode !== null) return exitCode
      try {
        await using carrel = await open(dataFolder, invocation, {
          isResident: command.name === 'serve' || command.name === 'mcp',
        })
        return await runCommand(carrel, command, options)
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'storage-locked') throw error
        // The app may have opened the folder in between.
        const later = await inApp()
        if (later === null) throw error
        return later
      }
    },
    { output, isJson, isVerbose, signal },
  )
}

async function open(dataFolder: string, { isVerbose }: Invocation, { isResident = false } = {}): Promise<Carrel> {
  return compose({
    dataFolder,
    resourcesFolder,
    outFolder,
    transport: createForkTransport({ outFolder }),
    desktop: terminalDesktop,
    environment: process.env,
    isVerbose,
    isTerminal: true,
    runCommandLine: runForTerminal,
    // A search or a look at the list starts no import; add and remove do.
    isResident,
  })
}

async function inThrowAwayLibrary(
  invocation: Invocation,
  work: (carrel: Carrel) => Promise<ExitCode>,
): Promise<ExitCode> {
  const folder = await mkdtemp(join(tmpdir(), 'carrel-demo-'))
  try {
    await using carrel = await open(folder, invocation)
    return await work(carrel)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

// Carrel's timers keep no process alive; a command that only waits for one must not end for that.
const keepAlive = setInterval(() => undefined, 60_000)
try {
  process.exitCode = await main()
} finally {
  clearInterval(keepAlive)
}
