// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from 'vitest'
import { markedText, markRange } from '../../../src/renderer/features/evidence/mark-range.ts'
import { useEvidence } from '../../../src/renderer/features/evidence/evidence-store.ts'
import { fakeDocuments, fakePassages } from '../../support/fake-library.ts'
import { createFakePageApi, type FakeWorld } from '../../support/fake-page-api.ts'

const items = fakePassages.map((passage, index) => ({ passage, number: index + 1, isCited: true, claims: [] }))
const evidence = () => useEvidence.getState()
let world: FakeWorld

beforeEach(() => {
  const fake = createFakePageApi({ texts: fakeDocuments })
  world = fake.world
  Object.assign(window, { api: fake.api })
  useEvidence.setState(useEvidence.getInitialState(), true)
})

describe('evidence', () => {
  it.each(items.map((item, index) => [item.passage.documentName, index] as const))(
    'marks exactly the passage in %s (source %i)',
    async (_, index) => {
      await evidence().openSource('turn', items, index)
      const { load } = evidence()
      if (load.state !== 'open' || load.body.type !== 'marked') throw new Error('not marked')
      const { range } = load.body
      const marked = load.slices.map((slice) => markedText(markRange(slice, range))).join('')
      expect(marked.replace(/\s/g, '')).toBe(items[index]?.passage.text.replace(/\s/g, ''))
    },
  )

  it('marks nothing where the stored text is another one now', async () => {
    const [first] = items
    if (first === undefined) throw new Error('no passage')
    await evidence().openSource(
      'turn',
      [{ ...first, passage: { ...first.passage, text: `${first.passage.text.slice(1)}x` } }],
      0,
    )
    expect(evidence().load).toMatchObject({ state: 'open', body: { type: 'unmarked', reason: 'changed' } })
  })

  it('keeps the passage when its document is gone', async () => {
    world.texts = []
    await evidence().openSource('turn', items, 0)
    expect(evidence().load).toMatchObject({ state: 'kept', error: { code: 'not-found' } })
  })

  it('drops an answer that arrives after something else was opened', async () => {
    const slow = evidence().openSource('turn', items, 0)
    const fast = evidence().openSource('turn', items, 2)
    await Promise.all([slow, fast])
    const { load } = evidence()
    expect(load.state === 'open' && load.document.id).toBe(items[2]?.passage.documentId)
  })

  it('steps through the sources of one answer and stays at the ends', async () => {
    await evidence().openSource('turn', items, 0)
    await evidence().step(-1)
    expect(evidence().subject).toMatchObject({ index: 0 })
    await evidence().step(1)
    expect(evidence().subject).toMatchObject({ index: 1 })
  })

  it('opens sources by number: the cited one, or the passage at that place before there are numbers', () => {
    expect(evidence().openNumbered(1)).toBe(false)
    evidence().setNearest('turn', items.toReversed())
    expect(evidence().openNumbered(1)).toBe(true)
    expect(evidence().subject).toMatchObject({ index: items.length - 1 })
    evidence().setNearest(
      'turn',
      items.map((item) => ({ ...item, number: null })),
    )
    expect(evidence().openNumbered(5)).toBe(true)
    expect(evidence().subject).toMatchObject({ index: 4 })
    expect(evidence().openNumbered(9)).toBe(false)
  })

  it('stays on the open passage when the final sources arrive in another order', async () => {
    await evidence().openSource('turn', items, 0)
    evidence().adopt('turn', items.toReversed())
    expect(evidence().subject).toMatchObject({ index: items.length - 1 })
    expect(evidence().load.state).toBe('open')
  })

  it('reads on in a document, slice by slice, each once', async () => {
    const [first] = items
    if (first === undefined) throw new Error('no passage')
    await evidence().openSource('turn', [first], 0)
    await evidence().extend('after')
    const { load } = evidence()
    const ordinals = load.state === 'open' ? load.slices.map(({ ordinal }) => ordinal) : []
    expect(ordinals).toEqual([...new Set(ordinals)].toSorted((left, right) => left - right))
  })
})
