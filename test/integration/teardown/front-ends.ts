import { randomUUID } from 'node:crypto'
import { Agent, request as httpRequest } from 'node:http'
import type { AnswerPort } from '../../../src/main/compose.ts'
import { advanceStream, initialStreamState, type StreamEvent } from '../../../src/shared/answer-stream.ts'
import { type ChunkId, type ConversationId, conversationIdSchema } from '../../../src/shared/ids.ts'
import { askRequestSchema } from '../../../src/shared/ipc.ts'
import type { CarrelUnderTest } from './carrel-under-test.ts'

/** A question on its way, whoever asked it. */
interface AskingBase {
  readonly frontEnd: string
  readonly conversationId: ConversationId
  readonly question: string
  /** Text of the answer that arrived so far; of a client, its reply as it came. */
  received(): string
  /** From now on the reader takes nothing. */
  fallBehind(): void
  /** Resolves when Carrel has let go of it. */
  readonly ended: Promise<void>
}

/** A page of a window, at the other end of a port. */
export interface PageAsking extends AskingBase {
  readonly kind: 'page'
  readonly events: readonly StreamEvent[]
  /** Acknowledges what came while it was behind, and goes on. */
  catchUp(): void
  stop(): void
  /** The port closes: window, page or its process is gone. */
  leave(): void
}

/** A program at the local API. */
export interface ClientAsking extends AskingBase {
  readonly kind: 'client'
  disconnect(): void
}

export type Asking = PageAsking | ClientAsking

export interface Question {
  readonly mode: 'auto' | 'quotes'
  readonly conversationId?: ConversationId
  /** Of a page: passages to be summarised one by one. */
  readonly summarise?: readonly ChunkId[]
  /** How slow the page is with each event. Default 0: at the next turn of the loop. */
  readonly acknowledgeAfterMs?: number
}

const newConversation = (): ConversationId => conversationIdSchema.parse(randomUUID())

/** Each question differs, so that its chat can be told from others at the server. */
const newQuestion = (): string => `When do the carrels open, asks ${randomUUID().slice(0, 8)}?`

export function askFromPage({ carrel }: CarrelUnderTest, frontEnd: string, options: Question): PageAsking {
  const { conversationId = newConversation(), mode, summarise = null, acknowledgeAfterMs = 0 } = options
  const question = newQuestion()
  const events: StreamEvent[] = []
  let state = initialStreamState
  let onReply: (reply: unknown) => void = () => undefined
  let onClose: () => void = () => undefined
  let isBehind = false
  let hasLeft = false
  let lastSequence = -1
  const port: AnswerPort = {
    frontEnd,
    post(event) {
      if (hasLeft) return
      state = advanceStream(state, event)
      events.push(event)
      lastSequence = event.sequence
      const acknowledge = (): void => onReply({ type: 'ack', sequence: event.sequence })
      // As over a real port: not within the call.
      if (isBehind) return
      if (acknowledgeAfterMs === 0) setImmediate(acknowledge)
      else setTimeout(acknowledge, acknowledgeAfterMs)
    },
    onReply: (listener) => void (onReply = listener),
    onClose: (listener) => void (onClose = listener),
    close: () => undefined,
  }
  return {
    kind: 'page',
    frontEnd,
    conversationId,
    question,
    events,
    received: () => events.map((event) => (event.type === 'token' ? event.text : '')).join(''),
    ended: carrel.serveAnswer(port, askRequestSchema.parse({ conversationId, question, mode, summarise })),
    stop: () => onReply({ type: 'abort' }),
    leave() {
      hasLeft = true
      onClose()
    },
    fallBehind: () => void (isBehind = true),
    catchUp() {
      isBehind = false
      onReply({ type: 'ack', sequence: lastSequence })
    },
  }
}

const clientForms = ['text/plain', 'text/event-stream', 'application/x-ndjson', 'application/json'] as const

/** @param form which of the four forms of an answer it asks for */
export function askFromClient(under: CarrelUnderTest, form: number, options: Question): ClientAsking {
  const { conversationId = newConversation(), mode } = options
  const question = newQuestion()
  let received = ''
  let isBehind = false
  const agent = new Agent({ keepAlive: false })
  const request = httpRequest(`${under.apiUrl}/v1/answers`, {
    method: 'POST',
    agent,
    headers: {
      authorization: `Bearer ${under.apiToken}`,
      'content-type': 'application/json',
      accept: clientForms[form % clientForms.length],
    },
  })
  const ended = new Promise<void>((resolve) => {
    request.on('error', () => undefined)
    request.once('close', () => resolve())
    request.once('response', (response) => {
      response.setEncoding('utf8')
      response.on('error', () => undefined)
      response.on('data', (text: string) => (received += text))
      if (isBehind) response.pause()
      fallBehind = () => response.pause()
    })
  })
  let fallBehind = (): void => void (isBehind = true)
  request.end(JSON.stringify({ conversationId, question, mode }))
  return {
    kind: 'client',
    frontEnd: 'client',
    conversationId,
    question,
    received: () => received,
    ended,
    disconnect: () => void request.destroy(),
    fallBehind: () => fallBehind(),
  }
}
