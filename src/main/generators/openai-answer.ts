import type { GenerateRequest, GeneratorEvent } from '../ports/generator.ts'
import { type AnswerLimits, waitForServer } from './answer-limits.ts'
import { type LocalConnection, openLocalConnection } from './local-fetch.ts'
import { type ChatChunk, chatChunkSchema } from './openai-replies.ts'
import { createReasoningSorter, type ReasoningSorter } from './reasoning-tags.ts'
import { BadReply, ErrorLine } from './reply-checks.ts'
import { generationError } from './server-errors.ts'
import { readServerSentEvents, type ServerSentEvent } from './server-sent-events.ts'
import { errorText } from './server-text.ts'
import { whenLoaded } from './when-loaded.ts'

/**
 * One POST /v1/chat/completions as events. The context cannot be asked for here: it is the server's own. A server that is
 * still reading its model is waited for. `ending` is the one switch of this answer: aborting it destroys the socket at once, and
 * its reason is what is thrown.
 * @throws the reason of `ending`; AppError `ollama-unreachable` `ollama-model-missing` `model-out-of-memory`
 * `context-overflow` `generation-failed` `generation-stalled`
 */
export async function* streamOpenAiAnswer(
  place: { readonly address: string; readonly server: string },
  request: GenerateRequest,
  ending: AbortController,
  limits: AnswerLimits,
): AsyncGenerator<GeneratorEvent, void, undefined> {
  const { address, server } = place
  const { signal } = ending
  const connection = openLocalConnection({ signal, checkBody: (body) => body })
  const sorter = createReasoningSorter()
  const ended = { finishReason: null as string | null, usage: null as ChatChunk['usage'] | null }
  let isStarted = false
  let hasBegun = false
  const wait = <T>(promise: Promise<T>): Promise<T> => waitForServer(promise, ending, limits, { hasBegun, server })

  try {
    signal.throwIfAborted()
    const response = await wait(whenLoaded(() => postChat(connection, address, request), { ...limits, signal }))
    isStarted = true
    yield { type: 'accepted' }
    const events = readServerSentEvents(response.body ?? new ReadableStream(), { maxEventBytes: limits.maxLineBytes })
    for (;;) {
      const next = await wait(events.next())
      if (next.done === true || next.value.data.trim() === '[DONE]') break
      hasBegun = true
      const chunk = readChunk(next.value)
      for (const event of chunkEvents(chunk, sorter)) {
        // Pieces that came before a stop are not shown after it.
        signal.throwIfAborted()
        yield event
      }
      ended.finishReason = chunk.choices?.[0]?.finish_reason ?? ended.finishReason
      ended.usage = chunk.usage ?? ended.usage
    }
    if (ended.finishReason === null) throw new BadReply('The stream ended without a reason to finish.')
    yield* sorter.end()
    yield {
      type: 'end',
      finishReason: ended.finishReason === 'length' ? 'length' : 'stop',
      promptTokens: ended.usage?.prompt_tokens ?? null,
      answerTokens: ended.usage?.completion_tokens ?? null,
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason
    throw generationError(error, { model: request.model, address, isStarted, server })
  } finally {
    await connection.close()
  }
}

function postChat({ fetch }: LocalConnection, address: string, request: GenerateRequest): Promise<Response> {
  return fetch(`${address}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({
      model: request.model,
      messages: request.messages.map(({ role, content }) => ({ role, content })),
      stream: true,
      stream_options: { include_usage: true },
      ...(request.maxAnswerTokens === undefined ? {} : { max_tokens: request.maxAnswerTokens }),
      ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
    }),
  })
}

/** What one event means, in order. */
function* chunkEvents(chunk: ChatChunk, sorter: ReasoningSorter): Generator<GeneratorEvent> {
  const delta = chunk.choices?.[0]?.delta
  const reasoning = delta?.reasoning_content ?? delta?.reasoning
  if (reasoning) yield { type: 'reasoning', text: reasoning }
  if (delta?.content) yield* sorter.push(delta.content)
}

/** @throws ErrorLine for an error in the stream, BadReply for what is no piece of an answer. */
function readChunk({ event, data }: ServerSentEvent): ChatChunk {
  let value: unknown
  try {
    value = JSON.parse(data)
  } catch (cause) {
    if (event === 'error') throw new ErrorLine(data, { cause })
    throw new BadReply('An event is not JSON.', { cause })
  }

  if (typeof value === 'object' && value !== null && 'error' in value && value.error !== null) {
    throw new ErrorLine(errorText(value.error) ?? 'unknown error')
  }
  if (event === 'error') throw new ErrorLine(errorText(value) ?? 'unknown error')
  const parsed = chatChunkSchema.safeParse(value)
  if (!parsed.success || (parsed.data.choices == null && parsed.data.usage == null)) {
    throw new BadReply('An event is not a piece of an answer.', { cause: parsed.error })
  }
  return parsed.data
}
