import { z } from 'zod'
import { chunkIdSchema, documentIdSchema } from './ids.ts'

/**
 * What an answer may rest on. `documents`: passages close to the question, else Carrel says that there are none; `anyway`: the
 * nearest passages, however far; `general`: the documents, and where they say nothing what the model knows by itself.
 */
export const answerBases = ['documents', 'anyway', 'general'] as const
export type AnswerBasis = (typeof answerBases)[number]

/**
 * What became of a candidate. `given`: a passage of the answer (the context may still have left it out, see
 * `usage.leftOutPassageIds`); `joined`: part of a passage beside it; `version`: the same passage of another document stands for it;
 * `crowded`: its document has its share, and others are about as close; `surplus`: as many better ones as an answer takes; `far`: not close enough.
 */
const candidateFates = ['given', 'joined', 'version', 'crowded', 'surplus', 'far'] as const

/** One candidate of a search, in the order found. Ranks count from 1; null: not among that method's candidates. */
export const searchCandidateSchema = z.object({
  passageId: chunkIdSchema,
  documentId: documentIdSchema,
  documentName: z.string(),
  page: z.number().int().nullable(),
  vectorRank: z.number().int().nullable(),
  keywordRank: z.number().int().nullable(),
  /** Cosine similarity to the question, -1..1. */
  similarity: z.number().nullable(),
  /** Share of the question's weight in words that the passage holds, 0..1. */
  coverage: z.number().nullable(),
  /** Fused, 0..1: the order. */
  score: z.number(),
  /** To the query that it fits best, 0..1: what the threshold is for. */
  closeness: z.number(),
  fate: z.enum(candidateFates),
})
export type SearchCandidate = z.infer<typeof searchCandidateSchema>

/** How the passages of an answer were found. */
export const searchTraceSchema = z.object({
  basis: z.enum(answerBases),
  /** Documents that were searched. */
  documentCount: z.number().int(),
  /** Of the closest candidate, 0..1. */
  closeness: z.number(),
  /** From here on a passage counts as close. */
  threshold: z.number(),
  isClose: z.boolean(),
  /** Words in quotation marks that no passage holds: what is nearest without them was found. */
  missingPhrases: z.array(z.string()),
  /** All of a document was asked for: nothing was searched, chunks spread over it were read, so many of all. */
  overview: z.object({ read: z.number().int(), of: z.number().int() }).nullable().default(null),
  candidates: z.array(searchCandidateSchema),
})
export type SearchTrace = z.infer<typeof searchTraceSchema>
