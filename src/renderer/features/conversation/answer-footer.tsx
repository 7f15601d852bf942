import type { ReactElement } from 'react'
import { useTranslate } from '../../i18n/translate.ts'
import type { AnswerView } from './answer-view.ts'

/** By whom, how much, how long, and what the context left out: one quiet line below an ended answer. */
export function AnswerFooter({ answer }: { readonly answer: AnswerView }): ReactElement {
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
  return <p className="tabular min-h-5 text-[12px] text-soft">{facts.join(' · ')}</p>
}
