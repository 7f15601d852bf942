import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import {
  type LibraryRows,
  missingPages,
  noRows,
  rowsPerPage,
  withChanges,
  withPage,
} from '../../../src/renderer/features/library/library-rows.ts'
import type { DocumentSummary } from '../../../src/shared/document.ts'
import { fakeDocumentId, fakeSummary } from '../../support/fake-library.ts'

const all = (count: number): DocumentSummary[] =>
  Array.from({ length: count }, (_, index) => fakeSummary(index, { name: `d${index}.pdf` }))
const page = (documents: readonly DocumentSummary[], offset: number) => ({
  offset,
  total: documents.length,
  documents: documents.slice(offset, offset + rowsPerPage),
})
const names = (rows: LibraryRows) => rows.order.map((id) => (id === null ? null : (rows.byId.get(id)?.name ?? '?')))

describe('library rows', () => {
  it('knows which pages of a long list are still to be fetched', () => {
    const documents = all(1700)
    const rows = withPage(noRows, page(documents, 0))
    expect(rows.order).toHaveLength(1700)
    expect(missingPages(rows, 0, 499)).toEqual([])
    expect(missingPages(rows, 480, 1010)).toEqual([500, 1000])
    expect(missingPages(withPage(rows, page(documents, 1500)), 1490, 1699)).toEqual([1000])
  })

  it('lets a new document in at the top, changes a known one in place and drops a removed one', () => {
    const documents = all(3)
    const rows = withPage(noRows, page(documents, 0))
    const news = fakeSummary(9, { name: 'new.pdf', addedAt: 1_770_000_000_000 })
    const next = withChanges(rows, {
      changed: [news, { ...fakeSummary(1, { name: 'd1.pdf' }), state: 'reading' }],
      removed: [fakeDocumentId(2)],
    })
    expect(names(next)).toEqual(['new.pdf', 'd0.pdf', 'd1.pdf'])
    expect(next.byId.get(fakeDocumentId(1))?.state).toBe('reading')
  })

  it('leaves out what the filter does not match', () => {
    const rows = withChanges(
      { ...noRows, filter: 'LEASE' },
      { changed: [fakeSummary(0, { name: 'lease.pdf' }), fakeSummary(1, { name: 'rent.pdf' })], removed: [] },
    )
    expect(names(rows)).toEqual(['lease.pdf'])
  })

  test.prop([
    fc.array(fc.record({ index: fc.nat({ max: 20 }), addedAt: fc.nat({ max: 8 }), isRemoved: fc.boolean() }), {
      maxLength: 60,
    }),
  ])('whatever main tells, each document stands once, newest first', (changes) => {
    let rows = noRows
    const alive = new Map<string, number>()
    for (const { index, addedAt, isRemoved } of changes) {
      const id = fakeDocumentId(index)
      // A document's time never changes while it is in the library.
      const time = alive.get(id) ?? addedAt
      if (isRemoved) alive.delete(id)
      else alive.set(id, time)
      rows = withChanges(
        rows,
        isRemoved
          ? { changed: [], removed: [id] }
          : { changed: [fakeSummary(index, { name: `d${index}`, addedAt: time })], removed: [] },
      )
    }
    expect([...rows.order].toSorted()).toEqual([...alive.keys()].toSorted())
    const times = rows.order.map((id) => (id === null ? 0 : (rows.byId.get(id)?.addedAt ?? -1)))
    expect(times).toEqual(times.toSorted((left, right) => right - left))
  })
})
