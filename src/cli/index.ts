import { mkdtemp, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Carrel, compose } from '../main/compose.ts'
import { AppError, isAbortError, serializeError } from '../shared/errors.ts'
import { type Invocation, parseInvocation, usage, UsageError } from './arguments.ts'
import { type CommandOptions, type ExitCode, exitCodes } from './command-options.ts'
import { runCommand } from './commands.ts'
import { defaultDataFolder } from './data-folder.ts'
import { runDemo } from './demo-command.ts'
import { createOutput } from './output.ts'
import { resourcesFolderOf } from './resources-folder.ts'
import { endOnSignals } from './signals.ts'
import { terminalDesktop } from './terminal-desktop.ts'
import { createForkTransport } from './worker-process.ts'

/** `carrel`: the same composition as the app, without Electron's window, under Electron as Node. */
const outFolder = dirname(fileURLToPath(import.meta.url))
const appFolder = resolve(outFolder, '..', '..')
const resourcesFolder = resourcesFolderOf(appFolder)

async function main(): Promise<ExitCode> {
  const controller = new AbortController()
  const { signal } = controller
  const stop = (): void => controller.abort()
  endOnSignals(stop)
  const output = createOutput(stop)
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
  const options: CommandOptions = { output, isJson: invocation.isJson, signal }
  try {
    if (command.name === 'demo')
      return await inThrowAwayLibrary(invocation, (carrel) =>
        runDemo(carrel, join(resourcesFolder, 'samples'), options),
      )
    const dataFolder = resolve(
      invocation.dataFolder ??
        process.env['CARREL_DATA'] ??
        defaultDataFolder(process.platform, homedir(), process.env),
    )
    await using carrel = await open(dataFolder, invocation, { isResident: command.name === 'serve' })
    return await runCommand(carrel, command, options)
  } catch (error) {
    if (signal.aborted || isAbortError(error)) {
      output.remark('Stopped. What was done until now is kept.')
      return exitCodes.failed
    }
    const { message, code } = serializeError(error)
    if (invocation.isJson) await output.json({ type: 'error', error: { code, message } })
    output.remark(message)
    if (!(error instanceof AppError) || invocation.isVerbose)
      output.remark(String(error instanceof Error ? (error.stack ?? error) : error))
    return exitCodes.failed
  }
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
