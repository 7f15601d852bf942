import { z } from 'zod'
import { documentIdSchema } from './ids.ts'

/** What import is doing and what it has yet to do. Passages are chunks; times are seconds. */
export const importProgressSchema = z.object({
  isPaused: z.boolean(),
  /** The file that is being read. */
  reading: z
    .object({
      documentId: documentIdSchema,
      name: z.string(),
      pagesRead: z.number().int().nullable(),
      pageCount: z.number().int().nullable(),
      passagesRead: z.number().int(),
    })
    .nullable(),
  /** Files that wait or are being read. */
  filesToRead: z.number().int(),
  passagesToEmbed: z.number().int(),
  /** Since import last had nothing to do. */
  passagesEmbedded: z.number().int(),
  /** In files that wait, judged by those that were read; null: too few were. */
  passagesExpected: z.number().nullable(),
  /** Documents that are found by their words and not embedded any further, for a reason that they give. */
  documentsHeld: z.number().int(),
  /** Documents that an earlier version of Carrel cut, and that are cut anew; the old passages answer until then. */
  documentsToCut: z.number().int(),
  passagesPerSecond: z.number().nullable(),
  /** By the rate measured until now; null until it can be said. `isAtLeast`: how much the files that wait hold is not known yet. */
  timeLeft: z.object({ seconds: z.number(), isAtLeast: z.boolean() }).nullable(),
})
export type ImportProgress = z.infer<typeof importProgressSchema>

/** Nothing to do. */
export const idleImport: ImportProgress = {
  isPaused: false,
  reading: null,
  filesToRead: 0,
  passagesToEmbed: 0,
  passagesEmbedded: 0,
  passagesExpected: 0,
  documentsHeld: 0,
  documentsToCut: 0,
  passagesPerSecond: null,
  timeLeft: null,
}

/** Whether anything waits or runs. */
export function hasImportWork(progress: Pick<ImportProgress, 'filesToRead' | 'passagesToEmbed'>): boolean {
  return progress.filesToRead > 0 || progress.passagesToEmbed > 0
}
