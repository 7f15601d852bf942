import { SearchX } from 'lucide-react'
import type { ReactElement } from 'react'
import { Button } from '../../components/button.tsx'
import { useTranslate } from '../../i18n/translate.ts'
import { AnswerText } from './answer-text.tsx'
import type { AnswerView } from './answer-view.ts'

/** Nothing was close enough: said calmly, with the way on. */
export function RefusalNote({
  answer,
  hasNearest,
  onAnyway,
}: {
  readonly answer: AnswerView
  readonly hasNearest: boolean
  /** Absent: it cannot be asked again here. */
  readonly onAnyway?: (() => void) | undefined
}): ReactElement {
  const { t } = useTranslate()
  return (
    <div data-testid="refused" className="mt-4 flex gap-3 rounded-[10px] border border-line bg-raised px-4 py-3.5">
      <SearchX size={18} aria-hidden className="mt-1 shrink-0 text-soft" />
      <div className="min-w-0 flex-1">
        <AnswerText text={answer.text} state={answer.state} label={t('answer.label')} />
        <p className="mt-1 text-[13px] leading-5 text-soft">
          {t(hasNearest ? 'answer.refused-nearest' : 'answer.refused-nothing')}
        </p>
        {hasNearest && onAnyway !== undefined && (
          <Button className="mt-3" data-testid="answer-anyway" onClick={onAnyway}>
            {t('answer.anyway')}
          </Button>
        )}
      </div>
    </div>
  )
}
