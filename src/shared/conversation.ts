import { z } from 'zod'
import { namedScopeSchema } from './collection.ts'
import { citationCheckSchema } from './citation-check.ts'
import { serializedErrorSchema } from './document.ts'
import { conversationIdSchema, messageIdSchema } from './ids.ts'
import { sourceSchema } from './passage.ts'
import { searchTraceSchema } from './search-trace.ts'

/** How an answer ended. `stop`: complete; `length`: the model's limit; `aborted`: stopped by a person; `error`: failed. */
export const finishReasons = ['stop', 'length', 'aborted', 'error'] as const
export type FinishReason = (typeof finishReasons)[number]

/** `generated`: written by a model; `quotes`: the best quotations, without any model; `refused`: nothing was close enough, and Carrel says so. */
export const answerModes = ['generated', 'quotes', 'refused'] as const
export type AnswerMode = (typeof answerModes)[number]

/** Turns a prompt may look back on at most, whatever their length; the context decides how many of them it takes. */
export const rememberedTurns = 64

/**
 * What a prompt was made of, in tokens as Carrel estimated them beforehand (the server's own count is `promptTokens`).
 * `limitTokens` is all that prompt and answer may take together; `reserveTokens` of it were kept free for the answer. Earlier
 * turns that are neither in the prompt in their own words nor covered by its summary are `droppedTurns`.
 */
export const contextUsageSchema = z.object({
  limitTokens: z.number().int(),
  instructionTokens: z.number().int(),
  historyTokens: z.number().int(),
  passageTokens: z.number().int(),
  questionTokens: z.number().int(),
  reserveTokens: z.number().int(),
  estimatedPromptTokens: z.number().int(),
  summarisedTurns: z.number().int(),
  droppedTurns: z.number().int(),
})
export type ContextUsage = z.infer<typeof contextUsageSchema>

/** Token counts as the model server reported them (null: not reported), stage times in milliseconds. */
export const usageSchema = z.object({
  promptTokens: z.number().int().nullable(),
  answerTokens: z.number().int().nullable(),
  stageMs: z.record(z.string(), z.number()),
  /** Passages that were found but did not fit the context, by rank. */
  leftOutPassageIds: z.array(z.string()),
  /** Null where no model was asked, and for answers of earlier versions. */
  context: contextUsageSchema.nullable().default(null),
  /** Absent where nothing was searched, and for answers of earlier versions. */
  search: searchTraceSchema.optional(),
  /** Why the search went by keywords alone; absent where it did not. */
  keywordsOnly: serializedErrorSchema.optional(),
})
export type Usage = z.infer<typeof usageSchema>

/** One question and its answer, as stored. `finishReason` null: still being written, or cut off by a crash. */
export const turnSchema = z.object({
  questionId: messageIdSchema,
  answerId: messageIdSchema,
  question: z.string(),
  condensedQuestion: z.string().nullable(),
  /** In the other language, as it was also searched. */
  translatedQuestion: z.string().nullable(),
  askedAt: z.number(),
  /** What was searched; null: everything. */
  scope: namedScopeSchema.nullable(),
  /** Other answers to it that were asked for before or after, kept: `conversations:choose-answer`. Oldest first. */
  otherAnswerIds: z.array(messageIdSchema),
  answer: z.string(),
  reasoning: z.string(),
  mode: z.enum(answerModes),
  model: z.string().nullable(),
  finishReason: z.enum(finishReasons).nullable(),
  error: serializedErrorSchema.nullable(),
  sources: z.array(sourceSchema),
  /** Null for answers of earlier versions. */
  check: citationCheckSchema.nullable().default(null),
  usage: usageSchema.nullable(),
})
export type Turn = z.infer<typeof turnSchema>

/** Of its last turn; `answering` is being written in this moment. */
export const conversationStates = ['answering', 'complete', 'stopped', 'failed'] as const
export type ConversationState = (typeof conversationStates)[number]

export const conversationSummarySchema = z.object({
  id: conversationIdSchema,
  title: z.string(),
  createdAt: z.number(),
  updatedAt: z.number(),
  turnCount: z.number().int(),
  state: z.enum(conversationStates),
})
export type ConversationSummary = z.infer<typeof conversationSummarySchema>

export const deletedConversationSchema = conversationSummarySchema.extend({ deletedAt: z.number() })
export type DeletedConversation = z.infer<typeof deletedConversationSchema>

/** A turn with its place in the conversation; keys grow with time. */
export const placedTurnSchema = turnSchema.extend({ key: z.number().int() })
export type PlacedTurn = z.infer<typeof placedTurnSchema>

/** Some turns of a conversation, in order, without those that were asked again. */
export const conversationPageSchema = z.object({
  conversation: conversationSummarySchema,
  turns: z.array(placedTurnSchema),
  hasOlder: z.boolean(),
  hasNewer: z.boolean(),
})
export type ConversationPage = z.infer<typeof conversationPageSchema>
