import { type ReactElement, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Modal } from '../../components/modal.tsx'
import { useTranslate } from '../../i18n/translate.ts'

/** Asks for a conversation's new title; an empty one cannot be saved. */
export function RenameDialog({
  title,
  onClose,
  onSave,
}: {
  readonly title: string
  readonly onClose: () => void
  readonly onSave: (title: string) => void
}): ReactElement {
  const { t } = useTranslate()
  const [text, setText] = useState(title)
  const next = text.trim()
  return (
    <Modal isOpen onClose={onClose} title={t('conversations.rename-title')}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (next === '') return
          onSave(next)
          onClose()
        }}
      >
        <label className="block text-[12.5px] text-soft">
          {t('conversations.rename-label')}
          <input
            value={text}
            maxLength={200}
            onChange={(event) => setText(event.target.value)}
            onFocus={(event) => event.target.select()}
            className="selectable mt-1.5 block h-9 w-full rounded-lg border border-line bg-raised px-3 text-[14px] text-ink field"
          />
        </label>
        <div className="mt-4 flex justify-end gap-2">
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button look="primary" type="submit" disabled={next === ''}>
            {t('conversations.rename-save')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
