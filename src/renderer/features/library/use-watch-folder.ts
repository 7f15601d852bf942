import { showNotice } from '../../components/notices.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { chooseWatchedFolder } from './watched-folder-store.ts'

/** Asks for a folder and follows it; a cancelled dialog stays silent. */
export function useWatchFolder(): () => Promise<void> {
  const { t } = useTranslate()
  return async () => {
    const added = await chooseWatchedFolder()
    if (added > 0) showNotice(t('watched.added', { count: added }))
  }
}
