import type { ReactElement } from 'react'
import { Button } from '../../components/button.tsx'
import { ErrorNote } from '../../components/error-note.tsx'
import type { ModelPull } from '../../../shared/model-server.ts'
import { formatBytes, formatShare } from '../../i18n/format.ts'
import { type PageLanguage, type Translate, useTranslate } from '../../i18n/translate.ts'
import { useModels } from '../settings/models-store.ts'

/** True while something is being downloaded. */
export function isPulling(pull: ModelPull | null): boolean {
  return pull !== null && (pull.phase === 'starting' || pull.phase === 'downloading' || pull.phase === 'verifying')
}

/** 0..1, or null while the size is not known. */
export function pullShare({ phase, receivedBytes, totalBytes }: ModelPull): number | null {
  if (phase === 'done') return 1
  return totalBytes === null || totalBytes === 0 ? null : receivedBytes / totalBytes
}

/** How far it is, in words: "1.2 GB of 5.2 GB · 24 MB/s · about 3 min left". */
function pullFacts(t: Translate, language: PageLanguage, pull: ModelPull): string {
  const { receivedBytes, totalBytes, bytesPerSecond } = pull
  if (totalBytes === null) return ''
  const bytes = (value: number): string => formatBytes(value, language)
  const secondsLeft =
    bytesPerSecond === null || bytesPerSecond === 0 ? null : (totalBytes - receivedBytes) / bytesPerSecond
  return [
    t('pull.bytes', { received: bytes(receivedBytes), total: bytes(totalBytes) }),
    ...(bytesPerSecond === null ? [] : [t('pull.rate', { rate: bytes(bytesPerSecond) })]),
    ...(secondsLeft === null ? [] : [t('pull.left', { minutes: Math.max(1, Math.ceil(secondsLeft / 60)) })]),
  ].join(' · ')
}

/** The download that runs, or how the last one ended. Nothing when there was none. */
export function PullProgress(): ReactElement | null {
  const { t, language } = useTranslate()
  const { pull, cancelPull, startPull } = useModels()
  if (pull === null) return null
  const share = pullShare(pull)
  const isRunning = isPulling(pull)
  const canRepeat = pull.phase === 'failed' || pull.phase === 'cancelled'
  return (
    <div data-testid="pull" data-phase={pull.phase} className="flex flex-col gap-2">
      <div className="flex items-center gap-3">
        <p className="min-w-0 flex-1 truncate font-medium">{t(`pull.${pull.phase}`, { name: pull.name })}</p>
        {canRepeat && <Button onClick={() => void startPull(pull.name)}>{t('pull.again')}</Button>}
        <Button onClick={() => void cancelPull()}>{isRunning ? t('app.cancel') : t('app.close')}</Button>
      </div>
      {pull.error !== null && <ErrorNote error={pull.error} />}
      {isRunning && (
        <>
          <div
            role="progressbar"
            aria-label={t('pull.label', { name: pull.name })}
            aria-valuemin={0}
            aria-valuemax={100}
            {...(share === null ? {} : { 'aria-valuenow': Math.floor(share * 100) })}
            className="h-1.5 overflow-hidden rounded-full bg-track"
          >
            <div
              className={share === null ? 'breathe h-full w-full bg-accent' : 'h-full rounded-full bg-accent'}
              style={share === null ? {} : { width: `${share * 100}%` }}
            />
          </div>
          <p className="tabular flex justify-between gap-3 text-[12px] text-soft">
            <span>{pullFacts(t, language, pull)}</span>
            <span>{share === null ? '' : formatShare(share, language)}</span>
          </p>
        </>
      )}
    </div>
  )
}
