// @vitest-environment jsdom
import { act } from 'react'
import { Toaster } from 'sonner'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { setNoticeLanguage } from '../../../src/renderer/components/notices.ts'
import { useConversationList } from '../../../src/renderer/features/conversation/conversation-list-store.ts'
import { useConversations } from '../../../src/renderer/features/conversation/conversation-store.ts'
import { ConversationsTab } from '../../../src/renderer/features/conversation/conversations-tab.tsx'
import { createTranslator, translateWith } from '../../../src/renderer/i18n/translate.ts'
import { receivePush } from '../../../src/renderer/push-listener.ts'
import { conversationIdSchema, messageIdSchema } from '../../../src/shared/ids.ts'
import { type Drawn, draw } from '../../support/draw.tsx'
import { createFakePageApi, fakeConversation, type FakeWorld } from '../../support/fake-page-api.ts'
import { providePageGlobals } from '../../support/page-globals.ts'

const dayMs = 24 * 60 * 60_000
const idOf = (number: number) =>
  conversationIdSchema.parse(`00000000-0000-4000-8000-${String(number).padStart(12, '0')}`)
const answerId = messageIdSchema.parse('5d0c2c1e-6f0a-4f0e-9a57-1d1f3d2f4a10')

beforeAll(() => {
  providePageGlobals()
  // The virtual list draws what fits; here everything is some size.
  for (const [name, size] of [
    ['clientHeight', 600],
    ['clientWidth', 260],
    ['offsetHeight', 50],
  ] as const)
    Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => size })
  Element.prototype.scrollTo = () => undefined
})

let world: FakeWorld
let drawn: Drawn
async function start(given: Partial<FakeWorld>): Promise<void> {
  const fake = createFakePageApi(given)
  world = fake.world
  Object.assign(window, { api: fake.api })
  fake.api.onPush(receivePush)
  setNoticeLanguage(translateWith(createTranslator('en')))
  drawn = await draw(
    <>
      <ConversationsTab />
      <Toaster />
    </>,
  )
  await act(async () => useConversationList.getState().load())
}
beforeEach(() => {
  useConversations.setState(useConversations.getInitialState(), true)
  useConversationList.setState(useConversationList.getInitialState(), true)
})
afterEach(() => drawn.remove())

const byTestId = (id: string): HTMLElement[] => [...document.querySelectorAll<HTMLElement>(`[data-testid="${id}"]`)]
const titles = () => byTestId('conversation-row').map((row) => row.querySelector('button > span')?.textContent?.trim())
const button = (name: string): HTMLElement => {
  const found = [...document.querySelectorAll<HTMLElement>('button')].find(
    (element) => element.textContent === name || element.getAttribute('aria-label') === name,
  )
  if (found === undefined) throw new Error(`there is no button ${name}`)
  return found
}
const press = (key: string): Promise<void> =>
  act(async () => {
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
  })
async function type(text: string): Promise<void> {
  const field = byTestId('conversation-search')[0] as HTMLInputElement
  await act(async () => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, text)
    field.dispatchEvent(new Event('input', { bubbles: true }))
  })
}
const several = () => {
  const now = Date.now()
  return [
    fakeConversation(idOf(1), 'Newest', now),
    { ...fakeConversation(idOf(2), 'Stopped one', now - 1), state: 'stopped' as const },
    { ...fakeConversation(idOf(3), 'Failed one', now - 2), state: 'failed' as const },
    { ...fakeConversation(idOf(4), 'Old one', now - 40 * dayMs), state: 'answering' as const },
  ]
}

