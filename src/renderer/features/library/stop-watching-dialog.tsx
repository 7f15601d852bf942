import { AlertDialog } from 'radix-ui'
import type { ReactElement } from 'react'
import type { WatchedFolder } from '../../../shared/watched-folder.ts'
import { Button } from '../../components/button.tsx'
import { useReturnFocus } from '../../components/use-return-focus.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { folderName } from './watched-folder-text.ts'

/** Asks what becomes of the documents when a folder is no longer followed. */
export function StopWatchingDialog({
  folder,
  onChoose,
  onClose,
}: {
  /** Null: closed. */
  readonly folder: WatchedFolder | null
  readonly onChoose: (keepsDocuments: boolean) => void
  readonly onClose: () => void
}): ReactElement {
  const { t } = useTranslate()
  const returnFocus = useReturnFocus()
  return (
    <AlertDialog.Root open={folder !== null} onOpenChange={(next) => !next && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="fade fixed inset-0 z-40 bg-scrim" />
        <AlertDialog.Content
          {...returnFocus}
          className="appear fixed top-1/3 left-1/2 z-50 w-[min(480px,calc(100vw-48px))] -translate-x-1/2 -translate-y-1/3 rounded-xl border border-line bg-raised p-5 shadow-float"
        >
          <AlertDialog.Title className="text-[15px] leading-5.5 font-semibold wrap-anywhere">
            {t('watched.stop-title', { name: folderName(folder?.path ?? '') })}
          </AlertDialog.Title>
          <AlertDialog.Description className="mt-2 leading-5.5 text-soft">
            {t('watched.stop-detail')}
          </AlertDialog.Description>
          <div className="mt-5 flex flex-wrap justify-end gap-2">
            <AlertDialog.Cancel asChild>
              <Button>{t('app.cancel')}</Button>
            </AlertDialog.Cancel>
            <Button look="danger" onClick={() => onChoose(false)}>
              {t('watched.stop-remove')}
            </Button>
            <Button look="primary" onClick={() => onChoose(true)}>
              {t('watched.stop-keep')}
            </Button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
