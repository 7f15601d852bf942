import { basename } from 'node:path'
import type { DocumentId } from '../../shared/ids.ts'
import { hasImportWork, type ImportProgress } from '../../shared/import-progress.ts'
import type { Clock } from '../ports/clock.ts'
import type { ImportCounts } from '../ports/document-store.ts'
import { createRateMeter } from './rate-meter.ts'
import type { CurrentFile } from './read-queue.ts'
import { passagesExpected, type ReadSoFar, timeLeft } from './time-left.ts'

/** What this run of import has done, and how fast it goes. */
export interface ImportPace {
  /** There is something to do from now on. */
  work(): void
  /** Nothing to do, or paused. `isDone`: the run is over, the next one counts from zero. */
  rest(options: { readonly isDone: boolean }): void
  embedded(passages: number): void
  /** A file was read to its end. */
  read(file: { readonly bytes: number; readonly passages: number }): void
  describe(
    counts: ImportCounts,
    state: { readonly isPaused: boolean; readonly current: CurrentFile | null },
  ): Omit<ImportProgress, 'documentsToCut'>
}

export function createImportPace(clock: Pick<Clock, 'now'>): ImportPace {
  const rate = createRateMeter(() => clock.now())
  let passagesEmbedded = 0
  let readSoFar = { files: 0, bytes: 0, passages: 0 }
  return {
    work: () => rate.begin(),
    rest({ isDone }) {
      rate.end()
      if (!isDone) return
      passagesEmbedded = 0
      readSoFar = { files: 0, bytes: 0, passages: 0 }
    },
    embedded(passages) {
      passagesEmbedded += passages
      rate.add(passages)
    },
    read({ bytes, passages }) {
      readSoFar = {
        files: readSoFar.files + 1,
        bytes: readSoFar.bytes + bytes,
        passages: readSoFar.passages + passages,
      }
    },
    describe(counts, { isPaused, current }) {
      const filesToRead = counts.filesToRead + counts.filesBeingRead
      const { passagesToEmbed } = counts
      const perSecond = isPaused ? null : rate.perSecond
      const expected = allExpected(counts, readSoFar, current)
      return {
        isPaused,
        reading:
          current === null
            ? null
            : {
                documentId: current.documentId ?? (`file-${current.locationKey}` as DocumentId),
                name: basename(current.path),
                pagesRead: current.pagesRead,
                pageCount: current.pageCount,
                passagesRead: current.passagesRead,
              },
        filesToRead,
        passagesToEmbed,
        passagesEmbedded,
        passagesExpected: expected,
        documentsHeld: counts.documentsHeld,
        passagesPerSecond: perSecond,
        timeLeft: hasImportWork({ filesToRead, passagesToEmbed })
          ? timeLeft(passagesToEmbed, expected, perSecond)
          : null,
      }
    },
  }
}

/** Pages of one file differ less than files do: after these many they say what the rest holds. */
const fewestPagesRead = 3

/** Passages in what was not read: the rest of a file with pages by those that were read of it, everything else by bytes. */
function allExpected(counts: ImportCounts, read: ReadSoFar, current: CurrentFile | null): number | null {
  // While its bytes are hashed it counts among those that wait.
  if (current === null || current.documentKey === null) return passagesExpected(counts, read)
  const { sizeBytes, pagesRead, pageCount, passagesRead } = current
  if (pagesRead === null || pageCount === null || pagesRead < Math.min(fewestPagesRead, pageCount))
    return passagesExpected({ filesToRead: counts.filesToRead + 1, bytesToRead: counts.bytesToRead + sizeBytes }, read)
  const ofOthers = passagesExpected(counts, read)
  return ofOthers === null ? null : ofOthers + (passagesRead * Math.max(0, pageCount - pagesRead)) / pagesRead
}
