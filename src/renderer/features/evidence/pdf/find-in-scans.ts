import type { Box } from '../../../../shared/anchor.ts'
import type { DocumentId } from '../../../../shared/ids.ts'
import { request } from '../../../api.ts'

/** Each place costs a question to main; nobody steps through more of them. */
const mostPlaces = 300

/** Places on one page, in order, each by the boxes of its words. */
export type PlacesByPage = ReadonlyMap<number, readonly (readonly Box[])[]>

/**
 * Where words stand on pages that have no text of their own: in what was recognised there when the document was read.
 * A document that is gone meanwhile has no places; that it is gone is said elsewhere.
 * @param pages numbers from 1; places on other pages are left out
 * @throws the signal's reason on abort
 */
export async function findInScans(
  documentId: DocumentId,
  query: string,
  { pages, signal }: { readonly pages: ReadonlySet<number>; readonly signal: AbortSignal },
): Promise<PlacesByPage> {
  const places = new Map<number, (readonly Box[])[]>()
  const answer = await request('document:find', { documentId, query })
  let found = 0
  for (const range of answer.ok ? answer.value.matches : []) {
    signal.throwIfAborted()
    if (found === mostPlaces) break
    const located = await request('document:boxes', { documentId, ...range })
    const boxes = located.ok ? located.value.boxes : []
    const page = boxes[0]?.page
    if (page === undefined || !pages.has(page)) continue
    places.set(page, [...(places.get(page) ?? []), boxes.filter((box) => box.page === page)])
    found += 1
  }
  signal.throwIfAborted()
  return places
}
