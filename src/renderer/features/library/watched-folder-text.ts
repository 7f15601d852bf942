import type { WatchedFolder } from '../../../shared/watched-folder.ts'
import { errorText } from '../../i18n/error-text.ts'
import { formatMoment } from '../../i18n/format.ts'
import type { PageLanguage, Translate } from '../../i18n/translate.ts'

/** The last part of a path, whichever system wrote it; the path itself for a root. */
export function folderName(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== '') ?? path
}

/** How a folder stands, in one short line. */
export function folderStateText(t: Translate, language: PageLanguage, folder: WatchedFolder, now: number): string {
  const when = folder.inStepAt === null ? null : formatMoment(folder.inStepAt, now, language)
  switch (folder.state) {
    case 'in-step':
      return when === null ? t('watched.in-step') : t('watched.in-step-at', { when })
    case 'reading':
      return t('watched.reading', { count: folder.waitingCount })
    case 'looking':
      return t('watched.looking')
    case 'gone':
    case 'unreadable':
    case 'paused':
    case 'at-rest': {
      const state = t(`watched.${folder.state}`)
      return when === null ? state : t('watched.state-since', { state, when })
    }
  }
}

/** What a person should do about it; null when all is well. */
export function folderProblemText(t: Translate, folder: WatchedFolder): string | null {
  if (folder.state === 'gone' || folder.state === 'unreadable') return t(`watched.${folder.state}-detail`)
  return folder.problem === null ? null : errorText(t, folder.problem)
}
