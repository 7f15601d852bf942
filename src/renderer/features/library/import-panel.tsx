import { ChevronRight, CircleStop, FileText, Pause, Play, TriangleAlert } from 'lucide-react'
import type { ReactElement } from 'react'
import { hasImportWork, type ImportProgress } from '../../../shared/import-progress.ts'
import { IconButton } from '../../components/button.tsx'
import { classNames } from '../../components/class-names.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { useAppStatus } from '../settings/app-status-store.ts'
import { retryFailed, setImportPaused, stopImporting } from './import-actions.ts'
import { importShare, readingText, timeLeftText, workTexts } from './import-text.ts'
import { useLibrary } from './library-store.ts'

/** What import is doing, with what can be done about it; nothing at all when it has nothing to do and nothing failed. */
export function ImportPanel(): ReactElement | null {
  const { t } = useTranslate()
  const status = useAppStatus((state) => state.status)
  if (status === null) return null
  const { importProgress: progress, totals } = status
  const attention = (totals.byState['needs-attention'] ?? 0) + progress.documentsHeld
  const isShown = hasImportWork(progress) || progress.isPaused || progress.documentsToCut > 0
  if (!isShown && attention === 0) return null
  return (
    <section
      aria-label={t('import.label')}
      data-testid="import-panel"
      data-paused={progress.isPaused}
      className="mx-3.5 mb-2 shrink-0 overflow-hidden rounded-lg border border-line bg-raised text-[12px] leading-[18px]"
    >
      {isShown && <Work progress={progress} />}
      {attention > 0 && <Attention count={attention} isBelow={isShown} />}
    </section>
  )
}

function Work({ progress }: { readonly progress: ImportProgress }): ReactElement {
  const { t } = useTranslate()
  const { isPaused, reading, documentsToCut } = progress
  const isWorking = hasImportWork(progress)
  const left = timeLeftText(t, progress.timeLeft)
  const far = reading === null ? null : readingText(t, reading)
  return (
    <div className="px-3 pt-1.5 pb-2">
      <div className="flex items-center gap-2">
        <p className="flex min-w-0 flex-1 items-baseline justify-between gap-2">
          <span className="truncate text-[13px] leading-5 font-semibold">
            {t(isPaused ? 'import.paused' : isWorking ? 'import.running' : 'import.cutting')}
          </span>
          {left !== null && <span className="tabular shrink-0 text-soft">{left}</span>}
        </p>
        <IconButton
          label={t(isPaused ? 'import.resume' : 'import.pause')}
          onClick={() => void setImportPaused(!isPaused)}
          className="-mr-1.5"
        >
          {isPaused ? <Play size={15} aria-hidden /> : <Pause size={15} aria-hidden />}
        </IconButton>
      </div>
      <Bar progress={progress} />
      {(isWorking || isPaused) && (
        <p className="tabular flex flex-wrap gap-x-1 text-soft">
          {isWorking
            ? workTexts(t, progress).map((text, index, { length }) => (
                <span key={text} className="whitespace-nowrap">
                  {text}
                  {index < length - 1 && t('import.comma')}
                </span>
              ))
            : t('import.paused-idle')}
        </p>
      )}
      {documentsToCut > 0 && <p className="tabular text-soft">{t('import.to-cut', { count: documentsToCut })}</p>}
      {reading !== null && (
        <div className="mt-1.5 flex items-center gap-2 border-t border-line pt-1.5" data-testid="import-reading">
          <FileText size={14} aria-hidden className="mt-px shrink-0 self-start text-soft" />
          <div className="min-w-0 flex-1">
            <p className="file-name truncate" title={reading.name}>
              {reading.name}
            </p>
            <p className="tabular text-soft">{far ?? t('row.reading')}</p>
          </div>
          <IconButton
            label={t('import.stop-reading', { name: reading.name })}
            onClick={() => void stopImporting(reading.documentId)}
            className="-mr-1.5"
          >
            <CircleStop size={15} aria-hidden />
          </IconButton>
        </div>
      )}
    </div>
  )
}

/** Nothing while nobody can say how much there is. */
function Bar({ progress }: { readonly progress: ImportProgress }): ReactElement | null {
  const { t } = useTranslate()
  const share = importShare(progress)
  if (!hasImportWork(progress) || share === null) return null
  return (
    <div
      role="progressbar"
      aria-label={t('import.label')}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(share * 100)}
      className="mt-0.5 mb-1.5 h-[3px] overflow-hidden rounded-full bg-track"
    >
      <div
        className={classNames(
          'h-full rounded-full transition-[width] duration-150',
          progress.isPaused ? 'bg-faint' : 'bg-accent',
        )}
        style={{ width: `${Math.max(share * 100, 1)}%` }}
      />
    </div>
  )
}

/** How many; a press lists them alone, another one everything. */
function Attention({ count, isBelow }: { readonly count: number; readonly isBelow: boolean }): ReactElement {
  const { t } = useTranslate()
  const isListed = useLibrary(({ rows }) => rows.onlyAttention)
  const showAttention = useLibrary((state) => state.showAttention)
  return (
    <div
      className={classNames(
        'flex flex-wrap items-center justify-between gap-x-2 px-3 py-1 whitespace-nowrap',
        isBelow && 'border-t border-line',
      )}
      data-testid="import-attention"
    >
      <button
        type="button"
        aria-pressed={isListed}
        onClick={() => void showAttention(!isListed)}
        className="tabular -ml-1 inline-flex h-6 items-center gap-1.5 rounded-md px-1 text-warning hover:underline"
      >
        <TriangleAlert size={12} aria-hidden />
        {t('import.attention', { count })}
        <ChevronRight size={12} aria-hidden className={classNames(isListed && 'rotate-90')} />
      </button>
      <button
        type="button"
        onClick={() => void retryFailed(t)}
        className="-mr-1 inline-flex h-6 items-center gap-1 rounded-md px-1 font-medium text-accent hover:underline"
      >
        {t('import.retry-failed')}
      </button>
    </div>
  )
}
