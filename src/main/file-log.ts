import electronLog from 'electron-log/node'
import { join } from 'node:path'
import type { Log } from './ports/log.ts'

const largestFileBytes = 4 * 1024 * 1024

/**
 * Writes `logs/carrel.log` in the data folder, two files of 4 MiB at most. Holds no document or question text unless
 * `isVerbose` says so at that moment; verbose lines also go to stderr for who watches a terminal.
 */
export function createFileLog(options: {
  readonly dataFolder: string
  readonly isVerbose: () => boolean
  readonly isTerminal: boolean
}): Log {
  const log = electronLog.create({ logId: `carrel-${process.pid}` })
  log.transports.console.level = false
  // Otherwise it looks for a package.json near the current folder, and writes nothing where there is none.
  log.transports.file.setAppName('carrel')
  log.transports.file.level = 'info'
  log.transports.file.maxSize = largestFileBytes
  log.transports.file.resolvePathFn = () => join(options.dataFolder, 'logs', 'carrel.log')

  return {
    info: (message) => log.info(message),
    warn: (message, cause) => log.warn(...withCause(message, cause)),
    error: (message, cause) => log.error(...withCause(message, cause)),
    verbose(message) {
      if (!options.isVerbose()) return
      log.info(message)
      if (options.isTerminal) process.stderr.write(`${message}\n`)
    },
  }
}

function withCause(message: string, cause: unknown): readonly unknown[] {
  return cause === undefined ? [message] : [message, cause]
}
