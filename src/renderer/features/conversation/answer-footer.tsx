import type { ReactElement } from 'react'
import { useTranslate } from '../../i18n/translate.ts'
import { ContextMeter } from './context-meter.tsx'
import { contextTrouble } from './context-parts.ts'
import type { AnswerView } from './answer-view.ts'

/** By whom, how much, how long, and what the context left out: one quiet line below an ended answer. */
export function AnswerFooter({
  answer,
  hasMeter,
}: {
  readonly answer: AnswerView
  /** False where the composer shows the same meter. */
  readonly hasMeter: boolean
}): ReactElement | null {
  const { t, language } = useTranslate()
  const { usage, mode, model } = answer
  const writingMs = usage?.stageMs['generate']
  const seconds = new Intl.NumberFormat(language, { maximumFractionDigits: 1 })
  const facts = [
    ...(mode === 'generated' && model !== null ? [t('answer.by', { model })] : []),
    ...(usage?.answerTokens != null ? [t('answer.tokens', { count: usage.answerTokens })] : []),
    ...(mode === 'generated' && writingMs !== undefined
      ? [t('answer.seconds', { seconds: seconds.format(writingMs / 1000) })]
      : []),
    ...(usage !== null && usage.leftOutPassageIds.length > 0
      ? [t('answer.left-out', { count: usage.leftOutPassageIds.length })]
      : []),
  ]
  const isMetered = hasMeter && usage?.context != null
  const isCut = usage !== null && contextTrouble(usage) === 'cut'
  if (facts.length === 0 && !isCut && !isMetered) return null
  return (
    <div className="flex min-h-6 flex-wrap items-center gap-x-2 text-[12px] text-soft">
      <p className="tabular">{facts.join(' · ')}</p>
      {isCut && <p className="text-warning">{t('context.cut-short')}</p>}
      {hasMeter && usage !== null && (
        <ContextMeter usage={usage} passages={answer.sources ?? answer.passages} about="answer" />
      )}
    </div>
  )
}
