import { useEffect, useState } from 'react'
import type { DocumentId } from '../../../../shared/ids.ts'
import { askForOriginal, isLockedPdf, openPdf, type PDFDocumentProxy } from './open-pdf.ts'

/** `unavailable`: the pages cannot be shown, and why; the stored text still can. */
export type PdfState =
  | { readonly state: 'loading' }
  | { readonly state: 'open'; readonly pdf: PDFDocumentProxy; readonly firstPage: PageSize }
  | { readonly state: 'unavailable'; readonly reason: 'gone' | 'changed' | 'locked' | 'failed' }

/** In PDF points, after the page's own rotation. */
export interface PageSize {
  readonly width: number
  readonly height: number
}

interface OpenedPdf {
  readonly documentId: DocumentId
  readonly state: PdfState
}

/**
 * Opens the PDF behind a document and closes it with the pane, or when another document takes its place. A locked one is tried
 * again once `isUnlocked` says that its password is known now.
 */
export function usePdf(documentId: DocumentId, isUnlocked: boolean): PdfState {
  const [opened, setOpened] = useState<OpenedPdf | null>(null)
  useEffect(() => {
    const closing = new AbortController()
    const { signal } = closing
    let pdf: PDFDocumentProxy | null = null
    const open = async (): Promise<PdfState> => {
      const availability = await askForOriginal(documentId, signal)
      if (availability !== 'there') return { state: 'unavailable', reason: availability }
      pdf = await openPdf(documentId, signal)
      const { width, height } = (await pdf.getPage(1)).getViewport({ scale: 1 })
      return { state: 'open', pdf, firstPage: { width, height } }
    }
    void open()
      .catch((error: unknown): PdfState => {
        if (isLockedPdf(error)) return { state: 'unavailable', reason: 'locked' }
        if (!signal.aborted) console.error(error)
        return { state: 'unavailable', reason: 'failed' }
      })
      .then((state) => {
        if (!signal.aborted) setOpened({ documentId, state })
      })
    return () => {
      closing.abort()
      void pdf?.loadingTask.destroy()
    }
  }, [documentId, isUnlocked])
  return opened?.documentId === documentId ? opened.state : { state: 'loading' }
}
