import type { DocumentSummary } from '../../../shared/document.ts'
import type { ImportProgress } from '../../../shared/import-progress.ts'
import { formatShare } from '../../i18n/format.ts'
import type { PageLanguage, Translate } from '../../i18n/translate.ts'

const minuteSeconds = 60
const hourSeconds = 3_600

/** How long import will take, as people say it: never to the second, since it is an estimate. Null when nothing can be said. */
export function timeLeftText(t: Translate, timeLeft: ImportProgress['timeLeft']): string | null {
  if (timeLeft === null) return null
  const { seconds, isAtLeast } = timeLeft
  if (seconds < minuteSeconds && !isAtLeast) return t('import.left-soon')
  if (seconds < 1.5 * hourSeconds) {
    const count = Math.max(1, Math.round(seconds / minuteSeconds))
    return t(isAtLeast ? 'import.left-minutes-least' : 'import.left-minutes', { count })
  }
  const count = Math.round(seconds / hourSeconds)
  return t(isAtLeast ? 'import.left-hours-least' : 'import.left-hours', { count })
}

/** What is left to do. */
export function workTexts(t: Translate, progress: ImportProgress): readonly string[] {
  const { filesToRead, passagesToEmbed } = progress
  return [
    ...(filesToRead > 0 ? [t('import.files', { count: filesToRead })] : []),
    ...(passagesToEmbed > 0 ? [t('import.passages', { count: passagesToEmbed })] : []),
  ]
}

/** Share of the work that is done, in passages, 0..1; null while nobody can say how much there is. */
export function importShare({ passagesEmbedded, passagesToEmbed, passagesExpected }: ImportProgress): number | null {
  if (passagesExpected === null) return null
  const all = passagesEmbedded + passagesToEmbed + passagesExpected
  return all === 0 ? null : passagesEmbedded / all
}

/** How far the file that is read is, in a few words. */
export function readingText(t: Translate, reading: NonNullable<ImportProgress['reading']>): string | null {
  const { pagesRead, pageCount, passagesRead } = reading
  if (pagesRead !== null && pageCount !== null) return t('import.page', { page: pagesRead, pages: pageCount })
  return passagesRead > 0 ? t('import.passages-read', { count: passagesRead }) : null
}

/** The second line of a row that import is at; null for a row that needs none. */
export function rowProgressText(
  t: Translate,
  language: PageLanguage,
  document: DocumentSummary,
  progress: ImportProgress | null,
): string | null {
  if (document.state === 'reading') {
    const reading = progress?.reading?.documentId === document.id ? progress.reading : null
    if (reading?.pagesRead != null && reading.pageCount !== null)
      return t('row.reading-page', { page: reading.pagesRead, pages: reading.pageCount })
    if (document.chunkCount > 0) return t('row.reading-passages', { count: document.chunkCount })
    return t('row.reading')
  }
  // Pages that wait for recognition have a line of their own.
  if (document.state !== 'searchable' || document.problem !== null || (document.scan?.waiting ?? 0) > 0) return null
  const { chunkCount, embeddedChunkCount } = document
  if (chunkCount > 0 && embeddedChunkCount === chunkCount) return t('row.checking')
  return t('row.searchable', { share: formatShare(chunkCount === 0 ? 0 : embeddedChunkCount / chunkCount, language) })
}
