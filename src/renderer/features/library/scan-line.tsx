import { ScanText, Square } from 'lucide-react'
import type { ReactElement } from 'react'
import type { DocumentScan, DocumentSummary } from '../../../shared/document.ts'
import { isLocked } from './unlock-store.ts'
import { type Translate, useTranslate } from '../../i18n/translate.ts'

/** Pages of a scan that were worked on. */
function donePages(scan: DocumentScan): number {
  return scan.pages - scan.waiting
}

/** How far text recognition is, or what it left; null where there is nothing to say. */
export function scanText(t: Translate, document: Pick<DocumentSummary, 'scan' | 'pageCount'>): string | null {
  const { scan, pageCount } = document
  if (scan === null) return null
  const { waiting, pages, unclear, failed, stopped } = scan
  if (waiting > 0) {
    if (pageCount === 1) return t('scan.one-page')
    const done = donePages(scan)
    return pages === pageCount
      ? t('scan.all', { done, pages })
      : t('scan.some', { done, without: pages, pages: pageCount ?? pages })
  }
  const parts = [
    ...(unclear > 0 ? [t('scan.unclear', { count: unclear })] : []),
    ...(failed > 0 ? [t('scan.failed', { count: failed })] : []),
    ...(stopped > 0 ? [t('scan.stopped', { count: stopped })] : []),
  ]
  return parts.length === 0 ? null : parts.join(' ')
}

interface ScanLineProps {
  readonly document: DocumentSummary
  readonly onScan: (what: 'start' | 'stop') => void
}

/** Below a document's name: its pages without text, how many of them are read by now, and the switch for it. */
export function ScanLine({ document, onScan }: ScanLineProps): ReactElement | null {
  const { t } = useTranslate()
  const { scan } = document
  const text = scanText(t, document)
  if (scan === null || text === null || document.state === 'needs-attention') return null
  const isRunning = scan.waiting > 0
  const canStart = !isRunning && scan.stopped + scan.failed > 0 && !isLocked({ problem: scan.problem })
  return (
    <div className="-mt-0.5 mb-1.5 pr-2.5 pl-[34px]" data-testid="scan-line">
      <p className={isRunning ? 'text-[12px] leading-4 text-soft' : 'text-[12px] leading-4 text-warning'}>{text}</p>
      {isRunning && (
        <div
          role="progressbar"
          aria-label={t('scan.progress', { name: document.name })}
          aria-valuemin={0}
          aria-valuemax={scan.pages}
          aria-valuenow={donePages(scan)}
          className="mt-1 h-[3px] overflow-hidden rounded-full bg-track"
        >
          <div
            className="h-full rounded-full bg-accent transition-[width] duration-150"
            style={{ width: `${(donePages(scan) / scan.pages) * 100}%` }}
          />
        </div>
      )}
      {(isRunning || canStart) && (
        <button
          type="button"
          onClick={() => onScan(isRunning ? 'stop' : 'start')}
          className="-ml-1 inline-flex h-6 items-center gap-1 rounded-md px-1 text-[12px] font-medium text-accent hover:underline"
        >
          {isRunning ? <Square size={10} aria-hidden /> : <ScanText size={12} aria-hidden />}
          {isRunning ? t('scan.stop') : t('scan.start')}
        </button>
      )}
    </div>
  )
}
