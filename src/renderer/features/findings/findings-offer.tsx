import { TextSearch } from 'lucide-react'
import { type ReactElement, useMemo } from 'react'
import type { NamedScope } from '../../../shared/collection.ts'
import { readFindingsQuestion } from '../../../shared/findings-question.ts'
import { shortcutText } from '../../components/shortcut-text.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { useFindings } from './findings-store.ts'

/** While a question is written that asks for every document: the table is one key away. */
export function FindingsOffer({
  question,
  onFind,
}: {
  readonly question: string
  readonly onFind: () => void
}): ReactElement | null {
  const { t } = useTranslate()
  const asked = useMemo(() => readFindingsQuestion(question), [question])
  if (asked === null) return null
  return (
    <button
      type="button"
      data-testid="findings-offer"
      onClick={onFind}
      className="appear flex w-full min-w-0 items-center gap-2 rounded-t-xl border-b border-line bg-wash px-4 py-2 text-left text-[13px] hover:text-accent"
    >
      <TextSearch size={15} aria-hidden className="shrink-0 text-accent" />
      <span className="min-w-0 flex-1 truncate">{t('findings.offer', { subject: asked.subject })}</span>
      <kbd className="shrink-0 font-sans text-[12px] text-soft">{shortcutText('Enter', window.api.platform)}</kbd>
    </button>
  )
}

/** Below an answer to such a question: the table, of what it was asked of. */
export function FindInstead({
  question,
  scope,
}: {
  readonly question: string
  readonly scope: NamedScope | null
}): ReactElement | null {
  const { t } = useTranslate()
  const asked = useMemo(() => readFindingsQuestion(question), [question])
  if (asked === null) return null
  return (
    <button
      type="button"
      data-testid="find-instead"
      onClick={() => useFindings.getState().open(question, scope)}
      className="inline-flex h-6 items-center gap-1 rounded px-1.5 text-[12px] text-soft hover:bg-hover hover:text-ink"
    >
      <TextSearch size={13} aria-hidden />
      {t('findings.instead')}
    </button>
  )
}
