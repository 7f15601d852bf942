import { Route } from 'lucide-react'
import { Popover } from 'radix-ui'
import type { ReactElement } from 'react'
import type { SearchCandidate, SearchTrace as Trace } from '../../../shared/search-trace.ts'
import { keepFocus } from '../../components/keep-focus.ts'
import { useTranslate } from '../../i18n/translate.ts'

/** How the passages of an answer were found, and why others were not: behind a quiet button below the answer. */
export function SearchTrace({
  trace,
  leftOutPassageIds,
}: {
  readonly trace: Trace
  readonly leftOutPassageIds: readonly string[]
}): ReactElement {
  const { t } = useTranslate()
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <button
          type="button"
          data-testid="search-trace"
          className="inline-flex h-6 shrink-0 items-center gap-1 rounded-md px-1.5 text-[12px] text-soft hover:bg-hover hover:text-ink"
        >
          <Route size={13} aria-hidden />
          {t('trace.open')}
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          side="top"
          align="start"
          sideOffset={6}
          collisionPadding={8}
          onCloseAutoFocus={keepFocus}
          aria-label={t('trace.open')}
          data-testid="search-trace-details"
          className="fade z-50 max-h-[70vh] w-105 overflow-y-auto rounded-lg border border-line bg-raised p-4 text-[13px] leading-5 text-ink shadow-float"
        >
          <h3 className="font-semibold">{t('trace.heading', { count: trace.documentCount })}</h3>
          <p className="tabular mt-0.5 text-[12px] leading-[18px] text-soft">
            {t('trace.closest', { closeness: trace.closeness.toFixed(2), threshold: trace.threshold.toFixed(2) })}
          </p>
          <ol className="tabular mt-2.5 flex flex-col gap-2 border-t border-line pt-2.5">
            {trace.candidates.map((candidate, index) => (
              <Candidate
                key={candidate.passageId}
                candidate={candidate}
                rank={index + 1}
                isLeftOut={leftOutPassageIds.includes(candidate.passageId)}
              />
            ))}
          </ol>
          <p className="mt-2.5 border-t border-line pt-2.5 text-[12px] leading-[18px] text-soft">
            {t('trace.further')}
          </p>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

function Candidate({
  candidate,
  rank,
  isLeftOut,
}: {
  readonly candidate: SearchCandidate
  readonly rank: number
  readonly isLeftOut: boolean
}): ReactElement {
  const { t } = useTranslate()
  const { documentName, page, vectorRank, keywordRank, score, fate } = candidate
  const placeOf = (place: number | null): string => (place === null ? t('trace.no-place') : t('trace.place', { place }))
  return (
    <li className="flex gap-2.5">
      <span aria-hidden className="w-5 shrink-0 text-right text-soft">
        {rank}
      </span>
      <span className="min-w-0 flex-1">
        <span className="block wrap-anywhere">
          {documentName}
          {page !== null && <span className="text-soft"> · {t('trace.page', { page })}</span>}
        </span>
        <span className="block text-[12px] leading-[17px] text-soft">
          {t('trace.places', { meaning: placeOf(vectorRank), words: placeOf(keywordRank), score: score.toFixed(2) })}
        </span>
        <span
          data-given={(fate === 'given' && !isLeftOut) || undefined}
          className="block text-[12px] leading-[17px] text-warning data-given:text-accent"
        >
          {t(isLeftOut ? 'trace.left-out' : `trace.${fate}`)}
        </span>
      </span>
    </li>
  )
}
