import type { DocumentSummary } from '../../../shared/document.ts'
import type { CollectionId, DocumentId } from '../../../shared/ids.ts'

/** How many rows one request brings; the contract allows no more. */
export const rowsPerPage = 500

/**
 * The library's list as far as it is known: `order` holds one entry a row, null where its page was not loaded yet.
 * Rows come newest first.
 */
export interface LibraryRows {
  readonly filter: string
  /** Of this collection alone; null: everything. */
  readonly collectionId: CollectionId | null
  /** Only those that need attention or are held. */
  readonly onlyAttention: boolean
  readonly order: readonly (DocumentId | null)[]
  readonly byId: ReadonlyMap<DocumentId, DocumentSummary>
}

/** Nothing loaded, nothing known. */
export const noRows: LibraryRows = { filter: '', collectionId: null, onlyAttention: false, order: [], byId: new Map() }

/** Puts a loaded page at its place; `total` is the length of the whole list at that moment. */
export function withPage(
  rows: LibraryRows,
  page: { readonly offset: number; readonly total: number; readonly documents: readonly DocumentSummary[] },
): LibraryRows {
  const arrived = new Map(page.documents.map((document, index) => [document.id, page.offset + index]))
  const order: (DocumentId | null)[] = Array.from({ length: page.total }, (_, index) => {
    const known = rows.order[index] ?? null
    // A row that the page shows elsewhere must not stand twice.
    return known !== null && arrived.has(known) ? null : known
  })
  for (const [id, index] of arrived) if (index < order.length) order[index] = id
  return {
    ...rows,
    order,
    byId: new Map([...rows.byId, ...page.documents.map((document) => [document.id, document] as const)]),
  }
}

/** Merges what main told: known rows change in place, new ones enter by their time, removed ones leave. */
export function withChanges(
  rows: LibraryRows,
  changes: { readonly changed: readonly DocumentSummary[]; readonly removed: readonly DocumentId[] },
): LibraryRows {
  const byId = new Map(rows.byId)
  const removed = new Set<DocumentId | null>(changes.removed)
  for (const id of changes.removed) byId.delete(id)
  const news = changes.changed.filter((document) => !removed.has(document.id))
  for (const document of news) byId.set(document.id, document)
  // Most changes move no row, and the list may be long.
  if (removed.size === 0 && news.every((document) => staysInPlace(rows, document))) return { ...rows, byId }
  for (const document of news) if (!belongs(document, rows)) removed.add(document.id)
  const order = rows.order.filter((id) => !removed.has(id))
  const listed = new Set(order)
  const added = news
    .filter((document) => !listed.has(document.id) && matches(document, rows))
    .toSorted((left, right) => right.addedAt - left.addedAt)
  return { ...rows, byId, order: mergeByTime(order, added, byId) }
}

/** Offsets of the pages that `[first, last]` touches. */
export function pagesOf(first: number, last: number): readonly number[] {
  const from = Math.floor(Math.max(0, first) / rowsPerPage)
  const until = Math.floor(Math.max(0, first, last) / rowsPerPage)
  return Array.from({ length: until - from + 1 }, (_, index) => (from + index) * rowsPerPage)
}

/** Offsets of the pages that `[first, last]` touches and that hold a row not loaded yet. */
export function missingPages(rows: LibraryRows, first: number, last: number): readonly number[] {
  const offsets = new Set<number>()
  for (let index = Math.max(0, first); index <= Math.min(last, rows.order.length - 1); index += 1) {
    if (rows.order[index] === null) offsets.add(Math.floor(index / rowsPerPage) * rowsPerPage)
  }
  return [...offsets]
}

/** True for a document that needs attention, or that is found by its words and held. */
export function needsAttention({ state, problem }: Pick<DocumentSummary, 'state' | 'problem'>): boolean {
  return state === 'needs-attention' || (state === 'searchable' && problem !== null)
}

/** Whether the list is of such documents; a row that is none leaves it, whatever its name. */
function belongs(document: DocumentSummary, { collectionId, onlyAttention }: LibraryRows): boolean {
  if (collectionId !== null && !document.collectionIds.includes(collectionId)) return false
  return !onlyAttention || needsAttention(document)
}

/** A row that was loaded before, and belongs or does not belong as it did. */
function staysInPlace(rows: LibraryRows, document: DocumentSummary): boolean {
  const before = rows.byId.get(document.id)
  return (
    before !== undefined &&
    before.name === document.name &&
    before.addedAt === document.addedAt &&
    belongs(before, rows) === belongs(document, rows)
  )
}

function matches(document: DocumentSummary, rows: LibraryRows): boolean {
  if (!belongs(document, rows)) return false
  const { filter } = rows
  return filter === '' || document.name.toLocaleLowerCase().includes(filter.toLocaleLowerCase())
}

/** One pass over both lists, both newest first; rows that are not loaded count as older than anything new. */
function mergeByTime(
  order: readonly (DocumentId | null)[],
  added: readonly DocumentSummary[],
  byId: ReadonlyMap<DocumentId, DocumentSummary>,
): readonly (DocumentId | null)[] {
  if (added.length === 0) return order
  const merged: (DocumentId | null)[] = []
  let next = 0
  for (const id of order) {
    const time = id === null ? -Infinity : (byId.get(id)?.addedAt ?? -Infinity)
    for (let document = added[next]; document !== undefined && document.addedAt >= time; document = added[next]) {
      merged.push(document.id)
      next += 1
    }
    merged.push(id)
  }
  return [...merged, ...added.slice(next).map((document) => document.id)]
}
