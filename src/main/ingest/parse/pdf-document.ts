import type { PDFDocumentProxy } from 'pdfjs-dist/types/src/display/api.js'
import { AppError } from '../../../shared/errors.ts'
import type { ParserResources } from './parser-resources.ts'
import { type OpenedByPassword, passwordNeeded } from './password-failures.ts'
import { pdfThread } from './pdf-thread.ts'
import { loadPdfjs } from './pdfjs-loader.ts'
import type { Pdfjs } from './pdfjs-loader.ts'

/** A PDF that pdf.js has open; `close` gives back all its memory. */
export interface OpenPdf extends OpenedByPassword {
  readonly document: PDFDocumentProxy
  readonly pdfjs: Pdfjs
  close(): Promise<void>
}

/**
 * Opens a PDF, with the first of the passwords that fits where it needs one. The bytes stay whole.
 * @throws AppError `encrypted-file` (no password, or none that fits) `unreadable-file` (damaged)
 */
export async function openPdf(
  bytes: Uint8Array,
  options: { readonly resources: ParserResources; readonly passwords: readonly string[] },
): Promise<OpenPdf> {
  const pdfjs = await loadPdfjs()
  const { pdfThreadFile, ...folders } = options.resources
  const task = pdfjs.getDocument({
    // pdf.js takes the buffer for its own; the caller's stays whole.
    data: bytes.slice(),
    ...(pdfThreadFile === undefined ? {} : { worker: pdfThread(pdfjs, pdfThreadFile) }),
    ...folders,
    cMapPacked: true,
    useSystemFonts: false,
    useWorkerFetch: false,
    useWasm: true,
    disableFontFace: true,
    isOffscreenCanvasSupported: false,
    isImageDecoderSupported: false,
    verbosity: 0,
  })
  let tried = 0
  task.onPassword = (update: (password: string | Error) => void) => {
    const next = options.passwords[tried]
    tried += 1
    update(next ?? new Error('no password is left to try'))
  }
  try {
    const document = await task.promise
    return { document, pdfjs, passwordUsed: tried === 0 ? null : tried - 1, close: () => task.destroy() }
  } catch (error) {
    await task.destroy()
    if (error instanceof pdfjs.PasswordException) throw passwordNeeded(options.passwords.length > 0, error)
    throw damagedPdf(error)
  }
}

export function damagedPdf(cause: unknown): AppError {
  return new AppError(
    'unreadable-file',
    'This PDF is damaged or cut off. Get a complete copy, or open it in a PDF reader, save it again, and add that.',
    { cause },
  )
}
