import { expect, it } from 'vitest'
import type { DocumentStore, LibraryChangeListener } from '../../../src/main/ports/document-store.ts'
import { pushLibraryChanges } from '../../../src/main/library-pushes.ts'
import type { DocumentId } from '../../../src/shared/ids.ts'
import type { Push } from '../../../src/shared/push.ts'
import { fakeDocumentId, fakeSummary } from '../../support/fake-library.ts'
import { createManualClock } from '../../support/manual-clock.ts'

function setUp() {
  const clock = createManualClock()
  const pushes: Extract<Push, { type: 'library' }>[] = []
  let listener: LibraryChangeListener = () => undefined
  let described = 0
  const documents: Pick<DocumentStore, 'onChange' | 'summaries' | 'totals'> = {
    onChange: (given) => {
      listener = given
      return () => undefined
    },
    summaries: (ids) => {
      described += ids.length
      return ids.map((_, index) => fakeSummary(index, { name: `${index}.pdf` }))
    },
    totals: () => ({ byState: {} as never, documents: 3, chunks: 0, embeddedChunks: 0 }),
  }
  pushLibraryChanges({
    documents: documents as DocumentStore,
    clock,
    push: (push) => push.type === 'library' && pushes.push(push),
  })
  return {
    clock,
    pushes,
    change: (changed: readonly DocumentId[], removed: readonly DocumentId[] = []) => listener({ changed, removed }),
    described: () => described,
  }
}

it('joins what changes within a moment, and what is removed at last is only removed', () => {
  const { clock, pushes, change } = setUp()
  change([fakeDocumentId(1)])
  change([fakeDocumentId(2)], [fakeDocumentId(1)])
  change([fakeDocumentId(2)])
  clock.advance(200)
  expect(pushes).toHaveLength(1)
  expect(pushes[0]).toMatchObject({ removed: [fakeDocumentId(1)], isTooMuch: false })
  expect(pushes[0]?.changed).toHaveLength(1)
})

it('describes no row where a page would be told of more than it can show, and goes on as before after that', () => {
  const { clock, pushes, change, described } = setUp()
  for (let index = 0; index < 50_000; index += 1) change([fakeDocumentId(index)])
  clock.advance(10_000)
  expect(pushes).toHaveLength(1)
  expect(pushes[0]).toMatchObject({ changed: [], removed: [], isTooMuch: true, totals: { documents: 3 } })
  expect(described()).toBe(0)
  change([fakeDocumentId(1)])
  clock.advance(200)
  expect(pushes[1]).toMatchObject({ isTooMuch: false })
  expect(pushes[1]?.changed).toHaveLength(1)
})
