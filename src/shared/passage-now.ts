import { z } from 'zod'
import { documentSummarySchema } from './document.ts'

/** A stretch of a document's present text; `start` is its offset there. */
export const standingTextSchema = z.object({
  start: z.number().int(),
  text: z.string(),
  /** It is the kept passage word by word; else what is most like it, with some text around. */
  isExact: z.boolean(),
  /** Where each page begins, in order, the first at `start`; empty where there are none. */
  pages: z.array(z.object({ start: z.number().int(), number: z.number().int() })),
})
export type StandingText = z.infer<typeof standingTextSchema>

/** What stands in the library now where a passage stood that an answer keeps. */
export const passageNowSchema = z.object({
  /** The document, or the one that its file has become; null: neither is in the library. */
  document: documentSummarySchema.nullable(),
  /** It holds the same bytes: only reading them came out differently. */
  isSameFile: z.boolean(),
  /** Null: nothing in it is like the passage, or it has no text yet. */
  standing: standingTextSchema.nullable(),
})
export type PassageNow = z.infer<typeof passageNowSchema>
