import { z } from 'zod'

/**
 * Anchors: where a piece of text stands. Offsets are UTF-16 units, half-open `[start, end)`, in the canonical text of one
 * document, which is identified by (document id, parser version). See ARCHITECTURE.md, "Storage".
 */
export const blockKinds = ['heading', 'paragraph', 'list-item', 'table', 'table-row', 'code', 'quote'] as const
export type BlockKind = (typeof blockKinds)[number]

/**
 * A paragraph, heading, table, list item or code block as parsed. `level`: 1-6 for headings, depth for list items and for quotes
 * within quotes, 1 for rows that head their table, for code the columns of indentation that all its lines had; else 0. What is
 * optional is missing in documents that were read by an earlier version, and wherever the file does not say it.
 */
export const blockSchema = z.object({
  kind: z.enum(blockKinds),
  level: z.number().int(),
  start: z.number().int(),
  end: z.number().int(),
  /** From 1, in the file: a sheet's row, the first line of code. */
  line: z.number().int().optional(),
  /** Of a row whose empty cells were left out: the column of each cell that is there, from 0. */
  columns: z.array(z.number().int()).optional(),
  /** Of code: columns by which its first line was indented more than `level` says. */
  firstIndent: z.number().int().optional(),
})
export type Block = z.infer<typeof blockSchema>

/**
 * A run of text drawn in one piece on a PDF page: `[start, end)` in the canonical text and its box in PDF points,
 * origin at the page's upper left after the page's own rotation, `y` growing downwards.
 */
export const textRunSchema = z.object({
  start: z.number().int(),
  end: z.number().int(),
  x: z.number(),
  y: z.number(),
  width: z.number(),
  height: z.number(),
})
export type TextRun = z.infer<typeof textRunSchema>

/** `confidence`: only where the text was recognised from the page's picture, 0 to 100. */
export const pageSchema = z.object({
  number: z.number().int(),
  width: z.number(),
  height: z.number(),
  confidence: z.number().optional(),
})

/** True for recognised text that is likely to have wrong words in it. @param confidence 0 to 100 */
export function isUnclear(confidence: number): boolean {
  return confidence < 75
}

/**
 * A stretch of the canonical text, read and stored in one piece: one page of a PDF, or up to about 32,000 units of
 * whole blocks elsewhere. Slices follow each other without a gap; blocks and runs carry document offsets and never
 * cross a slice.
 */
export const textSliceSchema = z.object({
  ordinal: z.number().int(),
  start: z.number().int(),
  end: z.number().int(),
  text: z.string(),
  page: pageSchema.nullable(),
  blocks: z.array(blockSchema),
  runs: z.array(textRunSchema),
})
export type TextSlice = z.infer<typeof textSliceSchema>

/** A rectangle on a PDF page to be marked; same units and origin as {@link textRunSchema}. */
export const boxSchema = z.object({
  page: z.number().int(),
  x: z.number(),
  y: z.number(),
  width: z.number(),
  height: z.number(),
})
export type Box = z.infer<typeof boxSchema>
