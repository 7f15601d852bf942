import { z } from 'zod'

/**
 * A stretch of the canonical text that is drawn in one piece: whole blocks of one slice, about a screen of them. Leaves follow
 * each other without a gap.
 */
export const leafSchema = z.object({
  start: z.number().int(),
  end: z.number().int(),
  /** How many blocks; with the units, what its height is guessed from before it is drawn. */
  blocks: z.number().int(),
})
export type Leaf = z.infer<typeof leafSchema>

export const mappedHeadingSchema = z.object({
  start: z.number().int(),
  level: z.number().int(),
  title: z.string(),
})
export type MappedHeading = z.infer<typeof mappedHeadingSchema>

/** Rows that stand under each other. */
export const mappedTableSchema = z.object({
  start: z.number().int(),
  end: z.number().int(),
  rows: z.number().int(),
  /** Its first row where that heads the columns, as `[start, end)` and the cells in their columns. */
  header: z.object({ end: z.number().int(), cells: z.array(z.string()), line: z.number().int().nullable() }).nullable(),
  /** Of each column, the widest text in letters of usual width, up to a limit. */
  widths: z.array(z.number().int()),
})
export type MappedTable = z.infer<typeof mappedTableSchema>

/** What has to be known of a whole document to show any part of it: no text but headings. In document order. */
export const documentMapSchema = z.object({
  leaves: z.array(leafSchema),
  headings: z.array(mappedHeadingSchema),
  tables: z.array(mappedTableSchema),
})
export type DocumentMap = z.infer<typeof documentMapSchema>

/** Half-open `[start, end)` in the canonical text. */
export const textRangeSchema = z.object({ start: z.number().int(), end: z.number().int() })
