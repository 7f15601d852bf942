import type { ReactElement } from 'react'
import { Tip } from '../../components/tip.tsx'
import { useTranslate } from '../../i18n/translate.ts'
import { useModels } from '../settings/models-store.ts'
import { Elapsed } from './elapsed.tsx'

/** A quiet note: the server may go on for a while with a question that was stopped. Gone when it is done. */
export function WorkNote(): ReactElement | null {
  const { t } = useTranslate()
  const work = useModels((state) => state.work)
  if (work === null) return null
  return (
    <Tip label={t(`work.${work.basis}.basis`)}>
      <p
        role="status"
        data-testid="work-note"
        data-basis={work.basis}
        className="fade flex min-w-0 items-center gap-1.5 text-[12px] text-soft"
      >
        <span aria-hidden className="breathe size-[7px] shrink-0 rounded-full bg-warning" />
        <span className="truncate">{t(`work.${work.basis}.note`)}</span>
        <Elapsed since={work.since} />
      </p>
    </Tip>
  )
}
