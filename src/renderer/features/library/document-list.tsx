import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactElement, useCallback, useEffect, useRef, useState } from 'react'
import type { DocumentSummary } from '../../../shared/document.ts'
import { request } from '../../api.ts'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { showFailure, showNotice } from '../../components/notices.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { useEvidence } from '../evidence/evidence-store.ts'
import { DocumentRow } from './document-row.tsx'
import { stopImporting } from './import-actions.ts'
import { useLibrary } from './library-store.ts'

const quietRowHeight = 32

/** The documents, drawn only where they are seen; what was not loaded yet is fetched as it comes into sight. */
export function DocumentList(): ReactElement {
  const { t } = useTranslate()
  const { rows, loadRange, remove, retry, scan } = useLibrary()
  const subject = useEvidence((state) => state.subject)
  const openDocument = useEvidence((state) => state.openDocument)
  const [leaving, setLeaving] = useState<DocumentSummary | null>(null)
  const scrollRef = useRef<HTMLDivElement | null>(null)
  const { order } = rows
  // A new function would have every row of the list placed anew each time something is drawn.
  const getItemKey = useCallback((index: number) => order[index] ?? `row ${index}`, [order])
  const virtual = useVirtualizer({
    count: order.length,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => quietRowHeight,
    getItemKey,
    overscan: 12,
  })
  const items = virtual.getVirtualItems()
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    void loadRange(first, last)
  }, [first, last, order, loadRange])

  const openId = subject?.type === 'document' ? subject.documentId : subject?.items[subject.index]?.passage.documentId
  const reveal = async (row: DocumentSummary): Promise<void> => {
    const result = await request('document:reveal', { documentId: row.id })
    if (!result.ok) showFailure(result.error)
  }
  const readAgain = async (row: DocumentSummary): Promise<void> => {
    const result = await retry(row.id)
    if (!result.ok) showFailure(result.error)
  }
  const scanPages = async (row: DocumentSummary, what: 'start' | 'stop'): Promise<void> => {
    const result = await scan(row.id, what)
    if (!result.ok) showFailure(result.error)
  }
  const confirmRemoval = async (row: DocumentSummary): Promise<void> => {
    const result = await remove(row.id)
    if (result.ok) showNotice(t('library.removed', { name: row.name }))
    else showFailure(result.error)
  }
  return (
    <>
      <div ref={scrollRef} className="min-h-0 flex-1 overflow-y-auto pr-0.5 pb-2 pl-3 [scrollbar-gutter:stable]">
        <div
          role="list"
          aria-label={t('library.documents')}
          className="relative"
          style={{ height: virtual.getTotalSize() }}
        >
          {items.map((item) => {
            const id = order[item.index] ?? null
            const row = id === null ? undefined : rows.byId.get(id)
            return (
              <div
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                role="listitem"
                aria-setsize={order.length}
                aria-posinset={item.index + 1}
                className="absolute top-0 left-0 w-full"
                style={{ transform: `translateY(${item.start}px)` }}
              >
                {row === undefined ? (
                  <div className="late flex h-8 items-center px-2.5" aria-label={t('app.loading')} role="img">
                    <span className="h-2.5 w-2/3 rounded bg-track" />
                  </div>
                ) : (
                  <DocumentRow
                    document={row}
                    isOpen={row.id === openId}
                    onOpen={() => void openDocument(row.id, row.name)}
                    onReveal={() => void reveal(row)}
                    onRetry={() => void readAgain(row)}
                    onScan={(what) => void scanPages(row, what)}
                    onStop={() => void stopImporting(row.id)}
                    onRemove={() => setLeaving(row)}
                  />
                )}
              </div>
            )
          })}
        </div>
      </div>
      <ConfirmDialog
        isOpen={leaving !== null}
        title={t('library.remove-title', { name: leaving?.name ?? '' })}
        detail={t('library.remove-detail')}
        confirm={t('library.remove-confirm')}
        onConfirm={() => leaving !== null && void confirmRemoval(leaving)}
        onClose={() => setLeaving(null)}
      />
    </>
  )
}
