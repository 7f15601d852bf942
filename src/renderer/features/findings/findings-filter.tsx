import { Filter } from 'lucide-react'
import type { ReactElement } from 'react'
import { type FindingMatch, findingMatches, type FindingsSummary } from '../../../shared/findings.ts'
import { classNames } from '../../components/class-names.ts'
import { formatCount } from '../../i18n/format.ts'
import { useTranslate } from '../../i18n/translate.ts'
import type { FindingsView } from './findings-rows.ts'

/** Which of the rows are shown: by words in them, and by how they match where they do so in several ways. */
export function FindingsFilter({
  view,
  summary,
  shown,
  total,
  onView,
}: {
  readonly view: FindingsView
  readonly summary: FindingsSummary | null
  readonly shown: number
  readonly total: number
  readonly onView: (view: Partial<FindingsView>) => void
}): ReactElement {
  const { t, language } = useTranslate()
  const kinds = findingMatches.filter((match) => summary !== null && summary[match] > 0)
  const pill = (match: FindingMatch | null, text: string): ReactElement => (
    <button
      key={match ?? 'all'}
      type="button"
      aria-pressed={view.match === match}
      onClick={() => onView({ match })}
      className={classNames(
        'h-7 rounded-full border px-2.5 text-[12.5px] transition-colors duration-120 hover:bg-hover',
        view.match === match ? 'border-accent bg-wash text-ink' : 'border-edge text-soft',
      )}
    >
      {text}
    </button>
  )
  return (
    <>
      <div className="field flex h-8 max-w-44 flex-[1_1_112px] items-center gap-1.5 rounded-lg border border-edge bg-raised px-2.5">
        <Filter size={13} aria-hidden className="shrink-0 text-soft" />
        <input
          type="text"
          value={view.filter}
          maxLength={200}
          data-testid="findings-filter"
          aria-label={t('findings.filter')}
          placeholder={t('findings.filter')}
          onChange={(event) => onView({ filter: event.target.value })}
          className="selectable min-w-0 flex-1 bg-transparent text-[12.5px] outline-none"
        />
      </div>
      {kinds.length > 1 && (
        <div role="group" aria-label={t('findings.kinds')} className="flex flex-wrap gap-1.5">
          {pill(null, t('findings.all'))}
          {kinds.map((match) => pill(match, t(`findings.${match}`)))}
        </div>
      )}
      {shown < total && (
        <span className="tabular text-[12.5px] text-soft">
          {t('findings.shown', { shown: formatCount(shown, language), count: total })}
        </span>
      )}
    </>
  )
}
