import { AppError } from '../../../shared/errors.ts'
import type { DocumentSummary } from '../../../shared/document.ts'
import type { DocumentId } from '../../../shared/ids.ts'
import type { DocumentStore } from '../../ports/document-store.ts'

/** A stretch of a document's text, with its pages marked. */
export interface ReadRange {
  readonly document: DocumentSummary
  /** Exactly `[start, end)` of the text. */
  readonly text: string
  /** The same with `[page N]` before each page that begins in it. */
  readonly markedText: string
  readonly start: number
  readonly end: number
  readonly page: number | null
  readonly lastPage: number | null
  /** Where to read on; null at the end. */
  readonly nextStart: number | null
}

/** @throws AppError `not-found` when the document is not in the library, or nothing stands there. */
export function readRange(
  documents: Pick<DocumentStore, 'summaries' | 'readSlices'>,
  documentId: DocumentId,
  { start, end }: { readonly start: number; readonly end: number },
): ReadRange {
  const [document] = documents.summaries([documentId])
  if (document === undefined)
    throw new AppError('not-found', 'This document is not in the library. Call list_documents for those that are.')
  const { slices, sliceCount } = documents.readSlices(documentId, { start, end, neighbours: 0 })
  const parts = slices.map((slice) => ({
    slice,
    text: slice.text.slice(Math.max(0, start - slice.start), Math.max(0, end - slice.start)),
  }))
  const [first, last] = [slices[0], slices.at(-1)]
  if (first === undefined || last === undefined)
    throw new AppError('not-found', 'This document has no text there. Begin at 0.')
  const reached = Math.min(end, last.end)
  const isLast = last.ordinal === sliceCount - 1 && reached >= last.end
  return {
    document,
    text: parts.map(({ text }) => text).join(''),
    markedText: parts
      .map(({ slice, text }) => (slice.page === null ? text : `[page ${slice.page.number}]\n${text}\n`))
      .join(''),
    start: Math.max(start, first.start),
    end: reached,
    page: first.page?.number ?? null,
    lastPage: last.page?.number ?? null,
    nextStart: isLast ? null : reached,
  }
}
