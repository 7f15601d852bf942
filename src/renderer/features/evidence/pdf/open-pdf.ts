import type { PDFDocumentProxy, RenderTask, TextLayer } from 'pdfjs-dist'
import type { DocumentId } from '../../../../shared/ids.ts'
import { request } from '../../../api.ts'

export type { PDFDocumentProxy, RenderTask, TextLayer }
export type Pdfjs = typeof import('pdfjs-dist')

/** pdf.js' own data, copied beside the page when it is built. Without the CMaps Chinese text would vanish silently. */
const dataFolder = new URL('pdfjs/', document.baseURI).href
/** Ranges this long are read as pages ask for them, so that a thousand pages open as quickly as one. */
const rangeBytes = 256 * 1024

let loaded: Promise<Pdfjs> | null = null

/** pdf.js, loaded when the first PDF is opened: the window does not wait for it. */
export function loadPdfjs(): Promise<Pdfjs> {
  loaded ??= Promise.all([import('pdfjs-dist'), import('pdfjs-dist/build/pdf.worker.min.mjs?url')]).then(
    ([pdfjs, { default: workerAddress }]) => {
      pdfjs.GlobalWorkerOptions.workerSrc = workerAddress
      return pdfjs
    },
  )
  return loaded
}

/**
 * Opens the file behind a document. Scripts and forms in it stay dead; only its pages are drawn. Abort ends the loading.
 * @throws what pdf.js throws for a file it cannot open; the caller shows the stored text instead
 */
export async function openPdf(documentId: DocumentId, signal: AbortSignal): Promise<PDFDocumentProxy> {
  const [{ getDocument }, known] = await Promise.all([loadPdfjs(), request('document:password', { documentId })])
  signal.throwIfAborted()
  const task = getDocument({
    url: originalAddress(documentId),
    ...(known.ok && known.value.password !== null ? { password: known.value.password } : {}),
    rangeChunkSize: rangeBytes,
    disableAutoFetch: true,
    disableStream: true,
    cMapUrl: `${dataFolder}cmaps/`,
    cMapPacked: true,
    standardFontDataUrl: `${dataFolder}standard_fonts/`,
    wasmUrl: `${dataFolder}wasm/`,
    iccUrl: `${dataFolder}iccs/`,
    // A standard face that the file does not carry comes from Carrel's own, not from a system that may have no such face.
    useSystemFonts: false,
    enableXfa: false,
    stopAtErrors: false,
  })
  const cancel = (): void => void task.destroy()
  signal.addEventListener('abort', cancel, { once: true })
  return task.promise
}

/** All bytes of the file behind a document. @throws Error where main does not give them */
export async function fetchOriginal(documentId: DocumentId, signal: AbortSignal): Promise<ArrayBuffer> {
  const response = await fetch(originalAddress(documentId), { signal })
  if (!response.ok) throw new Error(`the file was answered with ${response.status}`)
  return response.arrayBuffer()
}

/** True for what pdf.js throws where no password is known, or not the right one. */
export function isLockedPdf(error: unknown): boolean {
  return error instanceof Error && error.name === 'PasswordException'
}

function originalAddress(documentId: DocumentId): string {
  return new URL(`/document/${documentId}`, document.baseURI).href
}
