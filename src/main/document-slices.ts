import { AppError } from '../shared/errors.ts'
import type { DocumentId } from '../shared/ids.ts'
import type { TextSlice } from '../shared/anchor.ts'
import type { DocumentStore } from './ports/document-store.ts'

/** Read at once; a few milliseconds of main's time. */
const windowUnits = 100_000

/**
 * All slices of a document in order, read a few at a time; after each, main does what else there is to do.
 * @throws AppError `not-found`, also when the document is removed meanwhile; the signal's reason on abort
 */
export async function* documentSlices(
  documents: Pick<DocumentStore, 'readSlices'>,
  documentId: DocumentId,
  { signal }: { readonly signal: AbortSignal },
): AsyncGenerator<TextSlice> {
  let at = 0
  let next = 0
  for (;;) {
    signal.throwIfAborted()
    const { slices, sliceCount } = documents.readSlices(documentId, { start: at, end: at + windowUnits, neighbours: 0 })
    const fresh = slices.filter(({ ordinal }) => ordinal >= next)
    for (const slice of fresh) {
      yield slice
      await new Promise((resolve) => setImmediate(resolve))
      signal.throwIfAborted()
    }
    const last = slices.at(-1)
    if (last === undefined || last.ordinal >= sliceCount - 1) return
    // Slices follow each other: one that cannot be reached means that the records are broken.
    if (last.ordinal < next)
      throw new AppError(
        'storage-corrupt',
        'The stored text of this document has a gap. Remove the document and add it again.',
      )
    next = last.ordinal + 1
    at = last.end
  }
}
