import { useEffect, useState } from 'react'
import type { DocumentId } from '../../../../shared/ids.ts'
import type { MissingOriginal } from '../../../../shared/original-state.ts'
import { askForOriginal, useReturns } from '../original.ts'
import { isLockedPdf, loadPdfjs, openPdf, type PDFDocumentProxy } from './open-pdf.ts'

/** `unavailable`: the pages cannot be shown, and why; the stored text still can. */
export type PdfState =
  | { readonly state: 'loading' }
  | { readonly state: 'open'; readonly pdf: PDFDocumentProxy; readonly firstPage: PageSize }
  | { readonly state: 'unavailable'; readonly reason: MissingOriginal | 'encrypted' | 'failed' }

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
 * Opens the PDF behind a document and closes it with the pane, or when another document takes its place. An encrypted one is tried
 * again once `isUnlocked` says that its password is known now, a missing one when the reader comes back to the window.
 */
export function usePdf(documentId: DocumentId, isUnlocked: boolean): PdfState {
  const [opened, setOpened] = useState<OpenedPdf | null>(null)
  const returns = useReturns(opened?.state.state === 'unavailable')
  useEffect(() => {
    const closing = new AbortController()
    const { signal } = closing
    let pdf: PDFDocumentProxy | null = null
    const open = async (): Promise<PdfState> => {
      // Loaded while main looks at the file; what goes wrong with it is said by `openPdf`.
      const [original] = await Promise.all([askForOriginal(documentId), Promise.allSettled([loadPdfjs()])])
      signal.throwIfAborted()
      if (original !== 'there') return { state: 'unavailable', reason: original }
      pdf = await openPdf(documentId, signal)
      const { width, height } = (await pdf.getPage(1)).getViewport({ scale: 1 })
      return { state: 'open', pdf, firstPage: { width, height } }
    }
    void open()
      .catch((error: unknown): PdfState => {
        if (isLockedPdf(error)) return { state: 'unavailable', reason: 'encrypted' }
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
  }, [documentId, isUnlocked, returns])
  return opened?.documentId === documentId ? opened.state : { state: 'loading' }
}
