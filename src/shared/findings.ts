import { z } from 'zod'
import { searchScopeSchema } from './collection.ts'
import { documentStates, serializedErrorSchema } from './document.ts'
import { documentIdSchema } from './ids.ts'
import { passageSchema } from './passage.ts'

/** Findings: every document that mentions something, found without a model. */

/** Longest query, in UTF-16 units. */
export const longestFindQuery = 1_000
/** Rows that a model may be given to summarise at once. */
export const mostSummarisedRows = 100

/** `query`: words as in a search, or a question ("which contracts mention X"), of which its subject is looked for. */
export const findRequestSchema = z
  .object({
    query: z.string().trim().min(1).max(longestFindQuery),
    scope: searchScopeSchema.default({ collections: [], documents: [], kinds: [] }),
  })
  .strict()
export type FindRequest = z.infer<typeof findRequestSchema>

/**
 * `words`: one passage holds every word. `apart`: the document holds every word, in different passages. Both are all there are.
 * `similar`: near by meaning, and only the nearest.
 */
export const findingMatches = ['words', 'apart', 'similar'] as const
export type FindingMatch = (typeof findingMatches)[number]

/** A date or an amount as the text has it, and what it sorts by: days are `YYYYMMDD`, amounts their value in whole units. */
const statedSchema = z.object({ text: z.string(), value: z.number() })
export type Stated = z.infer<typeof statedSchema>

/** A row: a document, with the passage that is quoted of it, and what that passage states. */
export const findingSchema = z.object({
  match: z.enum(findingMatches),
  passage: passageSchema,
  /** Passages of the document that hold every word; 0 unless `match` is `words`. */
  passageCount: z.number().int(),
  /** A part of the passage around the words, on one line; marks are ranges of it. */
  quotation: z.object({
    text: z.string(),
    marks: z.array(z.object({ start: z.number().int(), end: z.number().int() })),
  }),
  dates: z.array(statedSchema),
  amounts: z.array(statedSchema),
  names: z.array(z.string()),
})
export type Finding = z.infer<typeof findingSchema>

/** A document that was not searched, or only a part of it. `partly`: pages or parts of it could not be read, or are not yet. */
export const unreadDocumentSchema = z.object({
  documentId: documentIdSchema,
  name: z.string(),
  state: z.enum([...documentStates, 'partly']),
  problem: serializedErrorSchema.nullable(),
})
export type UnreadDocument = z.infer<typeof unreadDocumentSchema>

/** What could not be searched. Counts are of all; `documents` names the first of them, those that need attention before others. */
export const unreadSchema = z.object({
  needsAttention: z.number().int(),
  /** Queued or being read. */
  waiting: z.number().int(),
  /** Searched as far as they were read. */
  partly: z.number().int(),
  /** Files that changed: their earlier version was searched. */
  outdated: z.number().int(),
  documents: z.array(unreadDocumentSchema),
})
export type Unread = z.infer<typeof unreadSchema>

/** What a look for every document came to. Documents, unless it says otherwise. */
export const findingsSummarySchema = z.object({
  /** What was looked for. */
  subject: z.string(),
  /** It was asked how many there are. */
  isCount: z.boolean(),
  /** In the scope, whether they could be searched or not. */
  documents: z.number().int(),
  searched: z.number().int(),
  words: z.number().int(),
  apart: z.number().int(),
  similar: z.number().int(),
  /** Passages that hold every word. */
  passages: z.number().int(),
  unread: unreadSchema,
  /** Why similar documents were not looked for by meaning; null: they were. */
  keywordsOnly: serializedErrorSchema.nullable(),
})
export type FindingsSummary = z.infer<typeof findingsSummarySchema>

/** What comes of it, in order: how far it is, rows, and at the end what it came to. */
export type FindingsEvent =
  | { readonly type: 'progress'; readonly share: number }
  | { readonly type: 'rows'; readonly rows: readonly Finding[] }
  | { readonly type: 'end'; readonly summary: FindingsSummary }
