import { Eye, EyeOff, LockKeyhole } from 'lucide-react'
import { type ReactElement, useRef, useState } from 'react'
import { Button, IconButton } from '../../components/button.tsx'
import { classNames } from '../../components/class-names.ts'
import { ErrorNote } from '../../components/error-note.tsx'
import { Modal } from '../../components/modal.tsx'
import { useTranslate } from '../../i18n/translate.ts'
import { type LockedDocument, useUnlock } from './unlock-store.ts'

/** Asks for the password of a document. A wrong one is said at once; closing leaves the document as it was. */
export function PasswordDialog(): ReactElement | null {
  const document = useUnlock((state) => state.document)
  return document === null ? null : <PasswordForm key={document.id} document={document} />
}

function PasswordForm({ document }: { readonly document: LockedDocument }): ReactElement {
  const { t } = useTranslate()
  const { state, error, tryPassword, close } = useUnlock()
  const [password, setPassword] = useState('')
  const [isShown, setShown] = useState(false)
  const fieldRef = useRef<HTMLInputElement | null>(null)
  const isChecking = state === 'checking'
  const submit = async (): Promise<void> => {
    if (password === '' || isChecking) return
    if (await tryPassword(password)) return
    fieldRef.current?.focus()
    fieldRef.current?.select()
  }
  return (
    <Modal isOpen onClose={close} title={t('unlock.title')} className="w-[min(460px,calc(100vw-48px))]">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <div className="flex items-start gap-3">
          <span className="flex size-9 shrink-0 items-center justify-center rounded-lg bg-wash text-accent">
            <LockKeyhole size={17} aria-hidden />
          </span>
          <p className="min-w-0 flex-1 text-[13px] leading-5">
            <span className="file-name selectable block font-semibold wrap-anywhere">{document.name}</span>
            <span className="block text-soft">{t('unlock.detail')}</span>
          </p>
        </div>
        <label htmlFor="unlock-password" className="mt-4 block text-[12.5px] text-soft">
          {t('unlock.label')}
        </label>
        <div
          className={classNames(
            'mt-1.5 flex h-9 items-center gap-1 rounded-lg border bg-raised pr-1 pl-3 field',
            state === 'wrong' ? 'border-error' : 'border-line',
          )}
        >
          <input
            ref={fieldRef}
            id="unlock-password"
            type={isShown ? 'text' : 'password'}
            value={password}
            maxLength={1_024}
            autoComplete="off"
            spellCheck={false}
            aria-invalid={state === 'wrong'}
            aria-describedby="unlock-state"
            onChange={(event) => setPassword(event.target.value)}
            className="selectable h-full min-w-0 flex-1 bg-transparent text-[14px] text-ink outline-none"
          />
          <IconButton label={t(isShown ? 'unlock.hide' : 'unlock.show')} onClick={() => setShown(!isShown)}>
            {isShown ? <EyeOff size={15} aria-hidden /> : <Eye size={15} aria-hidden />}
          </IconButton>
        </div>
        <p
          id="unlock-state"
          role="status"
          className={classNames(
            'mt-1.5 min-h-5 text-[12.5px] leading-5',
            state === 'wrong' ? 'text-error' : 'text-soft',
          )}
        >
          {state === 'wrong' ? t('unlock.wrong') : isChecking ? t('unlock.checking') : t('unlock.promise')}
        </p>
        {error !== null && (
          <div className="mt-2">
            <ErrorNote error={error} />
          </div>
        )}
        <div className="mt-4 flex justify-end gap-2">
          <Button onClick={close}>{t('app.cancel')}</Button>
          <Button look="primary" type="submit" disabled={password === '' || isChecking}>
            {t('unlock.open')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
