// @vitest-environment jsdom
import { emptyCitationCheck } from '../../../src/shared/citation-check.ts'
import { act } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { App } from '../../../src/renderer/app.tsx'
import { useConversations } from '../../../src/renderer/features/conversation/conversation-store.ts'
import { useEvidence } from '../../../src/renderer/features/evidence/evidence-store.ts'
import { createTranslator } from '../../../src/renderer/i18n/translate.ts'
import { messageIdSchema } from '../../../src/shared/ids.ts'
import { settingsSchema } from '../../../src/shared/settings.ts'
import { failedSummaries, fakeDocuments, fakePassages } from '../../support/fake-library.ts'
import { createFakePageApi, type FakeWorld, noModels, totalsOf } from '../../support/fake-page-api.ts'
import { providePageGlobals } from '../../support/page-globals.ts'

beforeAll(providePageGlobals)
let world: FakeWorld
let root: Root
const usage = { promptTokens: null, answerTokens: null, stageMs: {}, leftOutPassageIds: [], context: null }
const messageId = messageIdSchema.parse('5d0c2c1e-6f0a-4f0e-9a57-1d1f3d2f4a10')

async function start(given: Partial<FakeWorld>): Promise<void> {
  const fake = createFakePageApi({
    texts: fakeDocuments,
    settings: settingsSchema.parse({ language: 'en', theme: 'light' }),
    ...given,
  })
  world = fake.world
  Object.assign(window, { api: fake.api })
  root = createRoot(document.body.appendChild(document.createElement('div')))
  await act(async () => root.render(<App translator={createTranslator('en')} />))
}

beforeEach(() => {
  useConversations.setState(useConversations.getInitialState(), true)
  useEvidence.setState(useEvidence.getInitialState(), true)
})
afterEach(async () => {
  await act(async () => root.unmount())
  document.body.replaceChildren()
})

const byTestId = (id: string): HTMLElement[] => [...document.querySelectorAll<HTMLElement>(`[data-testid="${id}"]`)]
const only = (id: string): HTMLElement => {
  const [found, ...more] = byTestId(id)
  if (found === undefined || more.length > 0) throw new Error(`${byTestId(id).length} elements are ${id}`)
  return found
}
const press = (key: string, more: KeyboardEventInit = {}): Promise<void> =>
  act(async () => {
    ;(document.activeElement ?? document.body).dispatchEvent(
      new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }),
    )
  })
async function ask(question: string) {
  await act(async () => useConversations.getState().ask(question, { mode: 'auto', basis: 'documents', scope: null }))
  const answer = world.answers.at(-1)
  if (answer === undefined) throw new Error('nothing was asked')
  return answer
}

