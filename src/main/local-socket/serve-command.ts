import type { IncomingMessage, ServerResponse } from 'node:http'
import { createInterface } from 'node:readline'
import { PassThrough, type Readable } from 'node:stream'
import { AppError } from '../../shared/errors.ts'
import { type AppFrame, type TerminalFrame, terminalFrameSchema } from './command-frames.ts'

/** A command line that a terminal sends, as whoever runs it sees it. */
export interface RemoteCommand {
  readonly words: readonly string[]
  /** Where it was typed: relative paths mean this. */
  readonly folder: string
  readonly input: Readable
  /** Ctrl-C, or a terminal that has gone. */
  readonly signal: AbortSignal
  /** Resolves when the terminal has room for more. */
  send(frame: Exclude<AppFrame, { exit: number }>): Promise<void>
}

/** Runs it. @returns the exit code. */
export type RunCommandLine = (command: RemoteCommand) => Promise<number>

/** One command line over one exchange. @throws AppError `invalid-request` for what is no such exchange. */
export async function serveCommand(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  run: RunCommandLine,
): Promise<void> {
  const controller = new AbortController()
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) controller.abort()
  })
  const input = new PassThrough()
  const frames = readFrames(incoming)
  const { value: first } = await frames.next()
  if (first === undefined || !('words' in first))
    throw new AppError('invalid-request', 'This is not a command of carrel. Use the carrel program.')
  outgoing.writeHead(200, { 'Content-Type': 'application/x-ndjson' })
  outgoing.flushHeaders()
  void follow(frames, input, controller)
  const exit = await run({
    words: first.words,
    folder: first.folder,
    input,
    signal: controller.signal,
    send: (frame) => writeFrame(outgoing, frame),
  })
  await writeFrame(outgoing, { exit })
  outgoing.end()
}

async function follow(
  frames: AsyncIterable<TerminalFrame>,
  input: PassThrough,
  controller: AbortController,
): Promise<void> {
  try {
    for await (const frame of frames) {
      if ('input' in frame) input.write(frame.input)
      else if ('end' in frame) input.end()
      else controller.abort()
    }
  } catch {
    // A terminal that breaks off, or sends what is none of the frames: nobody is there any more.
    controller.abort()
  } finally {
    input.end()
  }
}

async function* readFrames(incoming: IncomingMessage): AsyncGenerator<TerminalFrame, void, undefined> {
  for await (const line of createInterface({ input: incoming, crlfDelay: Infinity })) {
    let parsed
    try {
      parsed = terminalFrameSchema.safeParse(JSON.parse(line))
    } catch (cause) {
      throw new AppError('invalid-request', 'This is not a command of carrel. Use the carrel program.', { cause })
    }
    if (!parsed.success)
      throw new AppError('invalid-request', 'This is not a command of carrel. Use the carrel program.', {
        cause: parsed.error,
      })
    yield parsed.data
  }
}

async function writeFrame(outgoing: ServerResponse, frame: AppFrame): Promise<void> {
  if (outgoing.destroyed || outgoing.write(`${JSON.stringify(frame)}\n`)) return
  await new Promise<void>((resolve) => {
    outgoing.once('drain', resolve)
    outgoing.once('close', resolve)
  })
}
