// @vitest-environment jsdom
import { act } from 'react'
import { Toaster } from 'sonner'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { DropTarget } from '../../../src/renderer/components/drop-target.tsx'
import { setNoticeLanguage } from '../../../src/renderer/components/notices.ts'
import { useConversations } from '../../../src/renderer/features/conversation/conversation-store.ts'
import { useScopes } from '../../../src/renderer/features/conversation/scope-store.ts'
import { useCollectionEditing } from '../../../src/renderer/features/library/collection-editing-store.ts'
import { useCollections } from '../../../src/renderer/features/library/collections-store.ts'
import { LibraryPane } from '../../../src/renderer/features/library/library-pane.tsx'
import { useLibrary } from '../../../src/renderer/features/library/library-store.ts'
import { createTranslator, translateWith } from '../../../src/renderer/i18n/translate.ts'
import { receivePush } from '../../../src/renderer/push-listener.ts'
import { collectionIdSchema } from '../../../src/shared/ids.ts'
import { type Drawn, draw } from '../../support/draw.tsx'
import { fakeSummary } from '../../support/fake-library.ts'
import { createFakePageApi, type FakeWorld } from '../../support/fake-page-api.ts'
import { providePageGlobals } from '../../support/page-globals.ts'

const leases = { id: collectionIdSchema.parse('5d0c2c1e-6f0a-4f0e-9a57-1d1f3d2f4b00'), name: 'Leases' }

beforeAll(() => {
  providePageGlobals()
  for (const [name, size] of [
    ['clientHeight', 600],
    ['clientWidth', 260],
    ['offsetHeight', 32],
  ] as const)
    Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => size })
  Element.prototype.scrollTo = () => undefined
})

let world: FakeWorld
let drawn: Drawn
beforeEach(async () => {
  for (const store of [useCollections, useLibrary, useCollectionEditing, useScopes, useConversations] as const)
    (store.setState as (state: unknown, replace: true) => void)(store.getInitialState(), true)
  const fake = createFakePageApi({
    collections: [leases],
    documents: [
      fakeSummary(0, { name: 'Lease.pdf', collectionIds: [leases.id] }),
      fakeSummary(1, { name: 'Other.md' }),
    ],
  })
  world = fake.world
  Object.assign(window, { api: fake.api })
  fake.api.onPush((push) => act(() => receivePush(push)))
  setNoticeLanguage(translateWith(createTranslator('en')))
  drawn = await draw(
    <>
      <LibraryPane />
      <DropTarget />
      <Toaster />
    </>,
  )
  await act(async () => {
    await useLibrary.getState().load('')
    await useCollections.getState().load()
  })
})
afterEach(() => drawn.remove())

const rows = (testId: string): HTMLElement[] => [...document.querySelectorAll<HTMLElement>(`[data-testid="${testId}"]`)]
const collectionRow = (name: string): HTMLElement => {
  const found = rows('collection-row').find(({ textContent }) => textContent.includes(name))
  if (found === undefined) throw new Error(`no collection ${name}`)
  return found
}
const button = (row: HTMLElement): HTMLElement => row.querySelector<HTMLElement>('[data-row-button]') ?? row
const texts = (testId: string) => rows(testId).map(({ textContent }) => textContent)
const press = (element: HTMLElement, key: string): Promise<void> =>
  act(async () => void element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })))
const write = async (text: string, key: 'Enter' | 'Escape'): Promise<void> => {
  const input = document.querySelector<HTMLInputElement>('[data-testid="collection-name"]')
  if (input === null) throw new Error('no name is being written')
  await act(async () => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, text)
    input.dispatchEvent(new Event('input', { bubbles: true }))
  })
  if (key === 'Escape') await press(input, key)
  else await act(async () => input.form?.requestSubmit())
}
const undo = (): Promise<void> =>
  act(async () => [...document.querySelectorAll('button')].find(({ textContent }) => textContent === 'Undo')?.click())
/** jsdom has no drags: an event that carries what one would. */
const drag = (element: HTMLElement, type: string, transfer: object): Promise<void> =>
  act(async () => {
    const event = new Event(type, { bubbles: true, cancelable: true })
    Object.defineProperty(event, 'dataTransfer', { value: transfer })
    element.dispatchEvent(event)
  })

