import { TriangleAlert } from 'lucide-react'
import { type ReactElement, useState } from 'react'
import {
  type EmbedderRecord,
  type EmbeddersStatus,
  estimateReindex,
  type GroupStatus,
  type LanguageGroup,
} from '../../../shared/embedder.ts'
import { Button } from '../../components/button.tsx'
import { Choice } from '../../components/choice.tsx'
import { formatBytes, formatShare } from '../../i18n/format.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { Row } from '../settings/setting-row.tsx'
import { useEmbedders } from './embedders-store.ts'
import { aboutDuration } from './about-duration.ts'
import { ReindexProgressBar } from './reindex-progress.tsx'

/** What answers for one language group, and putting another in its place: what it takes is said before it begins. */
export function LanguageEmbedder({
  group,
  status,
}: {
  readonly group: LanguageGroup
  readonly status: EmbeddersStatus
}): ReactElement | null {
  const { t } = useTranslate()
  const begin = useEmbedders((state) => state.begin)
  const [wanted, setWanted] = useState<string | null>(null)
  const own = status.groups.find((one) => one.group === group)
  if (own === undefined) return null
  const { embedderId, passages, next, misfit } = own
  const record = status.embedders.find(({ id }) => id === wanted)
  const label = t(`language-group.${group}`)
  const choose = (id: string): void => {
    // Without a passage there is nothing to wait for.
    if (passages === 0 && id !== embedderId) void begin(group, id)
    else setWanted(id)
  }
  return (
    <div data-testid={`embedder-${group}`} className="flex flex-col gap-2">
      <Row label={label} detail={t('embedders.passages', { count: passages })}>
        <div className="flex items-center gap-2">
          <Choice
            label={label}
            value={next === null && wanted !== null ? wanted : embedderId}
            isDisabled={next !== null}
            onChange={choose}
            options={status.embedders.map(({ id, identity }) => ({ value: id, text: identity.name }))}
          />
          {next === null && wanted === null && passages > 0 && (
            <Button onClick={() => setWanted(embedderId)}>{t('embedders.reindex')}</Button>
          )}
        </div>
      </Row>
      {next !== null && <ReindexProgressBar group={group} next={next} status={status} />}
      {next === null && record !== undefined && (
        <ConfirmReindex
          own={own}
          record={record}
          processes={status.processes}
          onCancel={() => setWanted(null)}
          onBegin={() => {
            setWanted(null)
            void begin(group, record.id)
          }}
        />
      )}
      {misfit !== null && next === null && <Misfit own={own} misfit={misfit} status={status} />}
    </div>
  )
}

function ConfirmReindex({
  own,
  record,
  processes,
  onCancel,
  onBegin,
}: {
  readonly own: GroupStatus
  readonly record: EmbedderRecord
  readonly processes: number
  readonly onCancel: () => void
  readonly onBegin: () => void
}): ReactElement {
  const { t, language } = useTranslate()
  const { sizeBytes, seconds } = estimateReindex(own, record, processes)
  return (
    <div className="appear rounded-lg border border-line bg-raised px-3.5 py-3" data-testid="confirm-reindex">
      <p className="leading-5.5">
        {t('embedders.estimate', {
          name: record.identity.name,
          count: own.passages,
          size: formatBytes(sizeBytes, language),
          time: aboutDuration(t, seconds),
        })}
      </p>
      <p className="mt-0.5 text-[12px] leading-[17px] text-soft">{t('embedders.old-answers')}</p>
      <div className="mt-2.5 flex justify-end gap-2">
        <Button onClick={onCancel}>{t('app.cancel')}</Button>
        <Button look="primary" onClick={onBegin}>
          {t('embedders.begin')}
        </Button>
      </div>
    </div>
  )
}

/** That its passages are in languages it was not made for, and what to do. */
function Misfit({
  own,
  misfit,
  status,
}: {
  readonly own: GroupStatus
  readonly misfit: NonNullable<GroupStatus['misfit']>
  readonly status: EmbeddersStatus
}): ReactElement {
  const { t, language } = useTranslate()
  const names = new Intl.DisplayNames([language], { type: 'language' })
  const languages = new Intl.ListFormat(language, { type: 'conjunction' }).format(
    misfit.languages.slice(0, 3).map((code) => names.of(code) ?? code),
  )
  return (
    <p
      data-testid="misfit"
      className="flex items-start gap-2 rounded-lg bg-warning-wash px-3 py-2 text-[12px] leading-[18px] text-warning"
    >
      <TriangleAlert size={14} aria-hidden className="mt-0.5 shrink-0" />
      <span>
        {t('embedders.misfit', {
          share: formatShare(misfit.share, language),
          languages,
          name: status.embedders.find(({ id }) => id === own.embedderId)?.identity.name ?? own.embedderId,
        })}
      </span>
    </p>
  )
}
