import type { ReactElement } from 'react'
import type { EmbeddersStatus, LanguageGroup, ReindexProgress } from '../../../shared/embedder.ts'
import { Button } from '../../components/button.tsx'
import { ErrorNote } from '../../components/error-note.tsx'
import { formatCount, formatShare } from '../../i18n/format.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { aboutDuration } from './about-duration.ts'
import { useEmbedders } from './embedders-store.ts'

/** How far the new index is, why it waits, and giving it up. */
export function ReindexProgressBar({
  group,
  next,
  status,
}: {
  readonly group: LanguageGroup
  readonly next: ReindexProgress
  readonly status: EmbeddersStatus
}): ReactElement {
  const { t, language } = useTranslate()
  const cancel = useEmbedders((state) => state.cancel)
  const { donePassages, totalPassages, secondsLeft, problem } = next
  const share = totalPassages === 0 ? 0 : donePassages / totalPassages
  const nameOf = (id: string): string => status.embedders.find((record) => record.id === id)?.identity.name ?? id
  const facts = [
    t('embedders.progress', {
      done: formatCount(donePassages, language),
      total: formatCount(totalPassages, language),
    }),
    ...(secondsLeft === null ? [] : [t('embedders.left', { time: aboutDuration(t, secondsLeft) })]),
  ]
  return (
    <div data-testid="reindex" className="flex flex-col gap-1.5">
      <div className="flex items-center gap-3">
        <p className="min-w-0 flex-1 text-[12px] leading-[17px] text-soft">
          {t('embedders.building', { name: nameOf(next.embedderId) })}
        </p>
        <Button onClick={() => void cancel(group)}>{t('app.cancel')}</Button>
      </div>
      <div
        role="progressbar"
        aria-label={t('embedders.building-label', { name: nameOf(next.embedderId) })}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.floor(share * 100)}
        className="h-1.5 overflow-hidden rounded-full bg-track"
      >
        <div className="h-full rounded-full bg-accent" style={{ width: `${share * 100}%` }} />
      </div>
      <p className="tabular flex justify-between gap-3 text-[12px] text-soft">
        <span>{facts.join(' · ')}</span>
        <span>{formatShare(share, language)}</span>
      </p>
      {problem !== null && <ErrorNote title={t('embedders.waits')} error={problem} />}
    </div>
  )
}
