import { z } from 'zod'
import { conversationIdSchema, chunkIdSchema, documentIdSchema, messageIdSchema } from './ids.ts'
import { searchCandidateSchema } from './search-trace.ts'

/**
 * Where a passage stayed behind, in the order of the stages. `library`: its document is not there; `unread`: its words are not in the text
 * that was read; `later`: its document came after the question; `unsearched`: the answer rests on the one before it; `overview`: parts of whole documents were read, not this one; `scope`: the question was asked of a
 * part of the library; `phrase`: it lacks the words in quotation marks; `embedding`: only its words could find it so far; `candidates`: neither method had it
 * among as many as were looked at; `order`: others were closer; `changed`: it was not among what was found then, and is now; `surplus`, `crowded`, `far`,
 * `version`, `joined` as in a trace; `context`: the model's context had no room; `unused`: given, and not cited; `given`: it was not lost.
 */
export const lostStages = [
  'library',
  'unread',
  'later',
  'unsearched',
  'overview',
  'scope',
  'phrase',
  'embedding',
  'candidates',
  'order',
  'changed',
  'surplus',
  'crowded',
  'far',
  'version',
  'joined',
  'context',
  'unused',
  'given',
] as const
export type LostAt = (typeof lostStages)[number]

export const passageExplanationSchema = z.object({
  lostAt: z.enum(lostStages),
  /** The chunk that is spoken of: of several in the selected place, the one that came furthest. Null: none. */
  passageId: chunkIdSchema.nullable(),
  /** From 1, among all that was looked at; null: not among them. */
  rank: z.number().int().nullable(),
  /** Passages an answer looks at, and how many are looked at here. */
  considered: z.number().int(),
  lookedAt: z.number().int(),
  threshold: z.number(),
  missingPhrases: z.array(z.string()),
  candidate: searchCandidateSchema.nullable(),
  /** The source of the answer that holds it, or stands for it. */
  source: z.object({ number: z.number().int(), documentName: z.string() }).nullable(),
})
export type PassageExplanation = z.infer<typeof passageExplanationSchema>

/** A place in a document: by offsets in its text, or by words that a person selected or typed, on a page where that is known. */
export const selectedPlaceSchema = z.union([
  z.object({ start: z.number().int().min(0), end: z.number().int().min(1) }).strict(),
  z.object({ text: z.string().trim().min(1).max(20_000), page: z.number().int().min(1).nullable() }).strict(),
])
export type SelectedPlace = z.infer<typeof selectedPlaceSchema>

export const explainRequestSchema = z
  .object({
    conversationId: conversationIdSchema,
    answerId: messageIdSchema,
    documentId: documentIdSchema,
    place: selectedPlaceSchema,
  })
  .strict()
export type ExplainRequest = z.infer<typeof explainRequestSchema>
