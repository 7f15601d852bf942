import { type ReactElement, type ReactNode, useId } from 'react'
import { type EmbedderLanguages, embedderLanguages } from '../../../shared/embedder.ts'
import type { SerializedAppError } from '../../../shared/errors.ts'
import { Button } from '../../components/button.tsx'
import { Choice } from '../../components/choice.tsx'
import { ErrorNote } from '../../components/error-note.tsx'
import { useTranslate } from '../../i18n/translate.ts'
import { Row } from '../settings/setting-row.tsx'

/** What is asked of every embedder that is added. */
export interface CommonChoices {
  readonly questionPrefix: string
  readonly passagePrefix: string
  readonly languages: EmbedderLanguages
}

interface EmbedderFormProps {
  readonly title: string
  readonly detail: string
  readonly common: CommonChoices
  readonly onCommon: (common: CommonChoices) => void
  readonly canAdd: boolean
  readonly isAdding: boolean
  readonly error: SerializedAppError | null
  readonly onAdd: () => void
  readonly onClose: () => void
  /** What is asked besides. */
  readonly children: ReactNode
}

/** The form below the list, in place of the buttons that open it. */
export function EmbedderForm({
  title,
  detail,
  common,
  onCommon,
  canAdd,
  isAdding,
  error,
  onAdd,
  onClose,
  children,
}: EmbedderFormProps): ReactElement {
  const { t } = useTranslate()
  const id = useId()
  return (
    <form
      aria-labelledby={id}
      data-testid="embedder-form"
      className="appear flex flex-col gap-3 rounded-lg border border-line bg-raised px-3.5 py-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (canAdd && !isAdding) onAdd()
      }}
    >
      <div>
        <p id={id} className="font-semibold wrap-anywhere">
          {title}
        </p>
        <p className="text-[12px] leading-[17px] text-soft">{detail}</p>
      </div>
      {children}
      <Row label={t('embedders.languages')}>
        <Choice
          label={t('embedders.languages')}
          value={common.languages}
          onChange={(languages) => onCommon({ ...common, languages })}
          options={embedderLanguages.map((value) => ({ value, text: t(`made-for.${value}`) }))}
        />
      </Row>
      <PrefixField
        label={t('embedders.question-prefix')}
        value={common.questionPrefix}
        onChange={(questionPrefix) => onCommon({ ...common, questionPrefix })}
      />
      <PrefixField
        label={t('embedders.passage-prefix')}
        value={common.passagePrefix}
        onChange={(passagePrefix) => onCommon({ ...common, passagePrefix })}
      />
      {error !== null && <ErrorNote error={error} />}
      <div className="flex items-center justify-end gap-2">
        {isAdding && (
          <p role="status" className="breathe mr-auto text-[12px] text-soft">
            {t('embedders.trying')}
          </p>
        )}
        <Button onClick={onClose} disabled={isAdding}>
          {t('app.cancel')}
        </Button>
        <Button look="primary" type="submit" disabled={!canAdd || isAdding}>
          {t('embedders.add')}
        </Button>
      </div>
    </form>
  )
}

function PrefixField({
  label,
  value,
  onChange,
}: {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
}): ReactElement {
  const { t } = useTranslate()
  return (
    <Row label={label}>
      <input
        aria-label={label}
        value={value}
        maxLength={200}
        placeholder={t('embedders.no-prefix')}
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
        className={fieldLook}
      />
    </Row>
  )
}

export const fieldLook =
  'selectable h-8 w-52 rounded-lg border border-edge bg-surface px-2.5 text-[13px] text-ink placeholder:text-soft field'
