import { type CSSProperties, type ReactElement, useEffect, useRef, useState } from 'react'
import type { Box } from '../../../../shared/anchor.ts'
import { useTranslate } from '../../../i18n/translate.ts'
import { loadPdfjs, type PDFDocumentProxy, type RenderTask, type TextLayer } from './open-pdf.ts'
import type { MarkedFirst } from './marked-first.ts'
import { boxPlace, canvasRatio } from './page-layout.ts'
import type { FoundOnPicture } from './use-pdf-search.ts'
import type { PageSize } from './use-pdf.ts'

interface PdfPageProps {
  readonly pdf: PDFDocumentProxy
  readonly number: number
  /** As far as known; the page corrects it. */
  readonly size: PageSize
  readonly scale: number
  /** Of this page only. */
  readonly boxes: readonly Box[]
  readonly strongBoxes: readonly Box[]
  /** Words that are sought, on a page that is a picture. */
  readonly found: readonly FoundOnPicture[]
  readonly turns: MarkedFirst
  readonly onSize: (number: number, size: PageSize) => void
  /** The text layer is there (again), or gone: what was found in it has to be marked anew. */
  readonly onText: (number: number, layer: HTMLElement | null) => void
}

/** One page as it is printed: its picture, its text to select, and the marker over the passage. */
export function PdfPage({
  pdf,
  number,
  size,
  scale,
  boxes,
  strongBoxes,
  found,
  turns,
  onSize,
  onText,
}: PdfPageProps): ReactElement {
  const { t } = useTranslate()
  const canvasRef = useRef<HTMLCanvasElement | null>(null)
  const textRef = useRef<HTMLDivElement | null>(null)
  const [isDrawn, setDrawn] = useState(false)
  useEffect(() => {
    let isGone = false
    let rendering: RenderTask | null = null
    let textLayer: TextLayer | null = null
    const draw = async (): Promise<void> => {
      await turns.before(number)
      if (isGone) return
      const [pdfjs, page] = await Promise.all([loadPdfjs(), pdf.getPage(number)])
      const canvas = canvasRef.current
      const container = textRef.current
      if (isGone || canvas === null || container === null) return
      const viewport = page.getViewport({ scale })
      const own = { width: viewport.width / scale, height: viewport.height / scale }
      onSize(number, own)
      const ratio = canvasRatio(own, scale, window.devicePixelRatio)
      canvas.width = Math.floor(viewport.width * ratio)
      canvas.height = Math.floor(viewport.height * ratio)
      rendering = page.render({
        canvas,
        viewport,
        transform: [ratio, 0, 0, ratio, 0, 0],
        // Filled forms are drawn as they were filled, and stay dead.
        annotationMode: pdfjs.AnnotationMode.ENABLE,
      })
      // Beside the picture: the worker has the words at hand while it is drawn.
      container.replaceChildren()
      textLayer = new pdfjs.TextLayer({ textContentSource: page.streamTextContent(), container, viewport })
      await Promise.all([rendering.promise, textLayer.render()])
      if (isGone) return
      setDrawn(true)
      turns.drawn(number)
      onText(number, container)
    }
    draw().catch((error: unknown) => {
      // A cancelled drawing is no failure; a page that cannot be drawn stays white, its neighbours do not.
      if (!isGone) console.error(error)
    })
    return () => {
      isGone = true
      rendering?.cancel()
      textLayer?.cancel()
      setDrawn(false)
      onText(number, null)
    }
  }, [pdf, number, scale, turns, onSize, onText])
  const style = {
    width: size.width * scale,
    height: size.height * scale,
    '--total-scale-factor': scale,
    '--scale-round-x': '1px',
    '--scale-round-y': '1px',
  } as CSSProperties
  return (
    <section
      className="pdf-page"
      aria-label={t('evidence.page', { page: number })}
      data-page={number}
      data-drawn={isDrawn}
      style={style}
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
      {found.map(({ box, isCurrent }) => (
        <div
          key={`found ${box.x} ${box.y} ${box.width}`}
          className="pdf-found"
          data-current={isCurrent || undefined}
          data-testid="pdf-found"
          style={boxPlace(box, scale)}
        />
      ))}
      <div ref={textRef} className="pdf-text selectable" />
    </section>
  )
}
