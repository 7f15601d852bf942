import { AlertDialog } from 'radix-ui'
import type { ReactElement } from 'react'
import { useTranslate } from '../i18n/translate.ts'
import { Button } from './button.tsx'
import { useReturnFocus } from './use-return-focus.ts'

interface ConfirmProps {
  readonly isOpen: boolean
  readonly title: string
  readonly detail: string
  readonly confirm: string
  readonly onConfirm: () => void
  readonly onClose: () => void
}

/** Asks before something is taken away. The safe answer has the focus. */
export function ConfirmDialog({ isOpen, title, detail, confirm, onConfirm, onClose }: ConfirmProps): ReactElement {
  const { t } = useTranslate()
  const returnFocus = useReturnFocus()
  return (
    <AlertDialog.Root open={isOpen} onOpenChange={(next) => !next && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="fade fixed inset-0 z-40 bg-scrim" />
        <AlertDialog.Content
          {...returnFocus}
          className="appear fixed top-1/3 left-1/2 z-50 w-[min(440px,calc(100vw-48px))] -translate-x-1/2 -translate-y-1/3 rounded-xl border border-line bg-raised p-5 shadow-float"
        >
          <AlertDialog.Title className="text-[15px] leading-5.5 font-semibold wrap-anywhere">{title}</AlertDialog.Title>
          <AlertDialog.Description className="mt-2 leading-5.5 text-soft">{detail}</AlertDialog.Description>
          <div className="mt-5 flex justify-end gap-2">
            <AlertDialog.Cancel asChild>
              <Button>{t('app.cancel')}</Button>
            </AlertDialog.Cancel>
            <AlertDialog.Action asChild>
              <Button look="danger" onClick={onConfirm}>
                {confirm}
              </Button>
            </AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
