import type { ReactElement } from 'react'
import { useTranslate } from '../../i18n/translate.ts'
import type { AnswerView } from './answer-view.ts'

/** What an answer rests on, where that is not simply passages close to the question. */
export function BasisLabel({ answer }: { readonly answer: AnswerView }): ReactElement | null {
  const { t } = useTranslate()
  const { search, mode } = answer
  if (search === null || mode === null || mode === 'refused') return null
  const isGeneral = search.basis === 'general' && mode === 'generated'
  const text = search.isClose
    ? isGeneral
      ? t('basis.general')
      : null
    : isGeneral
      ? t('answer.from-general', { count: search.documentCount })
      : search.basis === 'anyway'
        ? t('answer.from-far')
        : null
  if (text === null) return null
  return (
    <p
      data-testid="basis-label"
      data-far={!search.isClose || undefined}
      className="mt-4 mr-2 inline-flex items-center rounded-full border border-line px-2.5 text-[12px] leading-6 text-soft data-far:border-warning/40 data-far:text-warning"
    >
      {text}
    </p>
  )
}
