import { z } from 'zod'
import { boxSchema } from './anchor.ts'
import { claimSchema } from './citation-check.ts'
import { documentKinds } from './document.ts'
import { chunkIdSchema, documentIdSchema } from './ids.ts'

/**
 * The same passage in another document: a draft of the one it is shown from, or a document that repeats it. `text` is exactly its
 * `[start, end)`. `modifiedAt`: of the file, in milliseconds since 1970.
 */
export const passageVersionSchema = z.object({
  passageId: chunkIdSchema,
  documentId: documentIdSchema,
  documentName: z.string(),
  page: z.number().int().nullable(),
  start: z.number().int(),
  end: z.number().int(),
  text: z.string(),
  modifiedAt: z.number().nullable(),
  /** A draft of the same document, by its name; else another document with the same words. */
  isDraft: z.boolean(),
  /** Numbers that only one of them has, as written; null: the other has nothing in that place. */
  differences: z.array(z.object({ here: z.string().nullable(), there: z.string().nullable() })),
})
export type PassageVersion = z.infer<typeof passageVersionSchema>

/**
 * A chunk (or joined neighbours) that retrieval returned. `[start, end)` are offsets in the document's canonical text and
 * `text` is exactly that range. Pages count from 1; `page` is null where the format has none. `rank` counts from 1.
 * `score` is the fused score, 0..1, higher is better, comparable only within one search; the two ranks say where each
 * method alone had placed it (null: not among its candidates).
 */
export const passageSchema = z.object({
  id: chunkIdSchema,
  documentId: documentIdSchema,
  documentName: z.string(),
  title: z.string().nullable(),
  path: z.string(),
  kind: z.enum(documentKinds),
  parserVersion: z.number().int(),
  page: z.number().int().nullable(),
  lastPage: z.number().int().nullable(),
  headingPath: z.array(z.string()),
  start: z.number().int(),
  end: z.number().int(),
  text: z.string(),
  language: z.string(),
  rank: z.number().int(),
  score: z.number(),
  vectorRank: z.number().int().nullable(),
  keywordRank: z.number().int().nullable(),
  /** Of its file, in milliseconds since 1970; null for passages of earlier versions of Carrel. */
  modifiedAt: z.number().nullable().default(null),
  /** Where else it stands, newest first: these are not shown beside it. Only an answer's passages are compared with each other. */
  versions: z.array(passageVersionSchema).default([]),
})
export type Passage = z.infer<typeof passageSchema>

/**
 * A passage as shown beside an answer, numbered from 1: cited ones first, in order of appearance, then the rest by rank.
 * It is evidence: frozen text and place, kept with the answer for ever. `boxes` mark the text on PDF pages.
 */
export const sourceSchema = passageSchema.extend({
  number: z.number().int().min(1),
  isCited: z.boolean(),
  boxes: z.array(boxSchema),
  /** What the citation check found of each sentence that cites this source, in the answer's order; empty for answers that were not checked. */
  claims: z.array(claimSchema).default([]),
})
export type Source = z.infer<typeof sourceSchema>
