import { resolve } from 'node:path'
import type { Carrel, RemoteCommand } from '../main/compose.ts'
import { AppError } from '../shared/errors.ts'
import { type Command, parseInvocation } from './arguments.ts'
import { exitCodes } from './command-options.ts'
import { runCommand } from './commands.ts'
import { createOutput } from './output.ts'
import { reporting } from './report.ts'

/** Runs a command line that a terminal sends, in the app (or in `carrel serve`), which has the library open. */
export async function runForTerminal(
  carrel: Carrel,
  { words, folder, input, signal, send }: RemoteCommand,
): Promise<number> {
  const output = createOutput({
    write: (text) => send({ write: text }),
    progress: (text) => void send({ progress: text }),
    remark: (text) => void send({ remark: text }),
  })
  const { command, isJson, isVerbose } = parseInvocation(words)
  return reporting(
    async () => {
      if (command.name === 'help' || command.name === 'version' || command.name === 'demo') return exitCodes.wrongUsage
      if (command.name === 'serve')
        throw new AppError(
          'busy',
          'Carrel is open with this library. Switch on "Other programs" in its Settings, or close it.',
        )
      return runCommand(carrel, withAbsolutePaths(command, folder), { output, input, isJson, signal })
    },
    { output, isJson, isVerbose, signal },
  )
}

/** The terminal stands in another folder than the app. */
function withAbsolutePaths<C extends Command>(command: C, folder: string): C {
  if (command.name === 'add') return { ...command, paths: command.paths.map((path) => resolve(folder, path)) }
  if (command.name === 'watch-add' || command.name === 'watch-remove')
    return { ...command, folder: resolve(folder, command.folder) }
  if (command.name === 'watch-rescan' && command.folder !== null)
    return { ...command, folder: resolve(folder, command.folder) }
  if (command.name === 'search-file') return { ...command, file: resolve(folder, command.file) }
  if (command.name === 'find' && command.csvFile !== null)
    return { ...command, csvFile: resolve(folder, command.csvFile) }
  if (command.name === 'export' && command.file !== null) return { ...command, file: resolve(folder, command.file) }
  if (command.name === 'add-embedder') return { ...command, folder: resolve(folder, command.folder) }
  // An id is not a path; what names nothing as an id is looked for as a path.
  if (command.name === 'remove' || command.name === 'stop')
    return {
      ...command,
      targets: command.targets.map((target) =>
        /^[0-9a-f]{8,64}$|^file-\d+$/.test(target) ? target : resolve(folder, target),
      ),
    }
  return command
}
