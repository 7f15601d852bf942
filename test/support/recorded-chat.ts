import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { ChatDialect } from './chat-dialects.ts'

/** The body of a POST /api/chat or /v1/chat/completions as Carrel sent it. */
export interface ChatBody {
  readonly model: string
  readonly messages: readonly { readonly role: string; readonly content: string }[]
  readonly stream?: boolean
  readonly think?: unknown
  readonly keep_alive?: unknown
  readonly options?: Readonly<Record<string, unknown>>
  readonly stream_options?: unknown
  readonly max_tokens?: unknown
}

/** What a finished answer reports. */
export interface FinishOptions {
  readonly doneReason?: string
  readonly promptTokens?: number
  readonly answerTokens?: number
}

/**
 * One chat request that the recording server holds. Nothing is sent until a method says so; the first method that sends
 * also sends the headers, as Ollama does.
 */
export interface RecordedChat {
  readonly body: ChatBody
  /** Raw request headers, names in lower case. */
  readonly headers: IncomingMessage['headers']
  /** Status 200 and the content type of its dialect, at once, without a line. */
  sendHeaders(options?: { readonly status?: number; readonly contentType?: string }): void
  /** One unit (a line, an event) with a piece of the answer. */
  sendText(text: string): void
  /** One unit with a piece of reasoning. */
  sendReasoning(text: string): void
  /** One unit, any value. */
  sendLine(value: unknown): void
  /** Bytes as they are. @returns false when the socket's buffers are full (nobody reads). */
  sendRaw(bytes: string | Uint8Array): boolean
  /** The server's way to fail after status 200. */
  sendErrorLine(message: string): void
  /** The last units with the counts, then the end of the stream. */
  finish(options?: FinishOptions): void
  /** The end of the stream without a last line. */
  end(): void
  /** An error status with the server's JSON body. */
  fail(status: number, message: string): void
  /** The server drops the connection in the middle. */
  destroy(): void
  /** Sends the next `count` scripted tokens (see `AnswerScript`), and the last line after the last token. */
  release(count?: number): void
  /** Resolves when the answer's connection is closed or the answer was sent completely. Never rejects. */
  readonly closed: Promise<ChatClosed>
  /** False from the moment `closed` resolves. */
  readonly isOpen: boolean
  /** Resolves once everything sent so far was handed to the operating system, or cannot be any more. */
  drained(): Promise<void>
  readonly socket: Socket
}

/** How an answer's connection ended: `atMs` is Date.now(); `isComplete` is false when somebody cut it before its end. */
export interface ChatClosed {
  readonly atMs: number
  readonly isComplete: boolean
}

/** Wraps one request of the recording server. `tokens` are what `release` sends. */
export function recordChat(
  request: IncomingMessage,
  response: ServerResponse,
  body: ChatBody,
  tokens: readonly string[],
  dialect: ChatDialect,
): RecordedChat {
  let isOpen = true
  let released = 0
  let unwritten = 0
  const waitingForDrain: (() => void)[] = []
  const closed = new Promise<ChatClosed>((resolve) => {
    response.once('close', () => {
      isOpen = false
      resolve({ atMs: Date.now(), isComplete: response.writableFinished })
    })
  })
  // A client that goes away makes later writes fail; the test sees that through `closed`.
  response.on('error', () => {
    isOpen = false
  })
  const chat: RecordedChat = {
    body,
    headers: request.headers,
    closed,
    socket: request.socket,
    get isOpen() {
      return isOpen
    },
    sendHeaders({ status = 200, contentType = dialect.contentType } = {}) {
      response.writeHead(status, { 'content-type': contentType })
      response.flushHeaders()
    },
    sendText: (text) => chat.sendLine(dialect.text(body.model, text)),
    sendReasoning: (text) => chat.sendLine(dialect.reasoning(body.model, text)),
    sendLine: (value) => void chat.sendRaw(dialect.unit(value)),
    sendRaw(bytes) {
      if (!response.headersSent) chat.sendHeaders()
      unwritten += 1
      return response.write(bytes, () => {
        unwritten -= 1
        if (unwritten === 0) for (const resolve of waitingForDrain.splice(0)) resolve()
      })
    },
    sendErrorLine: (message) => chat.sendLine(dialect.error(message)),
    finish({ doneReason = 'stop', promptTokens = 10, answerTokens = 5 } = {}) {
      chat.sendRaw(dialect.finish(body.model, { doneReason, promptTokens, answerTokens }))
      response.end()
    },
    end() {
      if (!response.headersSent) chat.sendHeaders()
      response.end()
    },
    fail(status, message) {
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
      response.end(JSON.stringify(dialect.error(message)))
    },
    destroy: () => void request.socket.destroy(),
    release(count = 1) {
      for (const token of tokens.slice(released, released + count)) chat.sendText(token)
      const wasDone = released >= tokens.length
      released += count
      if (!wasDone && released >= tokens.length) chat.finish({ answerTokens: tokens.length })
    },
    drained: () => (unwritten === 0 ? Promise.resolve() : new Promise((resolve) => waitingForDrain.push(resolve))),
  }
  return chat
}