describe('the page', () => {
  it('an empty library invites, and says what is missing for written answers', async () => {
    await start({ documents: [], models: noModels })
    expect(only('onboarding').textContent).toContain('Put documents here')
    expect(only('model-card').dataset['state']).toBe('not-installed')
    expect(only('model-card').textContent).toContain('[::1]:11434')
    expect(only('status-bar').textContent).toContain('0 connections outside this computer')
  })

  it('passages before the answer, marks while it streams, evidence on a click, sources at the end', async () => {
    await start({ documents: fakeDocuments.map(({ summary }) => summary) })
    const answer = await ask('How many days?')
    await act(async () =>
      answer.send(
        { type: 'status', stage: 'retrieve', detail: { documentCount: 4 } },
        { type: 'passages', passages: [...fakePassages] },
      ),
    )
    expect(byTestId('passage-card')).toHaveLength(4)
    expect(byTestId('answer')).toHaveLength(0)
    const [first] = fakePassages
    if (first === undefined) throw new Error('no passage')
    await act(async () =>
      answer.send(
        { type: 'status', stage: 'generate', detail: {} },
        { type: 'token', text: 'Ninety [1]', citations: [{ number: 1, passageId: first.id }] },
      ),
    )
    expect(only('answer').dataset['state']).toBe('streaming')
    expect(only('stages').textContent).toContain('4 documents searched, 5 passages')
    await act(async () => only('citation').click())
    // The page of the PDF is tried first; its text is shown when there is none.
    await vi.waitUntil(
      async () => {
        await act(async () => new Promise((resolve) => setImmediate(resolve)))
        return byTestId('evidence-mark').length > 0
      },
      { timeout: 20_000 },
    )
    const marked = byTestId('evidence-mark')
      .map((mark) => mark.textContent)
      .join('')
    expect(marked).toBe(first.text)
    await act(async () =>
      answer.send(
        {
          type: 'sources',
          sources: fakePassages.map((passage, index) => ({
            ...passage,
            number: index + 1,
            isCited: index === 0,
            boxes: [],
            claims: [],
          })),
          check: emptyCitationCheck,
        },
        { type: 'done', messageId, mode: 'generated', model: 'small', finishReason: 'stop', usage },
      ),
    )
    expect(only('answer').dataset['state']).toBe('complete')
    expect(byTestId('passage-card').map((card) => [card.dataset['number'], card.dataset['cited']])).toEqual([
      ['1', 'true'],
      ['2', 'false'],
      ['3', 'false'],
      ['4', 'false'],
    ])
  })

  it('Esc stops the answer, and the partial one says so', async () => {
    await start({ documents: fakeDocuments.map(({ summary }) => summary) })
    const answer = await ask('How many days?')
    await act(async () => answer.send({ type: 'token', text: 'Nine' }))
    await press('Escape', { isComposing: true })
    expect(answer.isAborted()).toBe(false)
    await press('Escape')
    expect(answer.isAborted()).toBe(true)
    await act(async () =>
      answer.send(
        { type: 'sources', sources: [], check: emptyCitationCheck },
        { type: 'done', messageId, mode: 'generated', model: 'small', finishReason: 'aborted', usage },
      ),
    )
    expect(only('answer').dataset['state']).toBe('stopped')
    expect(only('answer').textContent).toBe('Nine')
    expect(only('answer-stopped').textContent).toContain('Stopped')
    expect(only('ask')).toBeTruthy()
  })

  it('a failed answer keeps its passages, says why and can be asked again', async () => {
    await start({ documents: fakeDocuments.map(({ summary }) => summary) })
    const answer = await ask('How many days?')
    await act(async () =>
      answer.send(
        { type: 'passages', passages: [...fakePassages] },
        {
          type: 'error',
          error: { code: 'generation-stalled', message: '', retryable: true, details: { seconds: 90 } },
        },
      ),
    )
    expect(only('answer').dataset['state']).toBe('failed')
    const alert = document.querySelector('article [role="alert"]')
    expect(alert?.textContent).toContain('90 seconds')
    expect(byTestId('passage-card')).toHaveLength(4)
    await act(async () => alert?.querySelector('button')?.click())
    expect(world.answers.map(({ request }) => request.question)).toEqual(['How many days?', 'How many days?'])
  })

  it('quotations are labelled as such, with the card that says what is missing', async () => {
    await start({ documents: fakeDocuments.map(({ summary }) => summary), models: noModels })
    const answer = await ask('How many days?')
    await act(async () =>
      answer.send(
        {
          type: 'status',
          stage: 'generate',
          detail: { mode: 'quotes', reason: { code: 'ollama-unreachable', message: '', retryable: true } },
        },
        { type: 'token', text: '> Quoted' },
        { type: 'sources', sources: [], check: emptyCitationCheck },
        { type: 'done', messageId, mode: 'quotes', model: null, finishReason: 'stop', usage },
      ),
    )
    expect(only('quotes-label').textContent).toBe('Quotations, no model')
    expect(only('model-card')).toBeTruthy()
  })

  it('the status bar follows what main tells', async () => {
    await start({ documents: [] })
    await act(async () =>
      world.push({
        type: 'library',
        changed: failedSummaries,
        removed: [],
        isTooMuch: false,
        totals: totalsOf(failedSummaries),
      }),
    )
    expect(only('status-bar').textContent).toContain('5 documents')
    expect(only('status-bar').textContent).toContain('3 need attention')
    await act(async () => world.push({ type: 'network', connectionsOutside: 0, connectionsBlocked: 2 }))
    expect(only('status-bar').textContent).toContain('2 requests blocked')
  })

  it('speaks the language and wears the theme of the settings', async () => {
    await start({ documents: [] })
    await act(async () =>
      world.push({ type: 'settings', settings: settingsSchema.parse({ language: 'zh-CN', theme: 'dark' }) }),
    )
    expect(document.documentElement.lang).toBe('zh-CN')
    expect(document.documentElement.dataset['theme']).toBe('dark')
    expect(only('onboarding').textContent).toContain('把文档放在这里')
  })

  it('takes files dropped anywhere', async () => {
    await start({ documents: [] })
    const event = Object.assign(new Event('drop', { bubbles: true, cancelable: true }), {
      dataTransfer: { files: [new File(['x'], '租约.md')], types: ['Files'] },
    })
    await act(async () => void document.body.dispatchEvent(event))
    expect(event.defaultPrevented).toBe(true)
    expect(world.requests).toContainEqual({
      channel: 'library:add-paths',
      request: { names: ['租约.md'], collectionId: null },
    })
  })
})