describe('the conversations', () => {
  it('stand under their dates and say how their last answer stands', async () => {
    await start({ conversations: several() })
    expect(byTestId('conversation-group').map(({ textContent }) => textContent)).toEqual(['Today', 'Earlier'])
    expect(titles()).toEqual(['Newest', 'Stopped one', 'Failed one', 'Old one'])
    expect(byTestId('conversation-row').map((row) => /stopped|failed|answering/.exec(row.textContent)?.[0])).toEqual([
      undefined,
      'stopped',
      'failed',
      'answering',
    ])
  })

  it('are one Tab stop: arrows move, F2 renames, Delete deletes, Enter opens', async () => {
    await start({ conversations: several() })
    const rows = () => [...document.querySelectorAll<HTMLElement>('[data-line]')]
    expect(rows().filter((row) => row.tabIndex === 0)).toHaveLength(1)
    rows()[0]?.focus()
    await press('ArrowDown')
    await press('ArrowDown')
    await press('ArrowDown')
    // Over the heading between them.
    expect(document.activeElement?.textContent).toContain('Old one')
    await press('Home')
    expect(document.activeElement?.textContent).toContain('Newest')
    await press('F2')
    expect(document.querySelector('[role="dialog"]')?.textContent).toContain('Rename')
    await press('Escape')
    await vi.waitFor(() => expect(document.activeElement).toBe(rows()[0]))
    await press('ArrowDown')
    expect(document.activeElement).toBe(rows()[1])
    await press('Delete')
    expect(titles()).toEqual(['Newest', 'Failed one', 'Old one'])
    await vi.waitFor(() => expect(document.activeElement).toBe(rows()[1]))
    expect(document.activeElement?.textContent).toContain('Failed one')
  })

  it('a deleted one comes back by Undo, and is shown again when it was', async () => {
    await start({ conversations: several() })
    await act(async () => useConversations.getState().open(idOf(2)))
    const [conversation] = useConversationList.getState().conversations.filter(({ id }) => id === idOf(2))
    if (conversation === undefined) throw new Error('it is not there')
    await act(async () => useConversationList.getState().delete(conversation))
    expect(titles()).not.toContain('Stopped one')
    expect(useConversations.getState().currentId).not.toBe(idOf(2))
    await vi.waitFor(() => expect(document.body.textContent).toContain('“Stopped one” was deleted.'))
    await act(async () => button('Undo').click())
    expect(titles()).toEqual(['Newest', 'Stopped one', 'Failed one', 'Old one'])
    expect(useConversations.getState().currentId).toBe(idOf(2))
  })

  it('recently deleted ones are brought back, or deleted for ever after a question', async () => {
    const [first, second] = several()
    if (first === undefined || second === undefined) throw new Error('too few')
    await start({ deleted: [first, second].map((gone) => ({ ...gone, deletedAt: Date.now() })) })
    await act(async () => button('Recently deleted').click())
    await vi.waitFor(() => expect(byTestId('deleted-conversation')).toHaveLength(2))
    await act(async () => button('Bring “Newest” back').click())
    await vi.waitFor(() => expect(byTestId('deleted-conversation')).toHaveLength(1))
    await act(async () => button('Delete “Stopped one” for ever').click())
    expect(world.deleted).toHaveLength(1)
    await act(async () => button('Delete for ever').click())
    expect(world.deleted).toHaveLength(0)
    await vi.waitFor(() => expect(document.body.textContent).toContain('Nothing was deleted in the last 30 days.'))
    await act(async () => button('Back to the conversations').click())
    expect(titles()).toEqual(['Newest'])
  })

  it('a search shows where the words stand, as text, and opens at the turn', async () => {
    await start({
      conversations: several(),
      hits: {
        titles: [],
        turns: [
          {
            conversationId: idOf(4),
            title: 'Old one',
            answerId,
            key: 7,
            askedAt: 1,
            part: 'answer',
            excerpt: { text: '…<b>违约</b>金是多少…', marks: [{ start: 4, end: 6 }] },
          },
        ],
        nextKey: null,
        isComplete: false,
      },
    })
    await type('违约')
    await vi.waitFor(() => expect(byTestId('conversation-hit')).toHaveLength(1))
    const [hit] = byTestId('conversation-hit')
    expect(hit?.textContent).toContain('…<b>违约</b>金是多少…')
    expect([...(hit?.querySelectorAll('mark') ?? [])].map(({ textContent }) => textContent)).toEqual(['违约'])
    expect(document.body.textContent).toContain('still being indexed')
    byTestId('conversation-search')[0]?.focus()
    await press('ArrowDown')
    expect(document.activeElement).toBe(hit)
    await act(async () => hit?.click())
    expect(useConversations.getState().currentId).toBe(idOf(4))
    expect(world.requests.at(-1)?.request ?? world.requests.at(-2)?.request).toMatchObject({ at: { around: 7 } })
  })

  it('nothing found, and a search that failed, say so', async () => {
    await start({ conversations: several() })
    await type('nowhere')
    await vi.waitFor(() => expect(document.body.textContent).toContain('Nothing was said about “nowhere”.'))
    world.failures['conversations:search'] = { code: 'worker-crashed', message: '', retryable: true }
    await type('again')
    await vi.waitFor(() => expect(document.body.textContent).toContain('could not be searched'))
    world.failures = {}
    await act(async () => button('Try again').click())
    await vi.waitFor(() => expect(document.body.textContent).toContain('Nothing was said about “again”.'))
  })

  it('a list that could not be loaded can be asked for again; an empty one says what comes here', async () => {
    await start({ failures: { 'conversations:list': { code: 'storage-corrupt', message: '', retryable: false } } })
    expect(document.querySelector('[role="alert"]')?.textContent).toContain('could not be loaded')
    world.failures = {}
    await act(async () => button('Try again').click())
    expect(document.body.textContent).toContain('Conversations appear here')
  })
})
