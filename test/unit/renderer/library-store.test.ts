// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from 'vitest'
import { noRows } from '../../../src/renderer/features/library/library-rows.ts'
import { useLibrary } from '../../../src/renderer/features/library/library-store.ts'
import { fakeDocumentId, fakeSummary } from '../../support/fake-library.ts'
import { createFakePageApi, type FakeWorld } from '../../support/fake-page-api.ts'

const many = 50_000
let world: FakeWorld

beforeEach(() => {
  const made = createFakePageApi({
    documents: Array.from({ length: many }, (_, index) => fakeSummary(index, { name: `Report ${index}.pdf` })),
  })
  world = made.world
  Object.assign(window, { api: made.api })
  useLibrary.setState({ rows: noRows, state: 'loading', error: null })
})

const offsets = () =>
  world.requests
    .filter(({ channel }) => channel === 'library:list')
    .map(({ request }) => (request as { offset: number }).offset)
const library = () => useLibrary.getState()

describe('a list of 50,000 documents', () => {
  it('is read in pages, only those that are seen, each once', async () => {
    await library().load('')
    expect(library().rows.order).toHaveLength(many)
    expect(offsets()).toEqual([0])
    await Promise.all([library().loadRange(31_400, 31_450), library().loadRange(31_402, 31_452)])
    expect(offsets()).toEqual([0, 31_000])
    await library().loadRange(49_990, 49_999)
    expect(offsets()).toEqual([0, 31_000, 49_500])
    expect(library().rows.byId.size).toBe(1_500)
    expect(library().rows.order[31_415]).toBe(fakeDocumentId(31_415))
  })

  it('asks anew for what is seen alone when more changed than can be told', async () => {
    await library().load('')
    await library().loadRange(20_990, 21_010)
    const before = offsets().length
    world.documents = world.documents.slice(1)
    library().receive({ changed: [], removed: [], isTooMuch: true })
    library().receive({ changed: [], removed: [], isTooMuch: true })
    await expect.poll(() => library().rows.order.length).toBe(many - 1)
    // Once for the first, once for all that came while it was asked.
    expect(offsets().slice(before)).toEqual([20_500, 21_000, 20_500, 21_000])
    expect(library().rows.order[21_000]).toBe(fakeDocumentId(21_001))
    expect(library().rows.order[0]).toBeNull()
  })

  it('keeps its order, the very same, while rows only change', async () => {
    await library().load('')
    const { order } = library().rows
    const [first] = world.documents
    if (first === undefined) throw new Error('no documents')
    library().receive({ changed: [{ ...first, embeddedChunkCount: 3 }], removed: [], isTooMuch: false })
    expect(library().rows.order).toBe(order)
    expect(library().rows.byId.get(first.id)?.embeddedChunkCount).toBe(3)
  })

  it('shows what needs attention alone; what is mended leaves, and a collection shows all of its documents', async () => {
    const problem = { code: 'empty-file', message: '', retryable: false } as const
    world.documents = world.documents.map((document, index) =>
      index % 10_000 === 7 ? { ...document, state: 'needs-attention', problem } : document,
    )
    await library().load('')
    await library().showAttention(true)
    expect(library().rows.order).toHaveLength(5)
    const mended = world.documents.find(({ id }) => id === library().rows.order[0])
    if (mended === undefined) throw new Error('none needs attention')
    library().receive({ changed: [{ ...mended, state: 'queued', problem: null }], removed: [], isTooMuch: false })
    expect(library().rows.order).toHaveLength(4)
    library().receive({
      changed: [fakeSummary(60_000, { name: 'New.pdf', addedAt: 1_790_000_000_000 })],
      removed: [],
      isTooMuch: false,
    })
    expect(library().rows.order).toHaveLength(4)
    await library().showCollection(null)
    expect(library().rows.onlyAttention).toBe(false)
    expect(library().rows.order).toHaveLength(many)
  })
})
