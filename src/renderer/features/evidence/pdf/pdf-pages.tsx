import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactElement, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { Box } from '../../../../shared/anchor.ts'
import type { DocumentId } from '../../../../shared/ids.ts'
import { useTranslate } from '../../../i18n/translate.ts'
import type { PDFDocumentProxy } from './open-pdf.ts'
import { firstMarkedPage, fitScale, pageGap, sidePadding, topOfMarks } from './page-layout.ts'
import { useMarkedFirst } from './marked-first.ts'
import { PdfPage } from './pdf-page.tsx'
import { PdfToolbar } from './pdf-toolbar.tsx'
import { usePdfSearch } from './use-pdf-search.ts'
import { usePaneWidth } from './use-pane-width.ts'
import type { PageSize } from './use-pdf.ts'

interface PdfPagesProps {
  readonly documentId: DocumentId
  readonly pdf: PDFDocumentProxy
  readonly firstPage: PageSize
  readonly name: string
  readonly boxes: readonly Box[]
  readonly strongBoxes: readonly Box[]
  /** Names what is marked: a change of it scrolls there. */
  readonly subject: string
  /** Opened without boxes at this page, from 1. */
  readonly page: number | null
}

/** What the last drawing showed; `target` until the reader scrolls. */
interface Shown {
  readonly subject: string
  readonly scale: number
  number: number
  target: { readonly number: number; readonly pointsFromTop: number } | null
}

const noBoxes: readonly Box[] = []

function byPage(boxes: readonly Box[]): ReadonlyMap<number, readonly Box[]> {
  return Map.groupBy(boxes, ({ page }) => page)
}

/** The pages of a PDF, one below the other; only those near the eye exist. */
export function PdfPages({
  documentId,
  pdf,
  firstPage,
  name,
  boxes,
  strongBoxes,
  subject,
  page,
}: PdfPagesProps): ReactElement {
  const { t } = useTranslate()
  const scrollRef = useRef<HTMLDivElement | null>(null)
  const paneWidth = usePaneWidth(scrollRef)
  const [zoom, setZoom] = useState(1)
  const sizes = useRef(new Map<number, PageSize>())
  const sizeOf = useCallback((number: number) => sizes.current.get(number) ?? firstPage, [firstPage])
  const scale = fitScale(paneWidth, firstPage, zoom)
  const virtualizer = useVirtualizer({
    count: pdf.numPages,
    getScrollElement: () => scrollRef.current,
    estimateSize: (index) => sizeOf(index + 1).height * scale,
    gap: pageGap,
    paddingStart: pageGap,
    paddingEnd: pageGap,
    overscan: 1,
  })
  const onSize = useCallback(
    (number: number, size: PageSize) => {
      const known = sizeOf(number)
      sizes.current.set(number, size)
      if (Math.abs(known.height - size.height) > 0.5) virtualizer.resizeItem(number - 1, size.height * scale)
    },
    [sizeOf, virtualizer, scale],
  )
  const boxesByPage = useMemo(() => byPage(boxes), [boxes])
  const strongByPage = useMemo(() => byPage(strongBoxes), [strongBoxes])

  const goTo = useCallback(
    (number: number, pointsFromTop = 0) => {
      const element = scrollRef.current
      if (element === null) return
      let offset = pageGap
      for (let before = 1; before < number; before += 1) offset += sizeOf(before).height * scale + pageGap
      const clearance = pointsFromTop > 0 ? element.clientHeight / 3 : pageGap
      element.scrollTop = offset + pointsFromTop * scale - clearance
    },
    [sizeOf, scale],
  )
  // A change of subject goes to its mark. A change of size keeps in sight what was: the mark, until the reader has moved on.
  const shown = useRef<Shown>({ subject: '', scale: 0, number: 1, target: null })
  useLayoutEffect(() => {
    if (paneWidth === 0) return undefined
    const before = shown.current
    if (before.subject === subject && before.scale === scale) return undefined
    virtualizer.measure()
    let { target } = before
    if (before.subject !== subject) {
      const aim = strongBoxes.length > 0 ? strongBoxes : boxes
      const number = firstMarkedPage(aim) ?? page ?? 1
      const top = topOfMarks(aim, number)
      target = { number, pointsFromTop: Number.isFinite(top) ? top : 0 }
    }
    // The list has its new height only when the sizes just taken are drawn.
    const frame = requestAnimationFrame(() => {
      if (target === null) goTo(before.number)
      else goTo(target.number, target.pointsFromTop)
      shown.current = { ...shown.current, subject, scale, target }
    })
    return () => cancelAnimationFrame(frame)
  }, [subject, scale, paneWidth, boxes, strongBoxes, page, goTo, virtualizer])
  useEffect(() => {
    const element = scrollRef.current
    const moveOn = (): void => {
      shown.current.target = null
    }
    const gestures = ['wheel', 'pointerdown', 'keydown'] as const
    for (const gesture of gestures) element?.addEventListener(gesture, moveOn, { passive: true })
    return () => {
      for (const gesture of gestures) element?.removeEventListener(gesture, moveOn)
    }
  }, [])

  const items = virtualizer.getVirtualItems()
  const middle = (virtualizer.scrollOffset ?? 0) + (scrollRef.current?.clientHeight ?? 0) / 2
  const current = (items.findLast((item) => item.start <= middle)?.index ?? 0) + 1
  useEffect(() => {
    shown.current.number = current
  }, [current])
  const visit = useCallback(
    (number: number, pointsFromTop = 0) => {
      shown.current.target = null
      goTo(number, pointsFromTop)
    },
    [goTo],
  )
  const search = usePdfSearch(pdf, documentId, visit)
  const turns = useMarkedFirst(subject, boxesByPage)
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PdfToolbar pdf={pdf} current={current} zoom={zoom} onZoom={setZoom} onGoTo={visit} search={search} />
      <div
        ref={scrollRef}
        data-pane-focus
        tabIndex={0}
        role="region"
        aria-label={t('evidence.text', { name })}
        data-testid="pdf-pages"
        className="min-h-0 flex-1 overflow-auto [scrollbar-gutter:stable] focus-visible:-outline-offset-2"
      >
        {paneWidth > 0 && (
          <div
            className="relative mx-auto"
            style={{ height: virtualizer.getTotalSize(), width: firstPage.width * scale + 2 * sidePadding }}
          >
            {items.map((item) => {
              const number = item.index + 1
              return (
                <div
                  key={item.key}
                  className="absolute inset-x-0 flex justify-center"
                  style={{ transform: `translateY(${item.start}px)` }}
                >
                  <PdfPage
                    pdf={pdf}
                    number={number}
                    size={sizeOf(number)}
                    scale={scale}
                    boxes={boxesByPage.get(number) ?? noBoxes}
                    strongBoxes={strongByPage.get(number) ?? noBoxes}
                    found={search.foundOnPicture(number)}
                    turns={turns}
                    onSize={onSize}
                    onText={search.onText}
                  />
                </div>
              )
            })}
          </div>
        )}
      </div>
    </div>
  )
}
