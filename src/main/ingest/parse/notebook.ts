import { z } from 'zod'
import { markdownBlocks } from './markdown.ts'
import type { RawBlock } from './slice-builder.ts'

const linesSchema = z
  .union([z.string(), z.array(z.string())])
  .transform((lines) => (typeof lines === 'string' ? lines : lines.join('')))
const notebookSchema = z.object({
  cells: z.array(
    z.object({
      cell_type: z.string(),
      source: linesSchema,
      outputs: z
        .array(z.object({ text: linesSchema.optional().catch(undefined) }))
        .optional()
        .catch(undefined),
    }),
  ),
})

/** A Jupyter notebook's cells in order: Markdown as such, code as code, printed output behind its cell. Null: it is none. */
export function notebookBlocks(text: string): readonly RawBlock[] | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
  const parsed = notebookSchema.safeParse(value)
  if (!parsed.success) return null
  return parsed.data.cells.flatMap((cell): readonly RawBlock[] => {
    if (cell.cell_type === 'markdown') return [...markdownBlocks(cell.source)]
    const outputs = (cell.outputs ?? []).flatMap(({ text: output }) => (output === undefined ? [] : [output]))
    return [cell.source, ...outputs].map((source) => ({ kind: 'code', level: 0, text: source }))
  })
}
