import { AppError } from '../../shared/errors.ts'
import type { ParserResources } from '../ingest/parse/parser-resources.ts'
import { openPdf } from '../ingest/parse/pdf-document.ts'
import { imagePagePicture, pdfPagePicture, type PagePicture } from './page-picture.ts'
import { readDocumentBytes } from './read-document-bytes.ts'

/** A file whose pages are read one by one. */
interface OpenScan {
  readonly key: string
  page(number: number): Promise<PagePicture>
  close(): Promise<void>
}

export interface ScanFile {
  readonly path: string
  readonly documentId: string
  readonly passwords: readonly string[]
}

/** Keeps the file open that the last page came from: the next page is nearly always of the same one. */
export interface Scans {
  /** @throws AppError `unreadable-file` (gone, changed, damaged) `encrypted-file`; Error of the readers for a damaged page */
  page(file: ScanFile, number: number, options: { readonly signal: AbortSignal }): Promise<PagePicture>
}

export function createScans(resources: ParserResources): Scans {
  let open: OpenScan | null = null
  return {
    async page(file, number, { signal }) {
      const key = `${file.documentId} ${file.path}`
      if (open?.key !== key) {
        await open?.close()
        open = null
        open = await openScan(file, key, resources, signal)
      }
      return open.page(number)
    },
  }
}

async function openScan(
  file: ScanFile,
  key: string,
  resources: ParserResources,
  signal: AbortSignal,
): Promise<OpenScan> {
  const { bytes, hash } = await readDocumentBytes(file.path, { signal })
  if (hash !== file.documentId)
    throw new AppError('unreadable-file', 'The file changed while it was being read. Add it again.', {
      retryable: true,
      details: { reason: 'changed' },
    })
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1_032)).toString('latin1')
  if (!/%PDF-\d/.test(start))
    return { key, page: (number) => imagePagePicture(bytes, number), close: async () => undefined }
  const pdf = await openPdf(bytes, { resources, passwords: file.passwords })
  return { key, page: (number) => pdfPagePicture(pdf.document, number), close: () => pdf.close() }
}
