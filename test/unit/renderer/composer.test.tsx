// @vitest-environment jsdom
import { act } from 'react'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { Composer } from '../../../src/renderer/features/conversation/composer.tsx'
import { draw, type Drawn } from '../../support/draw.tsx'
import { providePageGlobals } from '../../support/page-globals.ts'

beforeAll(providePageGlobals)
let drawn: Drawn
const onAsk = vi.fn<(question: string) => void>()
const onStop = vi.fn<() => void>()
beforeEach(async () => {
  onAsk.mockReset()
  onStop.mockReset()
  drawn = await draw(<Composer isAnswering={false} isStopping={false} onAsk={onAsk} onStop={onStop} />)
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
    await drawn.redraw(<Composer isAnswering isStopping={false} onAsk={onAsk} onStop={onStop} />)
    await type('next')
    await press('Enter')
    expect(onAsk).not.toHaveBeenCalled()
    expect(field().value).toBe('next')
    expect(drawn.element.querySelector('[data-testid="ask"]')).toBeNull()
    await act(async () => drawn.element.querySelector<HTMLElement>('[data-testid="stop"]')?.click())
    expect(onStop).toHaveBeenCalledOnce()
  })
})
