import { z } from 'zod'

/** What an answer or a conversation can be saved as, as the menus have it. */
export const exportFormats = ['markdown', 'html', 'docx'] as const
export const exportFormatSchema = z.enum(exportFormats)
export type ExportFormat = z.infer<typeof exportFormatSchema>

export const exportEndings: Readonly<Record<ExportFormat, string>> = { markdown: 'md', html: 'html', docx: 'docx' }

/** By the ending of a file's name, in any case; Markdown where it says nothing known. */
export function exportFormatOf(fileName: string): ExportFormat {
  const ending = /\.([^./\\]+)$/.exec(fileName)?.[1]?.toLowerCase()
  if (ending === 'html' || ending === 'htm') return 'html'
  return ending === 'docx' ? 'docx' : 'markdown'
}
