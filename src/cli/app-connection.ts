import { request } from 'node:http'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { AppError } from '../shared/errors.ts'
import { type AppFrame, appFrameSchema, commandPath, type TerminalFrame } from '../main/local-socket/command-frames.ts'
import type { OutputSink } from './output.ts'

/**
 * Runs a command line in the app that has the library open.
 * @returns its exit code; null when no app listens there.
 * @throws AppError `busy` when the app ends in the middle
 */
export async function runInApp(
  socketPath: string,
  command: { readonly words: readonly string[]; readonly folder: string },
  terminal: { readonly sink: OutputSink; readonly input: Readable | null; readonly signal: AbortSignal },
): Promise<number | null> {
  const { sink, input, signal } = terminal
  const exchange = request({
    socketPath,
    path: commandPath,
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
  })
  const send = (frame: TerminalFrame): void => void exchange.write(`${JSON.stringify(frame)}\n`)
  const response = await new Promise<NodeJS.ReadableStream | null>((resolve, reject) => {
    exchange.once('response', resolve)
    exchange.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(null)
      else reject(error)
    })
    send({ words: [...command.words], folder: command.folder })
  })
  if (response === null) return null
  exchange.on('error', () => undefined)
  const stop = (): void => send({ stop: true })
  if (signal.aborted) stop()
  else signal.addEventListener('abort', stop, { once: true })
  input?.setEncoding('utf8')
  input?.on('data', (text: string) => send({ input: text }))
  input?.once('end', () => send({ end: true }))
  try {
    for await (const line of createInterface({ input: response, crlfDelay: Infinity })) {
      const frame: AppFrame = appFrameSchema.parse(JSON.parse(line))
      if ('exit' in frame) return frame.exit
      if ('write' in frame) await sink.write(frame.write)
      else if ('progress' in frame) sink.progress(frame.progress)
      else sink.remark(frame.remark)
    }
  } finally {
    signal.removeEventListener('abort', stop)
    exchange.destroy()
    input?.pause()
  }
  throw new AppError('busy', 'The app was closed in the middle. Run the command again.', { retryable: true })
}
