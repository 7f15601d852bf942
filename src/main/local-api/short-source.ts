import { z } from 'zod'
import { type Claim, claimSchema } from '../../shared/citation-check.ts'
import { type PassageVersion, passageVersionSchema, sourceSchema, type Source } from '../../shared/passage.ts'

const shortTextCodePoints = 200

/** What the citation check found of a sentence beside a source, as other programs get it. */
export const shortClaimSchema = claimSchema
  .omit({ boxes: true })
  .describe(
    'A sentence of the answer that cites this source: its range in the answer, what comparing both found (no verdict of truth), and the sentences of the document that carry it. Offsets are UTF-16 units',
  )

/** Where else a passage stands, as other programs get it. */
export const shortVersionSchema = passageVersionSchema
  .omit({ text: true })
  .describe(
    'Another document with the same passage: a draft of the same document (isDraft) or one that repeats it. The newest draft is shown, the others are named here, with the numbers in which they differ',
  )

/** A source as other programs get it: the beginning of its text, and where it stands. In the order of the citation numbers. */
export const shortSourceSchema = z.object({
  id: sourceSchema.shape.id,
  text: z.string().describe('The first 200 characters, by code point'),
  metadata: z.object({
    path: z.string(),
    title: z.string().nullable(),
    page: z.number().int().nullable().describe('From 1; null where the format has no pages'),
    headingPath: z.array(z.string()),
    start: z.number().int().describe('UTF-16 offset in the text of the document'),
    end: z.number().int(),
    score: z.number(),
    cited: z.boolean(),
  }),
  versions: z.array(shortVersionSchema),
  claims: z.array(shortClaimSchema),
})
export type ShortSource = z.infer<typeof shortSourceSchema>

export function toShortSource(source: Source): ShortSource {
  const { id, text, path, title, page, headingPath, start, end, score, isCited, versions, claims } = source
  return {
    id,
    text: firstCodePoints(text, shortTextCodePoints),
    metadata: { path, title, page, headingPath, start, end, score, cited: isCited },
    versions: versions.map(toShortVersion),
    claims: claims.map(toShortClaim),
  }
}

export function toShortVersion({ text: _text, ...version }: PassageVersion): z.infer<typeof shortVersionSchema> {
  return version
}

export function toShortClaim({ boxes: _boxes, ...claim }: Claim): z.infer<typeof shortClaimSchema> {
  return claim
}

/** The first `count` code points: never half a character. */
export function firstCodePoints(text: string, count: number): string {
  // No code point takes more than two units, so this is all that has to be looked at.
  return Array.from(text.slice(0, count * 2))
    .slice(0, count)
    .join('')
}
