import { z } from 'zod'
import { citationCheckSchema } from './citation-check.ts'
import { answerModes, finishReasons, type FinishReason, usageSchema } from './conversation.ts'
import { serializedErrorSchema } from './document.ts'
import { chunkIdSchema, conversationIdSchema, messageIdSchema } from './ids.ts'
import { passageSchema, sourceSchema } from './passage.ts'
import { searchTraceSchema } from './search-trace.ts'

/**
 * The answer stream: one question, one stream, one terminal event.
 *
 * Two forms of the same thing. {@link AnswerEvent} is what the service yields to every front end: deltas, and the whole
 * result in the `stop` (or `failure`) event, last. {@link StreamEvent} is what crosses a MessagePort: numbered, and
 * with the terminal event split into `sources` and `done` (or `error`).
 */
export const answerStages = ['condense', 'retrieve', 'load', 'generate', 'check'] as const
export type AnswerStageName = (typeof answerStages)[number]

/** What is known when a stage begins. */
export const stageDetailSchema = z.object({
  condensedQuestion: z.string().optional(),
  /** The question in the other language, in which it is also searched. */
  translatedQuestion: z.string().optional(),
  /** The question before it, whose words are also searched while nothing better is known of a follow-up. */
  previousQuestion: z.string().optional(),
  /** A meaningful part of the library is in this language, and nothing could translate the question: it may be missed. */
  missingTranslation: z.enum(['en', 'zh']).optional(),
  /** Nothing is searched: the previous answer gets another form. */
  transformation: z.enum(['shorter', 'simpler', 'table', 'list', 'translate']).optional(),
  /** An embedder could not be used: this search goes by keywords alone. */
  keywordsOnly: serializedErrorSchema.optional(),
  /** Documents that the search covers. */
  documentCount: z.number().int().optional(),
  /** What the search came to, as far as it is known before the answer is written. */
  search: searchTraceSchema.omit({ candidates: true }).optional(),
  model: z.string().optional(),
  mode: z.enum(answerModes).optional(),
  /** Why there are only quotations: what is missing, and the next step. */
  reason: serializedErrorSchema.optional(),
})
export type StageDetail = z.infer<typeof stageDetailSchema>

/** A citation mark in the text that appears for the first time: `[number]` points at this passage from now on. */
export const citationSchema = z.object({ number: z.number().int().min(1), passageId: chunkIdSchema })
export type Citation = z.infer<typeof citationSchema>

const statusShape = { type: z.literal('status'), stage: z.enum(answerStages), detail: stageDetailSchema }
const passagesShape = { type: z.literal('passages'), passages: z.array(passageSchema) }
const tokenShape = {
  type: z.literal('token'),
  text: z.string(),
  /** Present for a citation that Carrel added itself. */
  addedBy: z.literal('carrel').optional(),
  citations: z.array(citationSchema).optional(),
}
const reasoningShape = { type: z.literal('reasoning'), text: z.string() }

export const answerResultSchema = z.object({
  conversationId: conversationIdSchema,
  messageId: messageIdSchema,
  mode: z.enum(answerModes),
  model: z.string().nullable(),
  answer: z.string(),
  sources: z.array(sourceSchema),
  check: citationCheckSchema,
  finishReason: z.enum(finishReasons),
  usage: usageSchema,
})
export type AnswerResult = z.infer<typeof answerResultSchema>

export const answerEventSchema = z.discriminatedUnion('type', [
  z.object(statusShape),
  z.object(passagesShape),
  z.object(tokenShape),
  z.object(reasoningShape),
  z.object({ type: z.literal('stop'), result: answerResultSchema }),
  z.object({ type: z.literal('failure'), error: serializedErrorSchema, result: answerResultSchema }),
])
export type AnswerEvent = z.infer<typeof answerEventSchema>
export type AnswerDelta = Exclude<AnswerEvent, { type: 'stop' | 'failure' }>

