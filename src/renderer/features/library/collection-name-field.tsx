import { Folder } from 'lucide-react'
import { type ReactElement, useId, useState } from 'react'
import { longestCollectionName } from '../../../shared/collection.ts'
import type { Result, SerializedAppError } from '../../../shared/errors.ts'
import { errorText } from '../../i18n/error-text.ts'
import { useTranslate } from '../../i18n/translate.ts'

/** A collection's name, written where it stands: Enter or leaving keeps it, Escape does not. A name that is refused says why. */
export function CollectionNameField({
  name,
  onSave,
  onEnd,
}: {
  readonly name: string
  readonly onSave: (name: string) => Promise<Result<object>>
  readonly onEnd: () => void
}): ReactElement {
  const { t } = useTranslate()
  const [text, setText] = useState(name)
  const [error, setError] = useState<SerializedAppError | null>(null)
  const errorId = useId()
  const save = async (isLeaving: boolean): Promise<void> => {
    const next = text.trim()
    if (next === '' || next === name) return onEnd()
    const result = await onSave(next)
    if (result.ok || isLeaving) onEnd()
    else setError(result.error)
  }
  return (
    <form
      className="px-1 py-0.5"
      onSubmit={(event) => {
        event.preventDefault()
        void save(false)
      }}
    >
      <div className="flex h-8 items-center gap-2.5 rounded-md border border-edge bg-raised px-1.5 field">
        <Folder size={14} aria-hidden className="shrink-0 text-soft" />
        <input
          // The reader has just asked to write here.
          ref={(input) => {
            if (input !== null && document.activeElement !== input) {
              input.focus()
              input.select()
            }
          }}
          value={text}
          maxLength={longestCollectionName}
          data-testid="collection-name"
          aria-label={t('collections.name')}
          aria-invalid={error !== null}
          aria-describedby={error === null ? undefined : errorId}
          placeholder={t('collections.name')}
          onChange={(event) => {
            setText(event.target.value)
            setError(null)
          }}
          onBlur={() => void save(true)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return
            event.preventDefault()
            event.stopPropagation()
            onEnd()
          }}
          className="selectable min-w-0 flex-1 bg-transparent outline-none"
        />
      </div>
      {error !== null && (
        <p id={errorId} role="alert" className="px-1.5 pt-1 text-[12px] leading-4 text-error">
          {errorText(t, error)}
        </p>
      )}
    </form>
  )
}
