import type { AnswerEvent, AnswerResult } from '../../shared/answer-stream.ts'
import type { ServerSentEvent } from './event-stream.ts'
import { toShortSource } from './short-source.ts'

/**
 * What the web layer makes of a service event: `message` for a piece of text, `status` for a stage, and of the last one
 * `source` and then `done` (or `failure`: an EventSource keeps the name `error` for itself). Passages and a model's
 * reasoning are no part of this form.
 */
export function toServerSentEvents(event: AnswerEvent): readonly Omit<ServerSentEvent, 'id'>[] {
  switch (event.type) {
    case 'token':
      return [{ event: 'message', data: JSON.stringify(event.text) }]
    case 'status':
      return [{ event: 'status', data: JSON.stringify({ stage: event.stage, detail: event.detail }) }]
    case 'passages':
    case 'reasoning':
      return []
    case 'stop':
      return [sourceEvent(event.result), { event: 'done', data: JSON.stringify(toDone(event.result)) }]
    case 'failure':
      return [sourceEvent(event.result), { event: 'failure', data: JSON.stringify(event.error) }]
  }
}

function sourceEvent(result: AnswerResult): Omit<ServerSentEvent, 'id'> {
  return { event: 'source', data: JSON.stringify(result.sources.map(toShortSource)) }
}

function toDone({ conversationId, messageId, mode, model, finishReason, check, usage }: AnswerResult): object {
  return { conversationId, messageId, mode, model, finishReason, check, usage }
}
