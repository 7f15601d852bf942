import type { FinishOptions } from './recorded-chat.ts'

/** How a chat server words what it sends. */
export interface ChatDialect {
  readonly contentType: string
  /** One unit of the stream, any value. */
  unit(value: unknown): string
  text(model: string, text: string): unknown
  reasoning(model: string, text: string): unknown
  error(message: string): unknown
  /** The last units, as they are sent. */
  finish(model: string, options: Required<FinishOptions>): string
}

const stamp = (model: string) => ({ model, created_at: new Date().toISOString() })

/** POST /api/chat of Ollama: lines of JSON. */
export const ollamaDialect: ChatDialect = {
  contentType: 'application/x-ndjson',
  unit: (value) => `${JSON.stringify(value)}\n`,
  text: (model, content) => ({ ...stamp(model), message: { role: 'assistant', content }, done: false }),
  reasoning: (model, thinking) => ({
    ...stamp(model),
    message: { role: 'assistant', content: '', thinking },
    done: false,
  }),
  error: (message) => ({ error: message }),
  finish: (model, { doneReason, promptTokens, answerTokens }) =>
    ollamaDialect.unit({
      ...stamp(model),
      message: { role: 'assistant', content: '' },
      done_reason: doneReason,
      done: true,
      total_duration: 1_000_000,
      prompt_eval_count: promptTokens,
      eval_count: answerTokens,
    }),
}

const chunk = (model: string, delta: Readonly<Record<string, unknown>>, finishReason: string | null = null) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1_700_000_000,
  model,
  choices: [{ index: 0, delta, finish_reason: finishReason }],
})

/** POST /v1/chat/completions: server-sent events, the counts in one of their own, `[DONE]` at the end. */
export const openAiDialect: ChatDialect = {
  contentType: 'text/event-stream',
  unit: (value) => `data: ${JSON.stringify(value)}\n\n`,
  text: (model, content) => chunk(model, { role: 'assistant', content }),
  reasoning: (model, reasoning) => chunk(model, { role: 'assistant', content: null, reasoning_content: reasoning }),
  error: (message) => ({ error: { code: 500, message, type: 'server_error' } }),
  finish: (model, { doneReason, promptTokens, answerTokens }) =>
    [
      openAiDialect.unit(chunk(model, {}, doneReason)),
      openAiDialect.unit({
        ...chunk(model, {}),
        choices: [],
        usage: {
          prompt_tokens: promptTokens,
          completion_tokens: answerTokens,
          total_tokens: promptTokens + answerTokens,
        },
      }),
      'data: [DONE]\n\n',
    ].join(''),
}
