import { CircleAlert } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import type { SerializedAppError } from '../../shared/errors.ts'
import { errorText } from '../i18n/error-text.ts'
import { useTranslate } from '../i18n/translate.ts'

/** A failure where it happened: what happened, what to do, and the way to do it (`children`). */
export function ErrorNote({
  title,
  error,
  children,
}: {
  readonly title?: string
  readonly error: SerializedAppError
  readonly children?: ReactNode
}): ReactElement {
  const { t } = useTranslate()
  return (
    <div
      role="alert"
      className="appear flex items-start gap-2.5 rounded-lg border border-error-line bg-raised px-3.5 py-3"
    >
      <CircleAlert size={16} aria-hidden className="mt-0.5 shrink-0 text-error" />
      <div className="min-w-0 flex-1">
        {title !== undefined && <p className="font-semibold text-error">{title}</p>}
        <p className="selectable leading-5.5 text-ink">{errorText(t, error)}</p>
      </div>
      {children}
    </div>
  )
}
