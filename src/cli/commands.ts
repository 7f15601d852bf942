import type { Carrel } from '../main/compose.ts'
import type { Command } from './arguments.ts'
import { addFiles } from './add-command.ts'
import { askQuestion } from './ask-command.ts'
import { listDocuments, removeDocuments, showStatus, verifyLibrary } from './library-commands.ts'
import type { Output } from './output.ts'
import { searchFile, searchOnce } from './search-command.ts'

export const exitCodes = { done: 0, failed: 1, wrongUsage: 2, someFilesFailed: 3 } as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

export interface CommandOptions {
  readonly output: Output
  readonly isJson: boolean
  /** Ctrl-C, a closed terminal, a reader that has gone. */
  readonly signal: AbortSignal
}

/** A command that needs an open library. @throws AppError */
export type LibraryCommand = Exclude<Command, { name: 'help' | 'version' | 'demo' }>

export async function runCommand(carrel: Carrel, command: LibraryCommand, options: CommandOptions): Promise<ExitCode> {
  switch (command.name) {
    case 'add':
      return addFiles(carrel, command.paths, options)
    case 'list':
      return listDocuments(carrel, options)
    case 'remove':
      return removeDocuments(carrel, command.targets, options)
    case 'status':
      return showStatus(carrel, options)
    case 'verify':
      return verifyLibrary(carrel, options)
    case 'search':
      return searchOnce(carrel, command, options)
    case 'search-file':
      return searchFile(carrel, command, options)
    case 'ask':
      return askQuestion(carrel, command, options)
  }
}
