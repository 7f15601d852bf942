import { type ReactElement, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Box } from '../../../../shared/anchor.ts'
import type { DocumentId } from '../../../../shared/ids.ts'
import { useTranslate } from '../../../i18n/translate.ts'
import type { MissingOriginal } from '../../../../shared/original-state.ts'
import { MissingOriginalText } from '../original-notice.tsx'
import { askForOriginal, useReturns } from '../original.ts'
import { boxPlace, fitScale, firstMarkedPage, pageGap, topOfMarks } from '../pdf/page-layout.ts'
import { usePaneWidth } from '../pdf/use-pane-width.ts'
import { type ImagePage, loadImagePages } from './load-image.ts'

type ImageState =
  | { readonly state: 'loading' }
  | { readonly state: 'open'; readonly pages: readonly ImagePage[] }
  | { readonly state: 'unavailable'; readonly reason: MissingOriginal | 'failed' }

/** Opens the picture behind a document; it is let go with the pane, or when another takes its place. */
function useImage(documentId: DocumentId): ImageState {
  const [opened, setOpened] = useState<{ readonly documentId: DocumentId; readonly state: ImageState } | null>(null)
  const returns = useReturns(opened?.state.state === 'unavailable')
  useEffect(() => {
    const closing = new AbortController()
    const { signal } = closing
    let pages: readonly ImagePage[] = []
    const open = async (): Promise<ImageState> => {
      const original = await askForOriginal(documentId)
      signal.throwIfAborted()
      if (original !== 'there') return { state: 'unavailable', reason: original }
      pages = await loadImagePages(documentId, signal)
      return { state: 'open', pages }
    }
    void open()
      .catch((error: unknown): ImageState => {
        if (!signal.aborted) console.error(error)
        return { state: 'unavailable', reason: 'failed' }
      })
      .then((state) => {
        if (signal.aborted) for (const { bitmap } of pages) bitmap.close()
        else setOpened({ documentId, state })
      })
    return () => {
      closing.abort()
      for (const { bitmap } of pages) bitmap.close()
    }
  }, [documentId, returns])
  return opened?.documentId === documentId ? opened.state : { state: 'loading' }
}

/**
 * A picture file as it is, the passage marked by the boxes recorded when it was read. Where the file is not the one that was read
 * any more, `children` draws the stored text in its place, with a word on why.
 */
export function ImageView({
  documentId,
  name,
  boxes,
  strongBoxes,
  subject,
  children,
}: {
  readonly documentId: DocumentId
  readonly name: string
  readonly boxes: readonly Box[]
  /** The sentences that carry the claim, within `boxes`. */
  readonly strongBoxes: readonly Box[]
  readonly subject: string
  readonly children: (notice: ReactNode) => ReactElement
}): ReactElement {
  const { t } = useTranslate()
  const opened = useImage(documentId)
  if (opened.state === 'unavailable') {
    if (opened.reason === 'failed') return children(t('pdf.failed'))
    return children(<MissingOriginalText documentId={documentId} state={opened.reason} />)
  }
  if (opened.state === 'loading') {
    return (
      <div className="min-h-0 flex-1 px-5 py-4" aria-busy="true" aria-label={t('app.loading')} role="img">
        <div className="late aspect-[1/1.414] w-full bg-page" />
      </div>
    )
  }
  return <ImagePages pages={opened.pages} name={name} boxes={boxes} strongBoxes={strongBoxes} subject={subject} />
}

function ImagePages({
  pages,
  name,
  boxes,
  strongBoxes,
  subject,
}: {
  readonly pages: readonly ImagePage[]
  readonly name: string
  readonly boxes: readonly Box[]
  /** The sentences that carry the claim, within `boxes`. */
  readonly strongBoxes: readonly Box[]
  readonly subject: string
}): ReactElement {
  const { t } = useTranslate()
  const scrollRef = useRef<HTMLDivElement | null>(null)
  const paneWidth = usePaneWidth(scrollRef)
  // A change of subject goes to its mark, a third from the top: what stands above it stays in sight.
  useLayoutEffect(() => {
    const element = scrollRef.current
    const aim = strongBoxes.length > 0 ? strongBoxes : boxes
    const number = firstMarkedPage(aim)
    const sheet = number === null ? null : element?.querySelector<HTMLElement>(`[data-page="${number}"]`)
    const page = pages[(number ?? 0) - 1]
    if (element === null || number === null || sheet == null || page === undefined) return
    const scale = fitScale(paneWidth, page, 1)
    element.scrollTop = sheet.offsetTop + topOfMarks(aim, number) * scale - element.clientHeight / 3
  }, [subject, paneWidth, boxes, strongBoxes, pages])
  return (
    <div
      ref={scrollRef}
      data-pane-focus
      tabIndex={0}
      role="region"
      aria-label={t('evidence.pages-of', { name })}
      data-testid="image-pages"
      className="relative min-h-0 flex-1 overflow-auto py-4 focus-visible:-outline-offset-2"
    >
      {paneWidth > 0 &&
        pages.map((page, index) => (
          <ImageSheet
            // A page is known by its place alone.
            key={index}
            page={page}
            number={index + 1}
            scale={fitScale(paneWidth, page, 1)}
            boxes={boxes.filter((box) => box.page === index + 1)}
            strongBoxes={strongBoxes.filter((box) => box.page === index + 1)}
          />
        ))}
    </div>
  )
}

function ImageSheet({
  page,
  number,
  scale,
  boxes,
  strongBoxes,
}: {
  readonly page: ImagePage
  readonly number: number
  readonly scale: number
  readonly boxes: readonly Box[]
  readonly strongBoxes: readonly Box[]
}): ReactElement {
  const { t } = useTranslate()
  const canvasRef = useRef<HTMLCanvasElement | null>(null)
  useEffect(() => {
    const canvas = canvasRef.current
    const drawing = canvas?.getContext('2d')
    if (canvas == null || drawing == null) return
    const ratio = Math.min(window.devicePixelRatio, page.bitmap.width / (page.width * scale))
    canvas.width = Math.max(1, Math.round(page.width * scale * Math.max(1, ratio)))
    canvas.height = Math.max(1, Math.round(page.height * scale * Math.max(1, ratio)))
    drawing.imageSmoothingQuality = 'high'
    drawing.drawImage(page.bitmap, 0, 0, canvas.width, canvas.height)
  }, [page, scale])
  return (
    <section
      className="pdf-page mx-auto"
      aria-label={t('evidence.page', { page: number })}
      data-page={number}
      style={{ width: page.width * scale, height: page.height * scale, marginBottom: pageGap }}
    >
      <canvas ref={canvasRef} aria-hidden />
      {boxes.map((box) => (
        <div
          key={`${box.x} ${box.y} ${box.width}`}
          className="pdf-mark"
          data-testid="pdf-mark"
          style={boxPlace(box, scale)}
        />
      ))}
      {strongBoxes.map((box) => (
        <div
          key={`strong ${box.x} ${box.y} ${box.width}`}
          className="pdf-mark"
          data-strong=""
          data-testid="pdf-mark-strong"
          style={boxPlace(box, scale)}
        />
      ))}
    </section>
  )
}
