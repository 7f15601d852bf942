// @vitest-environment jsdom
import { act, type ReactElement } from 'react'
import { DropdownMenu } from 'radix-ui'
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import { Menu, MenuItem } from '../../../src/renderer/components/menu.tsx'
import { Modal } from '../../../src/renderer/components/modal.tsx'
import { PillMenu } from '../../../src/renderer/components/pill-menu.tsx'
import { draw, type Drawn } from '../../support/draw.tsx'
import { providePageGlobals } from '../../support/page-globals.ts'

beforeAll(providePageGlobals)
let drawn: Drawn | null = null
afterEach(() => drawn?.remove())

const question = <textarea aria-label="Question" />
const pill = (
  <PillMenu testId="trigger" label="Basis" shown="Documents" surfaceClass="">
    <DropdownMenu.Item>General</DropdownMenu.Item>
  </PillMenu>
)
const menu = (
  <Menu trigger={<button data-testid="trigger">More</button>}>
    <MenuItem onSelect={() => undefined}>Copy</MenuItem>
  </Menu>
)

function find(selector: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(selector)
  if (found === null) throw new Error(`nothing is ${selector}`)
  return found
}

/** Chooses the first line, and in the same turn does what a quick hand does next. */
async function choose(content: ReactElement, then: () => void): Promise<void> {
  drawn = await draw(
    <>
      {content}
      {question}
    </>,
  )
  const trigger = find('[data-testid="trigger"]')
  await act(async () => {
    trigger.focus()
    trigger.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
  })
  await vi.waitFor(() => expect(document.activeElement?.closest('[role="menu"]')).not.toBeNull())
  const given = vi.fn<() => void>()
  // Fires when the menu has given the focus back, or left it.
  setTimeoutAfterClosing('[role="menu"]', given)
  act(() => {
    find('[role="menuitem"]').click()
    then()
  })
  await vi.waitFor(() => expect(given).toHaveBeenCalled())
}

/** Radix gives the focus back in a turn of its own after what floated is gone. */
function setTimeoutAfterClosing(selector: string, then: () => void): void {
  const look = (): void => {
    if (document.querySelector(selector) === null) setTimeout(then, 0)
    else setTimeout(look, 0)
  }
  setTimeout(look, 0)
}

it.each([
  ['a pill', pill],
  ['a menu', menu],
])('%s leaves the focus to the question that was gone to meanwhile', async (_name, content) => {
  await choose(content, () => find('textarea').focus())
  expect(document.activeElement).toBe(find('textarea'))
})

it.each([
  ['a pill', pill],
  ['a menu', menu],
])('%s gives the focus back to its button where nothing else has it', async (_name, content) => {
  await choose(content, () => undefined)
  expect(document.activeElement).toBe(find('[data-testid="trigger"]'))
})

it('a dialog gives the focus back, unless something else has it', async () => {
  const dialog = (isOpen: boolean): ReactElement => (
    <>
      <button data-testid="before">Before</button>
      {question}
      <Modal isOpen={isOpen} onClose={() => undefined} title="Settings">
        <p>Text</p>
      </Modal>
    </>
  )
  drawn = await draw(dialog(false))
  find('[data-testid="before"]').focus()
  await drawn.redraw(dialog(true))
  await drawn.redraw(dialog(false))
  await vi.waitFor(() => expect(document.activeElement).toBe(find('[data-testid="before"]')))

  await drawn.redraw(dialog(true))
  // As soon as it is gone, before it has given anything back.
  const observer = new MutationObserver(() => {
    if (document.querySelector('[role="dialog"]') === null) find('textarea').focus()
  })
  observer.observe(document.body, { childList: true, subtree: true })
  const given = vi.fn<() => void>()
  setTimeoutAfterClosing('[role="dialog"]', given)
  await drawn.redraw(dialog(false))
  await vi.waitFor(() => expect(given).toHaveBeenCalled())
  observer.disconnect()
  expect(document.activeElement).toBe(find('textarea'))
})
