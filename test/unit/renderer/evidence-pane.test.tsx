// @vitest-environment jsdom
import { act } from 'react'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { EvidencePane } from '../../../src/renderer/features/evidence/evidence-pane.tsx'
import { useEvidence } from '../../../src/renderer/features/evidence/evidence-store.ts'
import type { PassageNow } from '../../../src/shared/passage-now.ts'
import { originalStates } from '../../../src/shared/original-state.ts'
import { draw, type Drawn } from '../../support/draw.tsx'
import { fakeDocuments, fakePassages, fakeSummary } from '../../support/fake-library.ts'
import { createFakePageApi, type FakeWorld } from '../../support/fake-page-api.ts'
import { providePageGlobals } from '../../support/page-globals.ts'

beforeAll(() => {
  providePageGlobals()
  // jsdom lays nothing out: without sizes no part of a document would be near the eye.
  for (const [name, size] of [
    ['clientHeight', 800],
    ['clientWidth', 480],
    ['offsetWidth', 480],
    ['offsetHeight', 800],
  ] as const)
    Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => size })
  Element.prototype.scrollTo = () => undefined
})
const items = fakePassages.map((passage, index) => ({ passage, number: index + 1, isCited: true, claims: [] }))
let world: FakeWorld
let drawn: Drawn | null = null

beforeEach(() => {
  const fake = createFakePageApi({ texts: fakeDocuments })
  world = fake.world
  Object.assign(window, { api: fake.api })
  useEvidence.setState(useEvidence.getInitialState(), true)
})
afterEach(async () => {
  await drawn?.remove()
  drawn = null
})

function Pane() {
  const subject = useEvidence((state) => state.subject)
  return subject === null ? null : <EvidencePane subject={subject} />
}

async function open(index: number): Promise<void> {
  drawn = await draw(<Pane />)
  await act(async () => useEvidence.getState().openSource('turn', items, index))
}

const note = (): string => document.querySelector('[role="note"]')?.textContent ?? ''
const text = (testId: string): string | undefined =>
  document.querySelector(`[data-testid="${testId}"]`)?.textContent ?? undefined

describe('the file behind a document', () => {
  const textual = items.findIndex(({ passage }) => passage.kind !== 'pdf' && passage.kind !== 'image')
  const paged = items.findIndex(({ passage }) => passage.kind === 'pdf')

  it.each(
    originalStates
      .filter((state) => state !== 'there')
      .flatMap((state) => [[state, textual] as const, [state, paged] as const]),
  )('%s (source %i): it is said, and the stored text stays marked', async (state, index) => {
    const passage = items[index]?.passage
    if (passage === undefined) throw new Error('no such source')
    world.originals.set(passage.documentId, state)
    await open(index)
    await vi.waitFor(() =>
      expect(document.querySelector('[data-testid="original-state"]')?.getAttribute('data-state')).toBe(state),
    )
    const marked = (): string =>
      [...document.querySelectorAll('[data-testid="evidence-mark"]')].map((mark) => mark.textContent).join('')
    await vi.waitFor(() => expect(marked().replaceAll(/\s/g, '')).toBe(passage.text.replaceAll(/\s/g, '')))
  })

  it('says nothing while it is there, and looks again when the reader comes back', async () => {
    const passage = items[textual]?.passage
    if (passage === undefined) throw new Error('no such source')
    await open(textual)
    expect(text('original-state')).toBeUndefined()
    world.originals.set(passage.documentId, 'drive-away')
    await act(async () => window.dispatchEvent(new Event('focus')))
    await vi.waitFor(() => expect(text('original-state')).toContain('drive'))
    world.originals.delete(passage.documentId)
    await act(async () => window.dispatchEvent(new Event('focus')))
    await vi.waitFor(() => expect(text('original-state')).toBeUndefined())
  })

  it('a changed one can be read again', async () => {
    const passage = items[textual]?.passage
    if (passage === undefined) throw new Error('no such source')
    world.originals.set(passage.documentId, 'replaced')
    await open(textual)
    await vi.waitFor(() => expect(document.querySelector('[data-testid="original-state"] button')).not.toBeNull())
    await act(async () => document.querySelector<HTMLElement>('[data-testid="original-state"] button')?.click())
    expect(world.requests).toContainEqual({
      channel: 'document:read-again',
      request: { documentId: passage.documentId },
    })
  })
})

describe('a passage whose document has changed or is gone', () => {
  const [first] = items
  if (first === undefined) throw new Error('no passage')
  const { passage } = first
  const other = fakeSummary(60, { name: passage.documentName, paths: [passage.path] })
  const standing = (now: string, isExact = false): PassageNow => ({
    document: other,
    isSameFile: false,
    standing: { start: 500, text: now, isExact, pages: [{ start: 480, number: 7 }] },
  })
  const openGone = async (now: PassageNow): Promise<void> => {
    world.texts = []
    world.passageNow = now
    await open(0)
    await vi.waitFor(() => expect(note()).not.toBe(''))
  }

  it('is shown as the answer kept it', async () => {
    await openGone({ document: null, isSameFile: false, standing: null })
    expect(note()).toContain('no longer in the library')
    expect(text('kept-passage')).toContain(passage.text)
    expect(text('passage-differences')).toBeUndefined()
  })

  it('is compared with what stands there now, and opened there', async () => {
    const [word = ''] = passage.text.split(' ').slice(3)
    const changed = passage.text.replace(word, 'otherwise')
    await openGone(standing(`Before that. ${changed} After that.`))
    expect(note()).toContain('has changed since the answer')
    expect(text('kept-passage')).toContain(passage.text)
    const shown = document.querySelector('[data-testid="passage-differences"] article')
    expect(shown?.querySelector('del')?.textContent).toContain(word)
    expect(shown?.querySelector('ins')?.textContent).toContain('otherwise')
    expect(shown?.textContent).toContain('7')
    await act(async () => document.querySelector<HTMLElement>('[role="note"] button')?.click())
    const { subject } = useEvidence.getState()
    const from = 500 + 'Before that. '.length
    expect(subject).toMatchObject({ type: 'document', documentId: other.id, passage: { start: from } })
    expect(subject?.type === 'document' ? subject.passage?.text.trim() : null).toBe(changed)
  })

  it('is said to stand there unchanged', async () => {
    await openGone(standing(passage.text, true))
    expect(note()).toContain('this passage stands in it unchanged')
    expect(text('passage-differences')).toBeUndefined()
  })

  it('is said to be in it no more', async () => {
    await openGone({ document: other, isSameFile: false, standing: null })
    expect(note()).toContain('Nothing like this passage')
  })

  it('stays when main cannot say what stands there', async () => {
    world.failures['document:passage-now'] = { code: 'storage-corrupt', message: 'x', retryable: false }
    await openGone({ document: null, isSameFile: false, standing: null })
    expect(text('kept-passage')).toContain(passage.text)
  })

  it('shows at once when its document is removed, and again when one comes in its place', async () => {
    await open(0)
    world.texts = []
    await act(async () => useEvidence.getState().receiveLibrary({ changed: [], removed: [passage.documentId] }))
    await vi.waitFor(() => expect(note()).toContain('no longer in the library'))
    world.passageNow = standing(passage.text, true)
    await act(async () => useEvidence.getState().receiveLibrary({ changed: [other], removed: [] }))
    await vi.waitFor(() => expect(note()).toContain('stands in it unchanged'))
  })
})