describe('collections in the left pane', () => {
  it('stand below Everything with their counts; a click lists one alone', async () => {
    expect(texts('collection-row')).toEqual(['Everything0', 'Leases1'])
    await act(async () => button(collectionRow('Leases')).click())
    expect(texts('document-row')).toEqual([expect.stringContaining('Lease.pdf')])
    expect(button(collectionRow('Leases')).getAttribute('aria-current')).toBe('true')
    expect(useLibrary.getState().rows.order).toHaveLength(1)
  })

  it('are made and renamed in place; a name that is taken says so and is kept to be changed', async () => {
    const add = document.querySelector<HTMLElement>('[aria-label="New collection…"]')
    await act(async () => add?.click())
    world.failures['collections:create'] = { code: 'name-taken', message: '', retryable: false, details: { name: 'X' } }
    await write('X', 'Enter')
    expect(document.querySelector('[role="alert"]')?.textContent).toContain('“X” already')
    delete world.failures['collections:create']
    await write('Reports', 'Enter')
    expect(texts('collection-row').map((text) => text.replace(/\d+$/, ''))).toEqual(['Everything', 'Leases', 'Reports'])
    expect(document.body.textContent).toContain('Nothing in “Reports” yet.')

    await press(button(collectionRow('Leases')), 'F2')
    await write('Old', 'Escape')
    expect(collectionRow('Leases')).toBeDefined()
    await press(button(collectionRow('Leases')), 'F2')
    await write('All leases', 'Enter')
    await vi.waitFor(() => expect(texts('collection-row')[1]).toContain('All leases'))
  })

  it('are deleted by key, and Undo brings them back', async () => {
    await act(async () => button(collectionRow('Leases')).click())
    await press(button(collectionRow('Leases')), 'Delete')
    expect(rows('collection-row')).toHaveLength(1)
    expect(texts('document-row')).toHaveLength(2)
    await vi.waitFor(() => expect(document.body.textContent).toContain('“Leases” was deleted'))
    await undo()
    await vi.waitFor(() => expect(rows('collection-row')).toHaveLength(2))
  })

  it('take a row of the library, and files, that are dropped on them', async () => {
    const other = rows('document-row').find(({ textContent }) => textContent.includes('Other.md'))
    const data = new Map<string, string>()
    const transfer = {
      files: [],
      items: [{}],
      get types() {
        return [...data.keys()]
      },
      setData: (type: string, text: string) => data.set(type, text),
      getData: (type: string) => data.get(type) ?? '',
    }
    await drag(other ?? document.body, 'dragstart', transfer)
    await drag(collectionRow('Leases'), 'dragenter', transfer)
    await drag(collectionRow('Leases'), 'drop', transfer)
    await vi.waitFor(() => expect(texts('collection-row')[1]).toBe('Leases2'))
    await vi.waitFor(() => expect(document.body.textContent).toContain('1 document was put into “Leases”'))
    await undo()
    await vi.waitFor(() => expect(texts('collection-row')[1]).toBe('Leases1'))

    const file = { types: ['Files'], items: [{}, {}], files: [new File(['x'], 'a.pdf'), new File(['y'], 'b.pdf')] }
    await drag(collectionRow('Leases'), 'dragenter', file)
    expect(document.querySelector('[data-testid="drop-target"]')?.textContent).toContain('Add 2 items to “Leases”')
    await drag(collectionRow('Leases'), 'drop', file)
    expect(world.requests.at(-1)).toMatchObject({
      channel: 'library:add-paths',
      request: { names: ['a.pdf', 'b.pdf'], collectionId: leases.id },
    })
    expect(document.querySelector('[data-testid="drop-target"]')).toBeNull()
  })

  it('a document that is taken out leaves the list of its collection', async () => {
    await act(async () => button(collectionRow('Leases')).click())
    const [document0] = world.documents
    if (document0 === undefined) throw new Error('no document')
    await act(async () => {
      await useCollections.getState().removeDocuments(leases.id, [document0.id])
    })
    await vi.waitFor(() => expect(rows('document-row')).toHaveLength(0))
  })
})
