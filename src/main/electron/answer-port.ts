import type { IpcMain, IpcMainEvent, MessagePortMain } from 'electron'
import type { StreamEvent } from '../../shared/answer-stream.ts'
import { answerChannel } from '../../shared/channels.ts'
import { AppError, serializeError } from '../../shared/errors.ts'
import { askRequestSchema } from '../../shared/ipc.ts'
import type { AnswerPort, Carrel } from '../compose.ts'
import type { Log } from '../ports/log.ts'
import { frontEndOf } from './sender.ts'

/** What serving answers needs of its surroundings. */
export interface AnswerPortOptions {
  readonly ipcMain: Pick<IpcMain, 'on'>
  /** Questions that come while storage still opens wait for it; an abort in the meantime is kept. */
  readonly carrel: Promise<Pick<Carrel, 'serveAnswer'>>
  readonly isFromOurPage: (event: IpcMainEvent) => boolean
  readonly log: Pick<Log, 'warn' | 'error'>
}

/** One question, one port. An invalid question is answered with a single `error` event, number 0. */
export function serveAnswers(options: AnswerPortOptions): void {
  // A port that nothing refers to is closed when it is collected: it stays here until its answer is over.
  const openPorts = new Set<WrappedPort>()
  options.ipcMain.on(answerChannel, (event, request: unknown) => {
    const [port, ...others] = event.ports
    if (port === undefined || others.length > 0 || !options.isFromOurPage(event)) {
      options.log.warn(`${answerChannel}: refused (${event.ports.length} ports)`)
      for (const refused of event.ports) refused.close()
      return
    }
    const wrapped = new WrappedPort(port, frontEndOf(event.sender.id))
    openPorts.add(wrapped)
    serveOne(wrapped, request, options)
      .catch((cause: unknown) => {
        if (!(cause instanceof AppError)) options.log.error('an answer failed outside its stream', cause)
        wrapped.fail(cause)
      })
      .finally(() => {
        wrapped.close()
        openPorts.delete(wrapped)
      })
  })
}

async function serveOne(port: WrappedPort, request: unknown, options: AnswerPortOptions): Promise<void> {
  const parsed = askRequestSchema.safeParse(request)
  if (!parsed.success) {
    throw new AppError(
      'invalid-request',
      'Carrel could not read that question. Write it again, up to 20,000 characters.',
      {
        details: { field: parsed.error.issues[0]?.path.join('.') ?? '' },
        cause: parsed.error,
      },
    )
  }
  const carrel = await options.carrel
  await carrel.serveAnswer(port, parsed.data)
}

/** A MessagePortMain as the answer session wants it. Keeps replies and a close that come before anybody listens. */
class WrappedPort implements AnswerPort {
  readonly frontEnd: string
  readonly #port: MessagePortMain
  readonly #earlyReplies: unknown[] = []
  readonly #closeListeners: (() => void)[] = []
  #replyListener: ((reply: unknown) => void) | null = null
  #nextSequence = 0
  #isEnded = false
  #isClosed = false

  constructor(port: MessagePortMain, frontEnd: string) {
    this.frontEnd = frontEnd
    this.#port = port
    port.on('message', ({ data }) => this.#receive(data))
    port.on('close', () => this.#becomeClosed())
    port.start()
  }

  post(event: StreamEvent): void {
    if (this.#isClosed) return
    this.#nextSequence = event.sequence + 1
    this.#isEnded = event.type === 'done' || event.type === 'error'
    this.#port.postMessage(event)
  }

  /** The second line: whatever went wrong, the page gets its terminal event. */
  fail(cause: unknown): void {
    if (!this.#isEnded) this.post({ type: 'error', sequence: this.#nextSequence, error: serializeError(cause) })
  }

  onReply(listener: (reply: unknown) => void): void {
    this.#replyListener = listener
    for (const reply of this.#earlyReplies.splice(0)) listener(reply)
  }

  onClose(listener: () => void): void {
    if (this.#isClosed) listener()
    else this.#closeListeners.push(listener)
  }

  close(): void {
    if (this.#isClosed) return
    this.#port.close()
    this.#becomeClosed()
  }

  #receive(reply: unknown): void {
    if (this.#replyListener === null) this.#earlyReplies.push(reply)
    else this.#replyListener(reply)
  }

  #becomeClosed(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    for (const listener of this.#closeListeners.splice(0)) listener()
  }
}
