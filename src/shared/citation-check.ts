import { z } from 'zod'
import { boxSchema } from './anchor.ts'

/**
 * The citation check: what comparing a sentence of an answer with its source found, in plain findings and never a verdict of
 * truth. It is computed, no model is asked. A claim is a sentence of the answer beside one source that it cites.
 */
export const claimFindings = [
  /** The words themselves, in quotes mode. */
  'quoted',
  /** What could be compared agrees. */
  'matches',
  /** Numbers or names differ, or are not there. */
  'differs',
  /** Little of the sentence is in the source: read it. */
  'little-overlap',
  /** Source and sentence are in different languages: only their numbers were compared, and agree. */
  'other-language',
] as const
export type ClaimFinding = (typeof claimFindings)[number]

/** `claimed` as the answer has it; `found`: what stands in its place in the source, null where nothing does. */
export const differenceSchema = z.object({
  kind: z.enum(['number', 'name']),
  claimed: z.string(),
  found: z.string().nullable(),
})
export type Difference = z.infer<typeof differenceSchema>

const rangeShape = { start: z.number().int(), end: z.number().int() }

export const claimSchema = z.object({
  /** `[start, end)` of the sentence in the answer's text, UTF-16 units, citation marks included. */
  ...rangeShape,
  finding: z.enum(claimFindings),
  differences: z.array(differenceSchema),
  /** How many numbers and names were compared. */
  numbers: z.number().int(),
  names: z.number().int(),
  /** Sentences of the source that carry the claim, in order: `[start, end)` in the document's canonical text. Empty for little overlap. */
  carriedBy: z.array(z.object(rangeShape)),
  /** The same on PDF pages. */
  boxes: z.array(boxSchema),
})
export type Claim = z.infer<typeof claimSchema>

/** What concerns the answer as a whole. Ranges are those of its text, UTF-16 units. */
export const citationCheckSchema = z.object({
  /** Where the citation marks begin that Carrel added. */
  addedMarks: z.array(z.number().int()),
  /** Sentences that state a number or a name and cite nothing. */
  uncited: z.array(z.object(rangeShape)),
  /** Citation marks of the model that named no passage, and were taken out. */
  droppedMarks: z.number().int(),
})
export type CitationCheck = z.infer<typeof citationCheckSchema>

export const emptyCitationCheck: CitationCheck = { addedMarks: [], uncited: [], droppedMarks: 0 }
