import { createHash } from 'node:crypto'
import { z } from 'zod'
import { citationCheckSchema } from '../../shared/citation-check.ts'
import type { AnswerEvent, AnswerResult } from '../../shared/answer-stream.ts'
import { searchScopeSchema } from '../../shared/collection.ts'
import type { ConversationId } from '../../shared/ids.ts'
import { chatMessageSchema } from './relay-route.ts'
import { shortSourceSchema, toShortSource } from './short-source.ts'

/** The model's name for "whatever Carrel would use". */
export const ownModelName = 'carrel'

const contentPartSchema = z.object({ type: z.literal('text'), text: z.string().max(200_000) })

/** As much of OpenAI's request as means something here; the rest is taken and not used, since clients send it by themselves. */
export const chatRequestSchema = z.looseObject({
  model: z.string().min(1).max(200),
  messages: z
    .array(
      z.looseObject({
        role: z.enum(['system', 'developer', 'user', 'assistant']),
        content: z.union([chatMessageSchema.shape.content, z.array(contentPartSchema).max(100)]),
      }),
    )
    .min(1)
    .max(1_000),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  scope: searchScopeSchema.nullish().describe('As for /v1/answers'),
  conversation_id: z.uuid().optional().describe('Goes on with this conversation of Carrel'),
})
export type ChatRequest = z.infer<typeof chatRequestSchema>

const carrelSchema = z.object({
  conversationId: z.string(),
  messageId: z.string(),
  mode: z.string(),
  sources: z.array(shortSourceSchema),
  check: citationCheckSchema,
})
const tokensSchema = z.object({ prompt_tokens: z.int(), completion_tokens: z.int(), total_tokens: z.int() })

export const chatCompletionSchema = z.object({
  id: z.string(),
  object: z.literal('chat.completion'),
  created: z.int(),
  model: z.string(),
  choices: z.array(
    z.object({
      index: z.int(),
      message: z.object({ role: z.literal('assistant'), content: z.string(), refusal: z.null() }),
      logprobs: z.null(),
      finish_reason: z.enum(['stop', 'length']),
    }),
  ),
  usage: tokensSchema,
  carrel: carrelSchema,
})

export interface ChatTurn {
  readonly role: 'user' | 'assistant'
  readonly content: string
}

/** What a chat says: its question is the last word of the user; system words are not used, Carrel has its own. Null: no question. */
export function readChat(
  messages: ChatRequest['messages'],
): { readonly question: string; readonly before: readonly ChatTurn[] } | null {
  const turns: ChatTurn[] = messages.flatMap(({ role, content }) =>
    role === 'user' || role === 'assistant' ? [{ role, content: textOf(content) }] : [],
  )
  const last = turns.at(-1)
  if (last === undefined || last.role !== 'user' || last.content.trim() === '') return null
  return { question: last.content, before: turns.slice(0, -1) }
}

/** Equal for equal chats. */
export function chatKey(turns: readonly ChatTurn[]): string {
  return createHash('sha256')
    .update(JSON.stringify(turns.map(({ role, content }) => [role, content.trim()])))
    .digest('hex')
}

export interface CompletionFacts {
  readonly id: string
  /** Seconds since 1970. */
  readonly created: number
  readonly model: string
}

export function toCompletion(facts: CompletionFacts, result: AnswerResult): z.infer<typeof chatCompletionSchema> {
  return {
    ...facts,
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: result.answer, refusal: null },
        logprobs: null,
        finish_reason: finishReasonOf(result),
      },
    ],
    usage: toTokens(result),
    carrel: toExtension(result),
  }
}

/** The data of each chunk that an event becomes, in order; `isFirst`: nothing was sent yet. */
export function toChunks(
  facts: CompletionFacts,
  event: AnswerEvent,
  { isFirst, includesUsage }: { readonly isFirst: boolean; readonly includesUsage: boolean },
): readonly object[] {
  const chunk = (delta: object, finishReason: string | null): object => ({
    ...facts,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
    ...(includesUsage ? { usage: null } : {}),
  })
  const opening = isFirst ? [chunk({ role: 'assistant', content: '' }, null)] : []
  switch (event.type) {
    case 'token':
      return [...opening, chunk({ content: event.text }, null)]
    case 'reasoning':
      return [...opening, chunk({ reasoning_content: event.text }, null)]
    case 'stop':
      return [
        ...opening,
        { ...chunk({}, finishReasonOf(event.result)), carrel: toExtension(event.result) },
        ...(includesUsage
          ? [{ ...facts, object: 'chat.completion.chunk', choices: [], usage: toTokens(event.result) }]
          : []),
      ]
    case 'failure':
      return [{ error: { message: event.error.message, type: 'server_error', code: event.error.code, param: null } }]
    case 'status':
    case 'passages':
      return []
  }
}

/** The conversation that a chat goes on with, for clients that send the whole chat each time and no id. */
export interface KnownChats {
  find(turns: readonly ChatTurn[]): ConversationId | null
  remember(turns: readonly ChatTurn[], conversationId: ConversationId): void
}

const mostChats = 1_000

export function createKnownChats(): KnownChats {
  const known = new Map<string, ConversationId>()
  return {
    find: (turns) => (turns.length === 0 ? null : (known.get(chatKey(turns)) ?? null)),
    remember(turns, conversationId) {
      const key = chatKey(turns)
      known.delete(key)
      known.set(key, conversationId)
      const [oldest] = known.keys()
      if (known.size > mostChats && oldest !== undefined) known.delete(oldest)
    },
  }
}

function textOf(content: ChatRequest['messages'][number]['content']): string {
  return typeof content === 'string' ? content : content.map(({ text }) => text).join('\n')
}

function finishReasonOf({ finishReason }: AnswerResult): 'stop' | 'length' {
  return finishReason === 'length' ? 'length' : 'stop'
}

function toTokens({ usage }: AnswerResult): z.infer<typeof tokensSchema> {
  const [prompt, completion] = [usage.promptTokens ?? 0, usage.answerTokens ?? 0]
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion }
}

function toExtension({ conversationId, messageId, mode, sources, check }: AnswerResult): z.infer<typeof carrelSchema> {
  return { conversationId, messageId, mode, sources: sources.map(toShortSource), check }
}
