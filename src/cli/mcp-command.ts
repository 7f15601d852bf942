import { PassThrough } from 'node:stream'
import type { Carrel } from '../main/compose.ts'
import { type CommandOptions, type ExitCode, exitCodes } from './command-options.ts'
import type { Output } from './output.ts'

/** Speaks MCP on standard input and output until the input ends. */
export async function serveMcp(carrel: Carrel, { output, input, signal }: CommandOptions): Promise<ExitCode> {
  const written = new PassThrough()
  const copying = copy(written, output)
  await carrel.serveMcp({ input, output: written }, { frontEnd: 'mcp:stdio', signal })
  written.end()
  await copying
  return exitCodes.done
}

async function copy(from: PassThrough, output: Output): Promise<void> {
  from.setEncoding('utf8')
  for await (const text of from) await output.raw(String(text))
}
