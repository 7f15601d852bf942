import type { DocumentId } from '../../shared/ids.ts'
import type { DocumentStore } from '../ports/document-store.ts'

/** Half-open, UTF-16 units of the document's text. */
interface TextRange {
  readonly start: number
  readonly end: number
}

/** Letters and digits of a text with their places in it: what is left of it whatever the layout, hyphens and line breaks. */
interface PlainText {
  readonly letters: string
  readonly places: readonly number[]
}

function plainText(text: string, offset: number): PlainText {
  let letters = ''
  const places: number[] = []
  let at = offset
  for (const character of text) {
    if (/[\p{L}\p{N}]/u.test(character)) {
      const folded = character.normalize('NFKC').toLowerCase()
      letters += folded
      for (let unit = 0; unit < folded.length; unit += 1) places.push(at)
    }
    at += character.length
  }
  return { letters, places }
}

/**
 * Where words stand in a document's stored text, layout, case and hyphens aside: on the page that is named, else at the first place
 * where they stand. Slice by slice, so that a long document holds nobody up. Null: they are not in what was read. Abort rejects with the signal's reason.
 *
 * @throws AppError `not-found`
 */
export async function locateText(
  documents: Pick<DocumentStore, 'readSlices'>,
  documentId: DocumentId,
  { text, page }: { readonly text: string; readonly page: number | null },
  { signal }: { readonly signal: AbortSignal },
): Promise<TextRange | null> {
  const wanted = plainText(text, 0).letters
  if (wanted === '') return null
  let before: PlainText = { letters: '', places: [] }
  for (let at = 0; ;) {
    signal.throwIfAborted()
    const { slices, sliceCount } = documents.readSlices(documentId, { start: at, end: at, neighbours: 0 })
    const [slice] = slices
    if (slice === undefined) return null
    if (page === null || slice.page === null || Math.abs(slice.page.number - page) <= 1) {
      const own = plainText(slice.text, slice.start)
      // What begins on one page may end on the next.
      const both = { letters: before.letters + own.letters, places: [...before.places, ...own.places] }
      const found = both.letters.indexOf(wanted)
      const start = both.places[found]
      const last = both.places[found + wanted.length - 1]
      if (found !== -1 && start !== undefined && last !== undefined) return { start, end: last + 1 }
      before = own
    }
    if (slice.ordinal >= sliceCount - 1 || slice.end <= at) return null
    at = slice.end
    await new Promise((resolve) => setImmediate(resolve))
  }
}
