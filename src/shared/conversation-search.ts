import { z } from 'zod'
import { conversationSummarySchema } from './conversation.ts'
import { conversationIdSchema, messageIdSchema } from './ids.ts'

/** Plain text with the half-open ranges (UTF-16 units, in order, apart) that a search found in it. */
export const markedTextSchema = z.object({
  text: z.string(),
  marks: z.array(z.object({ start: z.number().int(), end: z.number().int() })),
})
export type MarkedText = z.infer<typeof markedTextSchema>

export const turnHitSchema = z.object({
  conversationId: conversationIdSchema,
  title: z.string(),
  answerId: messageIdSchema,
  /** Where the conversation is opened, see `conversations:turns`. */
  key: z.number().int(),
  askedAt: z.number(),
  part: z.enum(['question', 'answer']),
  excerpt: markedTextSchema,
})
export type TurnHit = z.infer<typeof turnHitSchema>

/** What a search of the conversations found: titles that a person gave (first page only), and turns, the newest first. */
export const conversationHitsSchema = z.object({
  titles: z.array(z.object({ conversation: conversationSummarySchema, title: markedTextSchema })),
  turns: z.array(turnHitSchema),
  /** For the next page: `beforeKey`; null at the end. */
  nextKey: z.number().int().nullable(),
  /** False while turns of an earlier version of Carrel are still being indexed. */
  isComplete: z.boolean(),
})
export type ConversationHits = z.infer<typeof conversationHitsSchema>
