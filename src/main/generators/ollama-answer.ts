import type { GenerateRequest, GeneratorEvent } from '../ports/generator.ts'
import { type AnswerLimits, waitForServer } from './answer-limits.ts'
import { openLocalConnection } from './local-fetch.ts'
import { createOllamaClient } from './ollama-client.ts'
import { cloudModel, generationError } from './server-errors.ts'
import { chatLineSchema, type ChatLine } from './ollama-replies.ts'
import { createReasoningSorter, type ReasoningSorter } from './reasoning-tags.ts'
import { BadReply, checkLines } from './reply-checks.ts'

/** How long Ollama keeps the model in memory after an answer or a warm-up. */
export const keepAlive = '10m'

/**
 * One POST /api/chat as events. The timer runs only while a line is awaited, so a consumer may take its time.
 * `ending` is the one switch of this answer: aborting it destroys the socket at once, and its reason is what is thrown.
 * @throws the reason of `ending`; AppError `ollama-unreachable` `ollama-model-missing` `model-not-local`
 * `generation-failed` `generation-stalled`
 */
export async function* streamOllamaAnswer(
  address: string,
  request: GenerateRequest,
  ending: AbortController,
  limits: AnswerLimits,
): AsyncGenerator<GeneratorEvent, void, undefined> {
  const { signal } = ending
  const connection = openLocalConnection({ signal, checkBody: (body) => checkLines(body, limits) })
  const sorter = createReasoningSorter()
  let isStarted = false
  let hasLine = false

  const wait = <T>(promise: Promise<T>): Promise<T> =>
    waitForServer(promise, ending, limits, { hasBegun: hasLine, server: 'Ollama' })

  try {
    signal.throwIfAborted()
    const chat = createOllamaClient(address, connection).chat({
      model: request.model,
      messages: request.messages.map(({ role, content }) => ({ role, content })),
      stream: true,
      keep_alive: keepAlive,
      ...(request.withoutReasoning === true ? { think: false } : {}),
      options: {
        num_ctx: request.contextTokens,
        ...(request.maxAnswerTokens === undefined ? {} : { num_predict: request.maxAnswerTokens }),
        ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
      },
    })
    const lines = (await wait(chat))[Symbol.asyncIterator]()
    isStarted = true
    yield { type: 'accepted' }
    for (;;) {
      const next = await wait(lines.next())
      if (next.done === true) throw new BadReply('The stream ended without its last line.')
      hasLine = true
      const line = readLine(next.value, request.model)
      for (const event of lineEvents(line, sorter)) {
        // Lines that came before a stop are not shown after it.
        signal.throwIfAborted()
        yield event
      }
      if (line.done) return
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason
    throw generationError(error, { model: request.model, address, isStarted, server: 'Ollama' })
  } finally {
    await connection.close()
  }
}

/** What one line means, in order. */
function* lineEvents(line: ChatLine, sorter: ReasoningSorter): Generator<GeneratorEvent> {
  if (line.message?.thinking) yield { type: 'reasoning', text: line.message.thinking }
  if (line.message?.content) yield* sorter.push(line.message.content)
  if (!line.done) return
  yield* sorter.end()
  yield {
    type: 'end',
    finishReason: line.done_reason === 'length' ? 'length' : 'stop',
    promptTokens: line.prompt_eval_count ?? null,
    answerTokens: line.eval_count ?? null,
  }
}

function readLine(value: unknown, model: string): ChatLine {
  const parsed = chatLineSchema.safeParse(value)
  if (!parsed.success) throw new BadReply('A line is not a piece of an answer.', { cause: parsed.error })
  if (parsed.data.remote_host || parsed.data.remote_model) throw cloudModel(model)
  return parsed.data
}
