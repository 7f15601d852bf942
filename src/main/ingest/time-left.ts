import type { ImportCounts } from '../ports/document-store.ts'
import type { ImportProgress } from '../../shared/import-progress.ts'

/** Files of one run differ; fewer of them say too little about the rest. */
const fewestFilesRead = 3

/** What was read in this run. */
export interface ReadSoFar {
  readonly files: number
  readonly bytes: number
  readonly passages: number
}

/** Passages in files that were not read yet, by the bytes of those that were; null where these say too little. */
export function passagesExpected(
  { filesToRead, bytesToRead }: Pick<ImportCounts, 'bytesToRead' | 'filesToRead'>,
  read: ReadSoFar,
): number | null {
  if (filesToRead === 0) return 0
  return read.files >= fewestFilesRead && read.bytes > 0 ? bytesToRead * (read.passages / read.bytes) : null
}

/**
 * Time that is left, from passages a second as measured. While nobody can say what the unread files hold, only what is known to be
 * there counts, and `isAtLeast` says so.
 * @param expected see {@link passagesExpected}
 */
export function timeLeft(
  passagesToEmbed: number,
  expected: number | null,
  passagesPerSecond: number | null,
): ImportProgress['timeLeft'] {
  if (passagesPerSecond === null || passagesPerSecond <= 0) return null
  const passages = passagesToEmbed + (expected ?? 0)
  if (passages <= 0) return null
  return { seconds: passages / passagesPerSecond, isAtLeast: expected === null }
}
