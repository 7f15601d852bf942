import { AppError, isAbortError, serializeError } from '../shared/errors.ts'
import { type ExitCode, exitCodes } from './command-options.ts'
import type { Output } from './output.ts'

/** Runs a command and says what went wrong, in one sentence. @returns its exit code. */
export async function reporting(
  work: () => Promise<ExitCode>,
  options: {
    readonly output: Output
    readonly isJson: boolean
    readonly isVerbose: boolean
    readonly signal: AbortSignal
  },
): Promise<ExitCode> {
  const { output, isJson, isVerbose, signal } = options
  try {
    return await work()
  } catch (error) {
    if (signal.aborted || isAbortError(error)) {
      output.remark('Stopped. What was done until now is kept.')
      return exitCodes.failed
    }
    const { message, code } = serializeError(error)
    if (isJson) await output.json({ type: 'error', error: { code, message } })
    output.remark(message)
    if (!(error instanceof AppError) || isVerbose)
      output.remark(String(error instanceof Error ? (error.stack ?? error) : error))
    return exitCodes.failed
  }
}
