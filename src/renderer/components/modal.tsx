import { X } from 'lucide-react'
import { Dialog } from 'radix-ui'
import type { ReactElement, ReactNode } from 'react'
import { useTranslate } from '../i18n/translate.ts'
import { classNames } from './class-names.ts'
import { IconButton } from './button.tsx'
import { useReturnFocus } from './use-return-focus.ts'

interface ModalProps {
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly title: string
  readonly description?: string
  readonly className?: string
  readonly children: ReactNode
}

/** A dialog with a title and a way out; the focus stays in it while it is open. */
export function Modal({ isOpen, onClose, title, description, className, children }: ModalProps): ReactElement {
  const { t } = useTranslate()
  const returnFocus = useReturnFocus()
  return (
    <Dialog.Root open={isOpen} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fade fixed inset-0 z-40 bg-scrim" />
        <Dialog.Content
          {...returnFocus}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          className={classNames(
            'appear fixed top-1/2 left-1/2 z-50 flex max-h-[calc(100vh-64px)] w-[min(560px,calc(100vw-48px))] -translate-x-1/2 -translate-y-1/2 flex-col rounded-xl border border-line bg-surface shadow-float',
            className,
          )}
        >
          <header className="flex items-start gap-3 border-b border-line py-3.5 pr-14 pl-5">
            <div className="min-w-0 flex-1">
              <Dialog.Title className="text-[15px] leading-6 font-semibold">{title}</Dialog.Title>
              {description !== undefined && (
                <Dialog.Description className="text-[12px] text-soft">{description}</Dialog.Description>
              )}
            </div>
          </header>
          <div tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto px-5 py-4">
            {children}
          </div>
          {/* Last in the order of focus: a dialog begins at what it asks for. */}
          <Dialog.Close asChild>
            <IconButton label={t('app.close')} className="absolute top-3 right-3">
              <X size={16} aria-hidden />
            </IconButton>
          </Dialog.Close>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
