// @vitest-environment jsdom
import { act } from 'react'
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import { WatchedFolderList } from '../../../src/renderer/features/library/watched-folder-list.tsx'
import { useWatchedFolders } from '../../../src/renderer/features/library/watched-folder-store.ts'
import type { PageLanguage } from '../../../src/renderer/i18n/translate.ts'
import { receivePush } from '../../../src/renderer/push-listener.ts'
import { defaultIgnoreRules, type WatchedFolder, watchedFolderIdSchema } from '../../../src/shared/watched-folder.ts'
import { type Drawn, draw } from '../../support/draw.tsx'
import { createFakePageApi, type FakeWorld } from '../../support/fake-page-api.ts'
import { providePageGlobals } from '../../support/page-globals.ts'

beforeAll(() => providePageGlobals())

const folder = (id: number, change: Partial<WatchedFolder> = {}): WatchedFolder => ({
  id: watchedFolderIdSchema.parse(id),
  path: `/home/ada/Leases ${id}`,
  state: 'in-step',
  problem: null,
  rules: defaultIgnoreRules,
  fileCount: 1_204,
  waitingCount: 0,
  leftOutCount: 0,
  inStepAt: Date.UTC(2026, 2, 1, 12),
  ...change,
})

let drawn: Drawn | null = null
let world: FakeWorld
async function show(folders: WatchedFolder[], language: PageLanguage = 'en'): Promise<void> {
  const fake = createFakePageApi({ watchedFolders: folders })
  world = fake.world
  Object.assign(window, { api: fake.api })
  fake.api.onPush(receivePush)
  drawn = await draw(<WatchedFolderList />, language)
  await act(async () => useWatchedFolders.getState().load())
}
afterEach(async () => {
  await drawn?.remove()
  drawn = null
  useWatchedFolders.setState(useWatchedFolders.getInitialState(), true)
})
const rows = () => [...document.querySelectorAll<HTMLElement>('[data-testid="watched-folder"]')]
const press = (element: Element | null | undefined): Promise<void> =>
  act(async () => {
    if (!(element instanceof HTMLElement)) throw new Error('nothing to press')
    element.click()
  })
const chooseInMenu = async (item: string): Promise<void> => {
  await vi.waitFor(async () => {
    if (document.querySelector('[role="menu"]') === null) await openMenu()
    expect(named('[role="menuitem"]', item)).toBeDefined()
  })
  await press(named('[role="menuitem"]', item))
  await vi.waitFor(() => expect(document.querySelector('[role="menu"]')).toBeNull())
}
const openMenu = (): Promise<void> =>
  act(async () => {
    rows()[0]
      ?.querySelector('[aria-haspopup="menu"]')
      ?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
  })
const named = (role: string, name: string) =>
  [...document.querySelectorAll<HTMLElement>(role)].find((element) => element.textContent === name)

it('shows nothing without folders, else how each stands', async () => {
  await show([])
  expect(document.querySelector('section')).toBeNull()
  await act(async () =>
    world.push({
      type: 'watched-folders',
      folders: [
        folder(1),
        folder(2, { state: 'reading', waitingCount: 3 }),
        folder(3, { state: 'gone' }),
        folder(4, {
          problem: { code: 'watched-folder', message: '', retryable: true, details: { reason: 'no-events' } },
        }),
      ],
    }),
  )
  const text = rows().map((row) => row.textContent)
  expect(text[0]).toContain('Leases 11,204In step')
  expect(text[1]).toContain('3 files to read')
  expect(text[2]).toMatch(/Not there · in step until .*Its documents are kept/)
  expect(text[3]).toContain('looked at every two minutes')
})

it('says it in Chinese too', async () => {
  await show([folder(1, { state: 'paused' })], 'zh-CN')
  expect(rows()[0]?.textContent).toContain('已暂停 · 上次同步')
})

it('asks main for what the menu says, and for the documents when watching stops', async () => {
  await show([folder(1, { leftOutCount: 2 })])
  const asked = (channel: string) => world.requests.filter((request) => request.channel === channel).at(-1)?.request
  for (const [item, channel, request] of [
    ['Look for changes now', 'watched:rescan', { id: 1 }],
    ['Pause', 'watched:pause', { id: 1, isPaused: true }],
    ['Resume', 'watched:pause', { id: 1, isPaused: false }],
    ['Read 2 removed documents again', 'watched:bring-back', { id: 1 }],
    ['Open the folder', 'watched:reveal', { id: 1 }],
  ] as const) {
    await chooseInMenu(item)
    expect(asked(channel)).toEqual(request)
  }
  await chooseInMenu('Stop watching…')
  await vi.waitFor(() => expect(named('button', 'Keep the documents')).toBeDefined())
  await press(named('button', 'Keep the documents'))
  expect(asked('watched:remove')).toEqual({ id: 1, keepsDocuments: true })
  await vi.waitFor(() => expect(rows()).toHaveLength(0))
})
