import type { Carrel } from '../main/compose.ts'
import { deserializeError } from '../shared/errors.ts'
import { defaultLocalApiPort } from '../shared/local-api.ts'
import { type CommandOptions, type ExitCode, exitCodes } from './command-options.ts'

export interface ServeOptions {
  /** Null: the usual one. 0: any free one. */
  readonly port: number | null
  readonly allowedOrigins: readonly string[]
  readonly allowedFolders: readonly string[]
}

/** Opens the door for other programs until it is stopped; says where it is, and how to come in. */
export async function serve(
  carrel: Carrel,
  { port, allowedOrigins, allowedFolders }: ServeOptions,
  { output, isJson, signal }: CommandOptions,
): Promise<ExitCode> {
  const status = await carrel.localApi.apply({
    isOn: true,
    port: port ?? defaultLocalApiPort,
    allowedOrigins,
    allowedFolders,
  })
  if (status.problem !== null) throw deserializeError(status.problem)
  const { address, token } = status
  if (isJson) await output.json({ address, token })
  else {
    await output.line(`address   ${address}`)
    await output.line(`token     ${token}`)
    await output.line(`\ncurl -N ${address}/v1/answers -H 'Authorization: Bearer ${token}' \\`)
    await output.line("  -H 'Content-Type: application/json' -H 'Accept: text/plain' \\")
    await output.line(`  -d '{"question": "What notice ends the lease early?"}'`)
    output.remark('\nCtrl-C ends it.')
  }
  if (!signal.aborted) await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
  return exitCodes.done
}
