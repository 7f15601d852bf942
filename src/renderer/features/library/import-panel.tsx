import { Pause, Play, RotateCcw } from 'lucide-react'
import type { ReactElement } from 'react'
import { hasImportWork } from '../../../shared/import-progress.ts'
import { IconButton } from '../../components/button.tsx'
import { useTranslate } from '../../i18n/translate.ts'
import { useAppStatus } from '../settings/app-status-store.ts'
import { retryFailed, setImportPaused } from './import-actions.ts'
import { importShare, timeLeftText, workText } from './import-text.ts'

/** What import is doing, with what can be done about it; nothing at all when it has nothing to do and nothing failed. */
export function ImportPanel(): ReactElement | null {
  const { t } = useTranslate()
  const status = useAppStatus((state) => state.status)
  if (status === null) return null
  const { importProgress: progress, totals } = status
  const attention = totals.byState['needs-attention'] ?? 0
  const isWorking = hasImportWork(progress)
  const isShown = isWorking || progress.isPaused
  if (!isShown && attention === 0) return null
  const share = importShare(progress)
  const left = timeLeftText(t, progress.timeLeft)
  return (
    <section
      aria-label={t('import.label')}
      data-testid="import-panel"
      data-paused={progress.isPaused}
      className="mx-3.5 mb-2 rounded-lg border border-line bg-raised px-3 py-2 text-[12px] leading-[18px]"
    >
      {isShown && (
        <div className="flex items-start gap-2">
          <div className="min-w-0 flex-1 pt-0.5">
            <p className="flex items-baseline justify-between gap-2">
              <span className="font-semibold">{t(progress.isPaused ? 'import.paused' : 'import.running')}</span>
              {left !== null && <span className="tabular text-soft">{left}</span>}
            </p>
            <p className="tabular text-soft">{isWorking ? workText(t, progress) : t('import.paused-idle')}</p>
          </div>
          <IconButton
            label={t(progress.isPaused ? 'import.resume' : 'import.pause')}
            onClick={() => void setImportPaused(!progress.isPaused)}
            className="-mr-1.5"
          >
            {progress.isPaused ? <Play size={15} aria-hidden /> : <Pause size={15} aria-hidden />}
          </IconButton>
        </div>
      )}
      {isShown && share !== null && (
        <div
          role="progressbar"
          aria-label={t('import.label')}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.floor(share * 100)}
          className="mt-1.5 mb-1 h-[3px] overflow-hidden rounded-full bg-track"
        >
          <div
            className={`h-full rounded-full transition-[width] duration-150 ${progress.isPaused ? 'bg-faint' : 'bg-accent'}`}
            style={{ width: `${share * 100}%` }}
          />
        </div>
      )}
      {attention > 0 && (
        <div className="flex items-center justify-between gap-2">
          <span className="tabular text-warning">{t('import.attention', { count: attention })}</span>
          <button
            type="button"
            onClick={() => void retryFailed(t)}
            className="-mr-1 inline-flex h-6 items-center gap-1 rounded-md px-1 font-medium text-accent hover:underline"
          >
            <RotateCcw size={11} aria-hidden />
            {t('import.retry-failed')}
          </button>
        </div>
      )}
    </section>
  )
}
