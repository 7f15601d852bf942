import { type ReactElement, useState } from 'react'
import { useTranslate } from '../../i18n/translate.ts'

/** Where one is by number (a page, a slide), and going to another: Enter goes there, Escape leaves it. */
export function NumberField({
  label,
  current,
  count,
  onGoTo,
}: {
  readonly label: string
  /** From 1. */
  readonly current: number
  readonly count: number
  readonly onGoTo: (number: number) => void
}): ReactElement {
  const { t } = useTranslate()
  const [draft, setDraft] = useState<string | null>(null)
  const go = (): void => {
    const number = Math.trunc(Number(draft))
    if (draft !== null && number >= 1 && number <= count) onGoTo(number)
    setDraft(null)
  }
  return (
    <div className="tabular flex shrink-0 items-center gap-1 px-1.5 text-[12px] text-soft">
      <input
        aria-label={label}
        inputMode="numeric"
        value={draft ?? String(current)}
        onFocus={(event) => event.target.select()}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={() => setDraft(null)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') go()
          else if (event.key === 'Escape') setDraft(null)
        }}
        className="h-6 w-11 rounded-md border border-line bg-raised px-1 text-center text-ink"
      />
      <span>{t('pdf.of', { count })}</span>
    </div>
  )
}
