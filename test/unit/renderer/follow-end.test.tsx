// @vitest-environment jsdom
import type { ReactElement } from 'react'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { useFollowEnd } from '../../../src/renderer/features/conversation/use-follow-end.ts'
import { draw, type Drawn } from '../../support/draw.tsx'
import { providePageGlobals } from '../../support/page-globals.ts'

beforeAll(() => {
  providePageGlobals()
  // jsdom lays nothing out: this column is always longer than the window.
  Object.defineProperty(HTMLElement.prototype, 'scrollHeight', { configurable: true, value: 900 })
})
let drawn: Drawn | undefined
afterEach(() => drawn?.remove())

function Column({ isEmpty }: { readonly isEmpty: boolean }): ReactElement {
  const { containerRef, contentRef } = useFollowEnd('one conversation', { hasMore: false, isEmpty })
  return (
    <div ref={containerRef}>
      <div ref={contentRef} />
    </div>
  )
}

it('before the first question the column begins at its top; with it, at its end', async () => {
  drawn = await draw(<Column isEmpty />)
  const column = drawn.element.firstElementChild
  expect(column?.scrollTop).toBe(0)
  await drawn.redraw(<Column isEmpty={false} />)
  expect(column?.scrollTop).toBe(900)
  await drawn.redraw(<Column isEmpty />)
  expect(column?.scrollTop).toBe(0)
})
