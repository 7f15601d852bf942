// @vitest-environment jsdom
import { act } from 'react'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { NamedScope } from '../../../src/shared/collection.ts'
import { Composer } from '../../../src/renderer/features/conversation/composer.tsx'
import { useCollections } from '../../../src/renderer/features/library/collections-store.ts'
import { collectionIdSchema } from '../../../src/shared/ids.ts'
import { draw, type Drawn } from '../../support/draw.tsx'
import { fakeSummary } from '../../support/fake-library.ts'
import { createFakePageApi } from '../../support/fake-page-api.ts'
import { providePageGlobals } from '../../support/page-globals.ts'

beforeAll(providePageGlobals)
let drawn: Drawn
const onAsk = vi.fn<(question: string) => void>()
const onStop = vi.fn<() => void>()
const onFind = vi.fn<(query: string | null) => void>()
const onScope = vi.fn<(scope: NamedScope | null) => void>()
beforeEach(async () => {
  Object.assign(window, { api: createFakePageApi().api })
  onAsk.mockReset()
  onStop.mockReset()
  onFind.mockReset()
  onScope.mockReset()
  drawn = await draw(
    <Composer
      isAnswering={false}
      isStopping={false}
      onAsk={onAsk}
      onStop={onStop}
      onFind={onFind}
      scope={null}
      onScope={onScope}
    />,
  )
})
afterEach(() => drawn.remove())

const field = (): HTMLTextAreaElement => {
  const found = drawn.element.querySelector<HTMLTextAreaElement>('[data-testid="composer"]')
  if (found === null) throw new Error('no composer')
  return found
}
const type = (text: string): Promise<void> =>
  act(async () => {
    // React watches the value's own setter; going around it is how a browser's input arrives.
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value')?.set?.call(field(), text)
    field().dispatchEvent(new Event('input', { bubbles: true }))
  })
const press = (key: string, more: KeyboardEventInit = {}): Promise<void> =>
  act(async () => {
    field().dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }))
  })

describe('Composer', () => {
  it('asks on Enter and is empty afterwards', async () => {
    await type('  How long?  ')
    await press('Enter')
    expect(onAsk).toHaveBeenCalledExactlyOnceWith('How long?')
    expect(field().value).toBe('')
  })

  it('offers the table for a question that asks for every document, and opens it on Ctrl+Enter', async () => {
    const offer = () => drawn.element.querySelector<HTMLElement>('[data-testid="findings-offer"]')
    await type('What is the rent?')
    expect(offer()).toBeNull()
    await type('which contracts mention a deposit?')
    expect(offer()?.textContent).toContain('“deposit”')
    await act(async () => offer()?.click())
    expect(onFind).toHaveBeenLastCalledWith('which contracts mention a deposit?')
    expect(field().value).toBe('')
    await type('deposit')
    await press('Enter', { ctrlKey: true })
    expect(onFind).toHaveBeenLastCalledWith('deposit')
    expect(onAsk).not.toHaveBeenCalled()
    await act(async () => drawn.element.querySelector<HTMLElement>('[data-testid="find-all"]')?.click())
    expect(onFind).toHaveBeenLastCalledWith(null)
  })

  it('begins a line on Shift+Enter', async () => {
    await type('a')
    await press('Enter', { shiftKey: true })
    expect(onAsk).not.toHaveBeenCalled()
  })

  it('leaves Enter to the input method while it composes', async () => {
    await type('tiqian')
    await press('Enter', { isComposing: true })
    await press('Enter', { keyCode: 229 })
    expect(onAsk).not.toHaveBeenCalled()
    expect(field().value).toBe('tiqian')
  })

  it('does not ask nothing', async () => {
    await type('   ')
    await press('Enter')
    expect(onAsk).not.toHaveBeenCalled()
    expect(drawn.element.querySelector<HTMLButtonElement>('[data-testid="ask"]')?.disabled).toBe(true)
  })

  it('has Stop where Ask was while an answer is written, and keeps the next question', async () => {
    await drawn.redraw(
      <Composer
        isAnswering
        isStopping={false}
        onAsk={onAsk}
        onStop={onStop}
        onFind={onFind}
        scope={null}
        onScope={onScope}
      />,
    )
    await type('next')
    await press('Enter')
    expect(onAsk).not.toHaveBeenCalled()
    expect(field().value).toBe('next')
    expect(drawn.element.querySelector('[data-testid="ask"]')).toBeNull()
    await act(async () => drawn.element.querySelector<HTMLElement>('[data-testid="stop"]')?.click())
    expect(onStop).toHaveBeenCalledOnce()
  })

  it('@ chooses a collection or a document, which becomes a chip and leaves the question', async () => {
    const { api, world } = createFakePageApi({ documents: [fakeSummary(0, { name: 'Lease.pdf' })] })
    Object.assign(window, { api })
    const id = collectionIdSchema.parse('5d0c2c1e-6f0a-4f0e-9a57-1d1f3d2f4b00')
    useCollections.setState({ list: [{ id, name: 'Leases', documentCount: 1 }], state: 'ready' })
    const options = () => [...drawn.element.querySelectorAll('[role="option"]')].map(({ textContent }) => textContent)

    await type('Which of @lea')
    await vi.waitFor(() => expect(options()).toEqual(['Leases', 'Lease.pdf']))
    expect(world.requests.at(-1)).toMatchObject({ channel: 'library:list', request: { filter: 'lea' } })
    await press('ArrowDown')
    expect(field().getAttribute('aria-activedescendant')).toBe(drawn.element.querySelectorAll('[role="option"]')[1]?.id)
    await press('ArrowDown')
    await press('Enter')
    expect(onAsk).not.toHaveBeenCalled()
    expect(field().value).toBe('Which of ')
    const scope = { collections: [{ id, name: 'Leases' }], documents: [], kinds: [] }
    expect(onScope).toHaveBeenCalledExactlyOnceWith(scope)
    expect(options()).toEqual([])

    await drawn.redraw(
      <Composer
        isAnswering={false}
        isStopping={false}
        onAsk={onAsk}
        onStop={onStop}
        onFind={onFind}
        scope={scope}
        onScope={onScope}
      />,
    )
    expect(drawn.element.querySelector('[data-testid="scope-chips"]')?.textContent).toBe('Leases')
    await type('@')
    await vi.waitFor(() => expect(options()).toEqual(['Lease.pdf']))
    await press('Escape')
    expect(options()).toEqual([])
    await type('')
    await press('Backspace')
    expect(onScope).toHaveBeenLastCalledWith(null)
  })
})
