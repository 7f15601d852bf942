import { z } from 'zod'
import { chunkIdSchema, type DocumentId, documentIdSchema } from '../../../shared/ids.ts'
import type { Passage } from '../../../shared/passage.ts'

/** Where a piece of text stands: every result carries one, so that it can be read again, cited and opened. */
export const locationSchema = z.object({
  documentId: documentIdSchema,
  documentName: z.string(),
  path: z.string(),
  page: z.int().nullable().describe('From 1; null where the format has no pages'),
  lastPage: z.int().nullable(),
  headingPath: z.array(z.string()),
  start: z.int().describe('UTF-16 offset in the text of the document'),
  end: z.int(),
  uri: z.string(),
})
export type Location = z.infer<typeof locationSchema>

export const passageResultSchema = z.object({
  passageId: chunkIdSchema,
  text: z.string(),
  score: z.number(),
  location: locationSchema,
})

export function documentUri(documentId: DocumentId, page: number | null = null): string {
  return `carrel://document/${documentId}${page === null ? '' : `#page=${page}`}`
}

export function toPassageResult(passage: Passage): z.infer<typeof passageResultSchema> {
  const { documentId, documentName, path, page, lastPage, headingPath, start, end } = passage
  return {
    passageId: passage.id,
    text: passage.text,
    score: passage.score,
    location: {
      documentId,
      documentName,
      path,
      page,
      lastPage,
      headingPath,
      start,
      end,
      uri: documentUri(documentId, page),
    },
  }
}

/** As a person would say it: "Lease.pdf, page 2, 9. Term". */
export function placeOf({
  documentName,
  page,
  headingPath,
}: Pick<Location, 'documentName' | 'page' | 'headingPath'>): string {
  return [documentName, ...(page === null ? [] : [`page ${page}`]), ...headingPath].join(', ')
}
