// @vitest-environment jsdom
import { act } from 'react'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { FindingsPane } from '../../../src/renderer/features/findings/findings-pane.tsx'
import { plainView, shownFindings } from '../../../src/renderer/features/findings/findings-rows.ts'
import { useFindings } from '../../../src/renderer/features/findings/findings-store.ts'
import { useConversations } from '../../../src/renderer/features/conversation/conversation-store.ts'
import { useModels } from '../../../src/renderer/features/settings/models-store.ts'
import type { Finding, FindingMatch } from '../../../src/shared/findings.ts'
import { documentIdSchema } from '../../../src/shared/ids.ts'
import { draw, type Drawn } from '../../support/draw.tsx'
import { createFakePageApi, noFindings, readyModels } from '../../support/fake-page-api.ts'
import { providePageGlobals } from '../../support/page-globals.ts'
import { samplePassage } from '../../support/sample-passage.ts'

function finding(index: number, over: Partial<Finding> = {}, match: FindingMatch = 'words'): Finding {
  const documentId = documentIdSchema.parse(index.toString(16).padStart(64, '0'))
  return {
    match,
    passage: samplePassage({
      ordinal: index,
      documentId,
      documentName: `Lease ${index}.pdf`,
      text: `A deposit of ${index}.`,
    }),
    passageCount: match === 'words' ? 1 : 0,
    quotation: { text: `A deposit of ${index}.`, marks: [{ start: 2, end: 9 }] },
    dates: [],
    amounts: [],
    names: [],
    ...over,
  }
}

describe('the rows of a table', () => {
  const rows = [
    finding(10, {
      dates: [
        { text: '2020', value: 20200101 },
        { text: '2024', value: 20240101 },
      ],
    }),
    finding(9, { amounts: [{ text: '$5', value: 5 }], names: ['Acme'] }),
    finding(2, { dates: [{ text: '2022', value: 20220101 }] }, 'similar'),
  ]
  const names = (view: Partial<typeof plainView>) =>
    shownFindings(rows, { ...plainView, ...view }, 'en').map(({ passage }) => passage.documentName)

  it('are in order of name as people count, of date, of amount; what has none comes last', () => {
    expect(names({})).toEqual(['Lease 10.pdf', 'Lease 9.pdf', 'Lease 2.pdf'])
    expect(names({ order: 'name' })).toEqual(['Lease 2.pdf', 'Lease 9.pdf', 'Lease 10.pdf'])
    expect(names({ order: 'dates' })).toEqual(['Lease 10.pdf', 'Lease 2.pdf', 'Lease 9.pdf'])
    expect(names({ order: 'dates', isDescending: true })).toEqual(['Lease 10.pdf', 'Lease 2.pdf', 'Lease 9.pdf'])
    expect(names({ order: 'amounts' })[0]).toBe('Lease 9.pdf')
  })

  it('are left out by words and by how they match', () => {
    expect(names({ filter: 'ACME' })).toEqual(['Lease 9.pdf'])
    expect(names({ filter: 'deposit 10' })).toEqual(['Lease 10.pdf'])
    expect(names({ match: 'similar' })).toEqual(['Lease 2.pdf'])
  })
})

describe('the table', () => {
  let drawn: Drawn
  const { api, world } = createFakePageApi()
  beforeAll(() => {
    providePageGlobals()
    // Rows are drawn where they are seen: jsdom has no heights of its own.
    Object.defineProperty(HTMLElement.prototype, 'offsetHeight', { configurable: true, value: 600 })
    Object.defineProperty(HTMLElement.prototype, 'offsetWidth', { configurable: true, value: 900 })
  })
  beforeEach(async () => {
    Object.assign(window, { api })
    world.requests.length = 0
    world.answers.length = 0
    const rows = Array.from({ length: 150 }, (_, index) => finding(index))
    world.findings = {
      rows,
      summary: {
        ...noFindings,
        subject: 'deposit',
        isCount: true,
        documents: 182,
        searched: 150,
        words: 150,
        unread: {
          needsAttention: 31,
          waiting: 1,
          partly: 0,
          outdated: 0,
          documents: [
            {
              documentId: documentIdSchema.parse('f'.repeat(64)),
              name: 'Broken.pdf',
              state: 'needs-attention',
              problem: { code: 'unreadable-file', message: 'Bad.', retryable: false },
            },
          ],
        },
      },
    }
    useModels.setState({ status: readyModels })
    useFindings.getState().open('how many contracts mention a deposit', null)
    await act(async () => vi.waitUntil(() => useFindings.getState().run?.state === 'done'))
    drawn = await draw(<FindingsPane />)
  })
  afterEach(() => drawn.remove())
  const find = (testId: string) => [...drawn.element.querySelectorAll<HTMLElement>(`[data-testid="${testId}"]`)]

  it('has every row, draws only those that are seen, and says what was searched', () => {
    expect(useFindings.getState().run?.rows).toHaveLength(150)
    expect(find('finding').length).toBeLessThan(60)
    expect(find('findings-summary')[0]?.textContent).toContain('150 documents mention “deposit”')
    expect(find('findings-summary')[0]?.textContent).toContain('Searched 150 of 182 documents')
    expect(find('findings-unread')[0]?.textContent).toBe('31 could not be read · 1 is not read yet')
    expect(find('findings-count-means')).toHaveLength(1)
  })

  it('names what could not be read', async () => {
    await act(async () => find('findings-unread')[0]?.click())
    expect(document.querySelector('[data-testid="unread-documents"]')?.textContent).toContain('Broken.pdf')
    expect(document.body.textContent).toContain('And 31 more documents.')
  })

  it('saves what is shown, in its order, or what was chosen', async () => {
    await act(async () => find('findings-csv')[0]?.click())
    const saved = () =>
      world.requests.findLast(({ channel }) => channel === 'findings:export')?.request as { documentIds: string[] }
    expect(saved().documentIds).toHaveLength(150)
    const [row] = world.findings.rows
    await act(async () => useFindings.getState().choose(row === undefined ? [] : [row.passage.documentId], true))
    await act(async () => find('findings-csv')[0]?.click())
    expect(saved().documentIds).toEqual([row?.passage.documentId])
  })

  it('asks the model to summarise the chosen rows, in the conversation', async () => {
    const [one, two] = world.findings.rows
    if (one === undefined || two === undefined) throw new Error('no rows')
    await act(async () => useFindings.getState().choose([one.passage.documentId, two.passage.documentId], true))
    await act(async () => find('findings-summarise')[0]?.click())
    expect(world.answers.at(-1)?.request).toMatchObject({
      question: 'Summarise what 2 documents say about “deposit”',
      summarise: [one.passage.id, two.passage.id],
    })
    expect(useFindings.getState().isOpen).toBe(false)
  })

  it('gives way to a conversation, and stops at once', async () => {
    useFindings.getState().open(null, null)
    expect(useFindings.getState().isOpen).toBe(true)
    useConversations.getState().startNew()
    expect(useFindings.getState().isOpen).toBe(false)
    useFindings.getState().look('other')
    useFindings.getState().stop()
    expect(useFindings.getState().run).toMatchObject({ state: 'stopped', rows: [] })
  })
})
