import { EventEmitter } from 'node:events'
import type { IpcMain, IpcMainEvent, MessagePortMain } from 'electron'
import { expect, it } from 'vitest'
import type { AnswerPort, Carrel } from '../../../../src/main/compose.ts'
import { serveAnswers } from '../../../../src/main/electron/answer-port.ts'
import type { StreamEvent } from '../../../../src/shared/answer-stream.ts'
import { AppError } from '../../../../src/shared/errors.ts'

const question = { conversationId: '7f1f0a52-1f0c-4d8f-9a4e-0c3c6c9f1b11', question: 'What is a carrel?' }

/** The far end of a port: what was posted, and a promise of its closing. */
class FakePort extends EventEmitter {
  readonly posted: StreamEvent[] = []
  readonly #closed = Promise.withResolvers<void>()
  readonly whenClosed = this.#closed.promise
  start(): void {}
  postMessage(event: StreamEvent): void {
    this.posted.push(event)
  }
  close(): void {
    this.#closed.resolve()
  }
  reply(data: unknown): void {
    this.emit('message', { data })
  }
}

type ServeAnswer = Carrel['serveAnswer']

function open(options: {
  serveAnswer?: ServeAnswer
  carrel?: Promise<{ serveAnswer: ServeAnswer }>
  isOurs?: boolean
}) {
  const ipcMain = new EventEmitter()
  const carrel = options.carrel ?? Promise.resolve({ serveAnswer: options.serveAnswer ?? (async () => undefined) })
  serveAnswers({
    ipcMain: ipcMain as unknown as IpcMain,
    carrel,
    isFromOurPage: () => options.isOurs ?? true,
    log: { warn: () => undefined, error: () => undefined },
  })
  return (request: unknown, ports: readonly FakePort[]): void => {
    const event = { ports: ports as unknown as MessagePortMain[], sender: { id: 3 } } as unknown as IpcMainEvent
    ipcMain.emit('answer:open', event, request)
  }
}

it('serves a question over its port, named after its window', async () => {
  const served: { port: AnswerPort; question: string }[] = []
  const port = new FakePort()
  const serveAnswer: ServeAnswer = async (answerPort, request) =>
    void served.push({ port: answerPort, question: request.question })
  open({ serveAnswer })({ ...question, question: '  What is a carrel?  ' }, [port])
  await port.whenClosed
  expect(served).toMatchObject([{ port: { frontEnd: 'window:3' }, question: 'What is a carrel?' }])
})

it.each([
  undefined,
  {},
  { ...question, question: '   ' },
  { ...question, conversationId: '1' },
  { ...question, more: 1 },
])('answers %j with one error, number 0', async (request) => {
  const port = new FakePort()
  open({})(request, [port])
  await port.whenClosed
  expect(port.posted).toMatchObject([{ type: 'error', sequence: 0, error: { code: 'invalid-request' } }])
})

it('closes the ports of a foreign page, and of a question with two, without a word', async () => {
  const ports = [new FakePort(), new FakePort(), new FakePort()] as const
  open({ isOurs: false })(question, [ports[0]])
  open({})(question, [ports[1], ports[2]])
  await Promise.all(ports.map((port) => port.whenClosed))
  expect(ports.flatMap((port) => port.posted)).toEqual([])
})

it('keeps an abort and a close that come while the library still opens', async () => {
  const { promise, resolve } = Promise.withResolvers<{ serveAnswer: ServeAnswer }>()
  const port = new FakePort()
  open({ carrel: promise })(question, [port])
  port.reply({ type: 'abort' })
  port.emit('close')
  const seen = Promise.withResolvers<readonly unknown[]>()
  resolve({
    serveAnswer: async (answerPort) => {
      const heard: unknown[] = []
      answerPort.onReply((reply) => heard.push(reply))
      answerPort.onClose(() => heard.push('closed'))
      seen.resolve(heard)
    },
  })
  expect(await seen.promise).toEqual([{ type: 'abort' }, 'closed'])
})

it('ends the stream itself, with the next number, when serving fails in the middle', async () => {
  const port = new FakePort()
  const serveAnswer: ServeAnswer = async (answerPort) => {
    answerPort.post({ type: 'token', sequence: 0, text: 'a' })
    throw new Error('boom')
  }
  open({ serveAnswer })(question, [port])
  await port.whenClosed
  expect(port.posted).toMatchObject([{ sequence: 0 }, { type: 'error', sequence: 1, error: { code: 'internal' } }])
})

it('adds nothing after a terminal event', async () => {
  const port = new FakePort()
  const serveAnswer: ServeAnswer = async (answerPort) => {
    answerPort.post({ type: 'error', sequence: 0, error: { code: 'busy', message: 'Wait.', retryable: true } })
    throw new AppError('internal', 'too late')
  }
  open({ serveAnswer })(question, [port])
  await port.whenClosed
  expect(port.posted).toMatchObject([{ error: { code: 'busy' } }])
})

it('says that the library did not open', async () => {
  const port = new FakePort()
  open({ carrel: Promise.reject(new AppError('storage-locked', 'Close the other one.')) })(question, [port])
  await port.whenClosed
  expect(port.posted).toMatchObject([{ type: 'error', sequence: 0, error: { code: 'storage-locked' } }])
})
