import type { ImportCounts } from '../interfaces.ts'
import type { ImportProgress } from '../../shared/import-progress.ts'

/** Files of one run differ; fewer of them say too little about the rest. */
const fewestFilesRead = 3

/** What was read in this run. */
export interface ReadSoFar {
  readonly files: number
  readonly bytes: number
  readonly passages: number
}

/**
 * Time that is left, from passages a second as measured. Files that were not read yet are taken to hold as many passages a byte
 * as those that were; before enough were read, only what is known to be there counts, and `isAtLeast` says so.
 */
export function timeLeft(
  counts: Pick<ImportCounts, 'bytesToRead' | 'filesToRead' | 'passagesToEmbed'>,
  read: ReadSoFar,
  passagesPerSecond: number | null,
): ImportProgress['timeLeft'] {
  if (passagesPerSecond === null || passagesPerSecond <= 0) return null
  const isKnown = counts.filesToRead === 0 || (read.files >= fewestFilesRead && read.bytes > 0)
  const expected = isKnown && counts.filesToRead > 0 ? counts.bytesToRead * (read.passages / read.bytes) : 0
  const passages = counts.passagesToEmbed + expected
  if (passages <= 0) return null
  return { seconds: passages / passagesPerSecond, isAtLeast: !isKnown }
}
