import { z } from 'zod'
import { appErrorCodes } from './errors.ts'
import { collectionIdSchema, documentIdSchema } from './ids.ts'

/**
 * `queued` waits to be read; `reading` is being parsed; `searchable` answers keyword searches; `ready` is also embedded;
 * `needs-attention` carries a problem and finds nothing.
 */
export const documentStates = ['queued', 'reading', 'searchable', 'ready', 'needs-attention'] as const
export type DocumentState = (typeof documentStates)[number]

export const serializedErrorSchema = z.object({
  code: z.enum(appErrorCodes),
  message: z.string(),
  retryable: z.boolean(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
})

/** What a document was read as; `sheet` and `slides` whatever program wrote them. */
export const documentKinds = [
  'pdf',
  'docx',
  'slides',
  'sheet',
  'odt',
  'rtf',
  'epub',
  'mail',
  'html',
  'markdown',
  'image',
  'text',
] as const
export type DocumentKind = (typeof documentKinds)[number]

/** Something a reader should know although the document was read, such as "12 of 40 pages have no text". */
export const documentNoticeSchema = z.object({
  code: z.enum([
    'pages-without-text',
    'keywords-only',
    'encoding-guessed',
    'truncated-file',
    // Parts that ended the process that works on them: pages not read, passages not indexed, passages without a vector.
    'pages-left-out',
    'parts-left-out',
    'passages-not-embedded',
  ]),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type DocumentNotice = z.infer<typeof documentNoticeSchema>

/** Pages without text of their own, by what recognition made of them; `read` clearly, `unclear` with likely mistakes, `empty` nothing there. */
export const documentScanSchema = z.object({
  pages: z.number().int(),
  waiting: z.number().int(),
  read: z.number().int(),
  unclear: z.number().int(),
  empty: z.number().int(),
  failed: z.number().int(),
  stopped: z.number().int(),
  /** What stopped it, where that was not a person. */
  problem: serializedErrorSchema.nullable(),
})
export type DocumentScan = z.infer<typeof documentScanSchema>

/**
 * One row of the library, as the page and `carrel list` show it. Counts are of chunks, those that get no vector among the
 * embedded ones (a notice says how many); `sizeBytes` of the file.
 */
export const documentSummarySchema = z.object({
  id: documentIdSchema,
  name: z.string(),
  title: z.string().nullable(),
  paths: z.array(z.string()),
  kind: z.enum(documentKinds).nullable(),
  state: z.enum(documentStates),
  problem: serializedErrorSchema.nullable(),
  notices: z.array(documentNoticeSchema),
  /** Null where every page has text. */
  scan: documentScanSchema.nullable(),
  sizeBytes: z.number(),
  pageCount: z.number().nullable(),
  chunkCount: z.number(),
  embeddedChunkCount: z.number(),
  addedAt: z.number(),
  collectionIds: z.array(collectionIdSchema),
})
export type DocumentSummary = z.infer<typeof documentSummarySchema>
