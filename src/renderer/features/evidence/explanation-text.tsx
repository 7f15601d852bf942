import type { ReactElement } from 'react'
import type { PassageExplanation } from '../../../shared/passage-explanation.ts'
import { formatCount } from '../../i18n/format.ts'
import { useTranslate } from '../../i18n/translate.ts'

/** The stage that lost a passage, in a sentence with the next step, and where each method had it. */
export function ExplanationText({ explanation }: { readonly explanation: PassageExplanation }): ReactElement {
  const { t, language } = useTranslate()
  const { lostAt, rank, considered, lookedAt, threshold, candidate, source } = explanation
  const placeOf = (place: number | null | undefined): string =>
    place == null ? t('trace.no-place') : t('trace.place', { place })
  return (
    <div className="mt-2.5">
      <p data-lost-at={lostAt} className={lostAt === 'given' ? 'text-accent' : 'text-ink'}>
        {t(`why.${lostAt}`, {
          rank: rank === null ? '' : formatCount(rank, language),
          considered,
          lookedAt: formatCount(lookedAt, language),
          threshold: threshold.toFixed(2),
          closeness: (candidate?.closeness ?? 0).toFixed(2),
          number: source?.number ?? '',
          name: source?.documentName ?? '',
        })}
      </p>
      {candidate !== null && (
        <p className="tabular mt-1 text-[12px] leading-[17px] text-soft">
          {t('trace.places', {
            meaning: placeOf(candidate.vectorRank),
            words: placeOf(candidate.keywordRank),
            score: candidate.score.toFixed(2),
          })}
        </p>
      )}
    </div>
  )
}
