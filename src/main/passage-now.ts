import type { TextSlice } from '../shared/anchor.ts'
import type { DocumentSummary } from '../shared/document.ts'
import { createPassageFinder, type LikeStretch } from '../shared/find-passage.ts'
import type { DocumentId } from '../shared/ids.ts'
import type { PassageNow, StandingText } from '../shared/passage-now.ts'
import type { DocumentStore } from './ports/document-store.ts'

/** Under this share of its word pairs nothing in a document is taken for the passage. */
const leastLikeness = 0.35

/** A passage as an answer keeps it. */
export interface KeptPassage {
  readonly documentId: DocumentId
  /** Where its document was read from: the library is asked for what it has from there now. No file is opened. */
  readonly path: string
  readonly start: number
  readonly text: string
}

/**
 * What stands in the library now where a kept passage stood. The texts are read slice by slice, with the event loop free in
 * between. @throws AppError `storage-corrupt`; the signal's reason on abort
 */
export async function readPassageNow(
  kept: KeptPassage,
  documents: Pick<DocumentStore, 'summaries' | 'resolve' | 'readSlices'>,
  { signal }: { readonly signal: AbortSignal },
): Promise<PassageNow> {
  const document = documentNow(kept, documents)
  if (document === null) return { document: null, isSameFile: false, standing: null }
  const isSameFile = document.id === kept.documentId
  const stretch = await findStretch(kept, document.id, documents, signal)
  if (stretch === null) return { document, isSameFile, standing: null }
  const wanted = stretch.isExact ? stretch : widened(stretch, kept.text.length)
  const { slices } = documents.readSlices(document.id, { ...wanted, neighbours: 0 })
  return { document, isSameFile, standing: standingText(slices, wanted, stretch.isExact) }
}

/** The document itself, else the one that its file has become. */
function documentNow(
  { documentId, path }: KeptPassage,
  documents: Pick<DocumentStore, 'summaries' | 'resolve'>,
): DocumentSummary | null {
  const [same] = documents.summaries([documentId])
  if (same !== undefined) return same
  const there = documents.summaries(documents.resolve(path))
  return there.find(({ chunkCount }) => chunkCount > 0) ?? there[0] ?? null
}

interface Stretch {
  readonly start: number
  readonly end: number
  readonly isExact: boolean
}

/** The passage's very words, nearest to where they stood; else what is most like it. */
async function findStretch(
  { text, start }: KeptPassage,
  id: DocumentId,
  documents: Pick<DocumentStore, 'readSlices'>,
  signal: AbortSignal,
): Promise<Stretch | null> {
  const finder = createPassageFinder(text)
  let exact: number | null = null
  let tail = ''
  for await (const slice of slicesOf(id, documents, signal)) {
    const from = slice.start - tail.length
    const joined = tail + slice.text
    for (let at = joined.indexOf(text); at !== -1; at = joined.indexOf(text, at + 1)) {
      if (exact === null || Math.abs(from + at - start) < Math.abs(exact - start)) exact = from + at
    }
    tail = text.length > 1 ? joined.slice(1 - text.length) : ''
    if (exact === null) finder.read(slice.text, slice.start)
  }
  if (exact !== null) return { start: exact, end: exact + text.length, isExact: true }
  const like: LikeStretch | null = finder.best()
  return like === null || like.likeness < leastLikeness ? null : { start: like.start, end: like.end, isExact: false }
}

async function* slicesOf(
  id: DocumentId,
  documents: Pick<DocumentStore, 'readSlices'>,
  signal: AbortSignal,
): AsyncGenerator<TextSlice> {
  let at = 0
  for (;;) {
    signal.throwIfAborted()
    const { slices } = documents.readSlices(id, { start: at, end: at, neighbours: 0 })
    const [slice] = slices
    // Behind the end the last slice is given again.
    if (slice === undefined || slice.end <= at) return
    yield slice
    at = slice.end
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** What was added inside the passage makes it longer than it was. */
function widened({ start, end }: Stretch, length: number): Stretch {
  const margin = Math.ceil(length / 2)
  return { start: Math.max(0, start - margin), end: end + margin, isExact: false }
}

function standingText(slices: readonly TextSlice[], { start, end }: Stretch, isExact: boolean): StandingText {
  const touched = slices.filter((slice) => slice.end > start && slice.start < end)
  const first = Math.max(start, touched[0]?.start ?? start)
  const text = touched
    .map((slice) => slice.text.slice(Math.max(0, start - slice.start), Math.max(0, end - slice.start)))
    .join('')
  return {
    start: first,
    text,
    isExact,
    pages: touched.flatMap((slice) =>
      slice.page === null ? [] : [{ start: Math.max(slice.start, first), number: slice.page.number }],
    ),
  }
}
