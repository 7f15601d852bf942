import { z } from 'zod'
import { serializedErrorSchema } from './document.ts'
import { documentIdSchema } from './ids.ts'
import { selectedPlaceSchema } from './passage-explanation.ts'

export const expectationIdSchema = z.uuid().brand<'ExpectationId'>()
export type ExpectationId = z.infer<typeof expectationIdSchema>

/** A question and the passage that it should find: kept by a person, or made out of a document's own sentences. */
export const expectationSchema = z.object({
  id: expectationIdSchema,
  origin: z.enum(['kept', 'generated']),
  question: z.string(),
  documentId: documentIdSchema,
  documentName: z.string(),
  path: z.string(),
  page: z.number().int().nullable(),
  /** The passage as it was then: it is known again by its words, whatever parser and chunker made of them since. */
  text: z.string(),
})
export type Expectation = z.infer<typeof expectationSchema>

/** Where a passage came for its question. `rank` from 1, null: not among the first 100. `isGone`: its document is no longer in the library. */
export const foundPlaceSchema = z.object({ rank: z.number().int().nullable(), isGone: z.boolean() })
export type FoundPlace = z.infer<typeof foundPlaceSchema>

/** All that decides what is found, besides the documents. */
export const selfTestSetupSchema = z.object({
  version: z.string(),
  parserVersion: z.number().int(),
  /** The oldest that cut any of the passages: documents are cut anew one after the other. */
  chunkerVersion: z.number().int(),
  /** By language group. */
  indexes: z.array(z.object({ group: z.string(), embedder: z.string() })),
})
export type SelfTestSetup = z.infer<typeof selfTestSetupSchema>

const rowSchema = z.object({
  id: expectationIdSchema,
  origin: expectationSchema.shape.origin,
  question: z.string(),
  documentName: z.string(),
  page: z.number().int().nullable(),
  /** Null: it was not tested before. */
  before: foundPlaceSchema.nullable(),
  now: foundPlaceSchema,
})
export type SelfTestRow = z.infer<typeof rowSchema>

/** What the last run found beside the one before it. "Found": among the first `considered`, which is as many as an answer looks at. */
export const selfTestReportSchema = z.object({
  finishedAt: z.number(),
  setup: selfTestSetupSchema,
  considered: z.number().int(),
  /** Null: there was none. */
  before: z.object({ finishedAt: z.number(), setup: selfTestSetupSchema }).nullable(),
  tested: z.number().int(),
  found: z.number().int(),
  /** Found before and not now, and the reverse. */
  lost: z.number().int(),
  gained: z.number().int(),
  gone: z.number().int(),
  /** What changed first, then what is not found; all others in the order they were kept. */
  rows: z.array(rowSchema),
})
export type SelfTestReport = z.infer<typeof selfTestReportSchema>

export const selfTestStatusSchema = z.object({
  kept: z.number().int(),
  generated: z.number().int(),
  running: z.object({ done: z.number().int(), total: z.number().int() }).nullable(),
  /** Something that decides what is found has changed since the last run. */
  isDue: z.boolean(),
  /** Why the last run ended early. */
  problem: serializedErrorSchema.nullable(),
  report: selfTestReportSchema.nullable(),
})
export type SelfTestStatus = z.infer<typeof selfTestStatusSchema>

export const keepExpectationSchema = z
  .object({
    question: z.string().trim().min(1).max(20_000),
    documentId: documentIdSchema,
    place: selectedPlaceSchema,
  })
  .strict()
export type KeepExpectation = z.infer<typeof keepExpectationSchema>