const sequence = { sequence: z.number().int().min(0) }
export const streamEventSchema = z.discriminatedUnion('type', [
  z.object({ ...sequence, ...statusShape }),
  z.object({ ...sequence, ...passagesShape }),
  z.object({ ...sequence, ...tokenShape }),
  z.object({ ...sequence, ...reasoningShape }),
  z.object({ ...sequence, type: z.literal('sources'), sources: z.array(sourceSchema), check: citationCheckSchema }),
  z.object({
    ...sequence,
    type: z.literal('done'),
    messageId: messageIdSchema,
    mode: z.enum(answerModes),
    model: z.string().nullable(),
    finishReason: z.enum(finishReasons).exclude(['error']),
    usage: usageSchema,
  }),
  z.object({ ...sequence, type: z.literal('error'), error: serializedErrorSchema }),
])
export type StreamEvent = z.infer<typeof streamEventSchema>

/** Page to main, over the same port: credit, and stop. */
export const streamReplySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ack'), sequence: z.number().int().min(0) }),
  z.object({ type: z.literal('abort') }),
])
export type StreamReply = z.infer<typeof streamReplySchema>

/** At most this many events may be unacknowledged; then the pipeline stops pulling and the socket stops being read. */
export const creditWindowEvents = 32

type WithoutSequence<T> = T extends unknown ? Omit<T, 'sequence'> : never
export type UnnumberedStreamEvent = WithoutSequence<StreamEvent>

/** Splits a service event into what crosses the port, in order: `stop` into `sources` and `done`, `failure` into `sources` and `error`. */
export function toStreamEvents(event: AnswerEvent): readonly UnnumberedStreamEvent[] {
  if (event.type === 'stop') {
    const { messageId, mode, model, usage, sources, check } = event.result
    const finishReason: Exclude<FinishReason, 'error'> =
      event.result.finishReason === 'error' ? 'aborted' : event.result.finishReason
    return [
      { type: 'sources', sources, check },
      { type: 'done', messageId, mode, model, finishReason, usage },
    ]
  }
  if (event.type === 'failure') {
    const error: UnnumberedStreamEvent = { type: 'error', error: event.error }
    const { sources, check } = event.result
    return sources.length === 0 ? [error] : [{ type: 'sources', sources, check }, error]
  }
  return [event]
}

/**
 * The grammar, as a state machine used by both ends and by every test:
 * `(status | passages)* (status | token | reasoning)* (sources done | sources? error)`, numbered from 0 without a gap.
 */
export interface StreamState {
  readonly phase: 'gathering' | 'writing' | 'sourced' | 'ended'
  readonly nextSequence: number
}

export const initialStreamState: StreamState = { phase: 'gathering', nextSequence: 0 }

/** @returns the state after `event`. @throws Error naming the violation when the grammar does not allow it there. */
export function advanceStream(state: StreamState, event: StreamEvent): StreamState {
  const refuse = (reason: string): never => {
    throw new Error(`answer stream: ${event.type} ${event.sequence} ${reason}`)
  }
  if (state.phase === 'ended') return refuse('after the terminal event')
  if (event.sequence !== state.nextSequence) return refuse(`where ${state.nextSequence} was due`)
  const nextSequence = state.nextSequence + 1
  switch (event.type) {
    case 'status':
      return state.phase === 'sourced' ? refuse('after the sources') : { phase: state.phase, nextSequence }
    case 'passages':
      return state.phase === 'gathering' ? { phase: 'gathering', nextSequence } : refuse('after the first token')
    case 'token':
    case 'reasoning':
      return state.phase === 'sourced' ? refuse('after the sources') : { phase: 'writing', nextSequence }
    case 'sources':
      return state.phase === 'sourced' ? refuse('twice') : { phase: 'sourced', nextSequence }
    case 'done':
      return state.phase === 'sourced' ? { phase: 'ended', nextSequence } : refuse('before the sources')
    case 'error':
      return { phase: 'ended', nextSequence }
  }
}
