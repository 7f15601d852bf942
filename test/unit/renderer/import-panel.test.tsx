// @vitest-environment jsdom
import { act } from 'react'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { useAppStatus } from '../../../src/renderer/features/settings/app-status-store.ts'
import { DocumentRow } from '../../../src/renderer/features/library/document-row.tsx'
import { ImportPanel } from '../../../src/renderer/features/library/import-panel.tsx'
import { useLibrary } from '../../../src/renderer/features/library/library-store.ts'
import { timeLeftText } from '../../../src/renderer/features/library/import-text.ts'
import { createTranslator, pageLanguages, translateWith } from '../../../src/renderer/i18n/translate.ts'
import { idleImport, type ImportProgress } from '../../../src/shared/import-progress.ts'
import type { DocumentSummary } from '../../../src/shared/document.ts'
import { type Drawn, draw } from '../../support/draw.tsx'
import { fakeSummary } from '../../support/fake-library.ts'
import { createFakePageApi, type FakeWorld } from '../../support/fake-page-api.ts'
import { providePageGlobals } from '../../support/page-globals.ts'

beforeAll(providePageGlobals)
const running: ImportProgress = {
  ...idleImport,
  filesToRead: 12,
  passagesToEmbed: 300,
  passagesEmbedded: 100,
  passagesPerSecond: 20,
  timeLeft: { seconds: 250, isAtLeast: false },
}
let drawn: Drawn
afterEach(() => drawn.remove())

async function open(given: Partial<FakeWorld>): Promise<FakeWorld> {
  const { api, world } = createFakePageApi({ documents: [], ...given })
  Object.assign(window, { api })
  api.onPush((push) => {
    if (push.type === 'import-progress') useAppStatus.getState().receiveImportProgress(push.progress)
  })
  await act(() => useAppStatus.getState().refresh())
  return world
}
const click = (label: string): Promise<void> =>
  act(async () => {
    const found = [...drawn.element.querySelectorAll('button')].find(
      (button) =>
        button.ariaLabel === label || button.getAttribute('aria-label') === label || button.textContent === label,
    )
    if (found === undefined) throw new Error(`no button says ${label}`)
    found.click()
  })

describe('the panel of import', () => {
  it('is not there while there is nothing to do and nothing failed', async () => {
    await open({})
    drawn = await draw(<ImportPanel />)
    expect(drawn.element.textContent).toBe('')
  })

  it('says what is left and for how long, pauses, and goes on', async () => {
    const world = await open({ importProgress: running })
    drawn = await draw(<ImportPanel />)
    expect(drawn.element.textContent).toContain('Importing')
    expect(drawn.element.textContent).toContain('12 files to read')
    expect(drawn.element.textContent).toContain('300 passages to embed')
    expect(drawn.element.textContent).toContain('about 4 min left')
    expect(drawn.element.querySelector('[role="progressbar"]')?.getAttribute('aria-valuenow')).toBe('25')
    await click('Pause import')
    expect(world.requests.at(-1)).toEqual({ channel: 'library:pause', request: { isPaused: true } })
    expect(drawn.element.textContent).toContain('Import paused')
    await click('Go on with import')
    expect(world.requests.at(-1)).toEqual({ channel: 'library:pause', request: { isPaused: false } })
  })

  it('stays while import is paused without work, and reads again what failed', async () => {
    const failed = fakeSummary(1, { name: 'a.pdf', state: 'needs-attention' })
    const world = await open({ importProgress: { ...idleImport, isPaused: true }, documents: [failed] })
    drawn = await draw(<ImportPanel />)
    expect(drawn.element.textContent).toContain('New files wait until it goes on.')
    expect(drawn.element.textContent).toContain('1 needs attention')
    await click('Read again')
    expect(world.requests.at(-1)).toEqual({ channel: 'library:retry-failed', request: {} })
  })

  it('names the file that is read, says how far it is, and stops it', async () => {
    const { id } = fakeSummary(1, { name: 'Tides.pdf' })
    const reading = { documentId: id, name: 'Tides.pdf', pagesRead: 12, pageCount: 40, passagesRead: 31 }
    const world = await open({ importProgress: { ...running, reading } })
    drawn = await draw(<ImportPanel />)
    expect(drawn.element.textContent).toContain('Tides.pdf')
    expect(drawn.element.textContent).toContain('page 12 of 40')
    await click('Stop reading Tides.pdf')
    expect(world.requests.at(-1)).toEqual({ channel: 'library:stop', request: { documentIds: [id] } })
  })

  it('claims no share while nobody knows how much waits', async () => {
    await open({ importProgress: { ...running, passagesExpected: null } })
    drawn = await draw(<ImportPanel />)
    expect(drawn.element.querySelector('[role="progressbar"]')).toBeNull()
    await drawn.remove()
    await open({ importProgress: { ...running, passagesExpected: 600 } })
    drawn = await draw(<ImportPanel />)
    expect(drawn.element.querySelector('[role="progressbar"]')?.getAttribute('aria-valuenow')).toBe('10')
  })

  it('counts what is held with what failed, and lists both alone', async () => {
    const failed = fakeSummary(1, { name: 'a.pdf', state: 'needs-attention' })
    const world = await open({ importProgress: { ...idleImport, documentsHeld: 2 }, documents: [failed] })
    drawn = await draw(<ImportPanel />)
    expect(drawn.element.textContent).toContain('3 need attention')
    await click('3 need attention')
    expect(world.requests.at(-1)).toMatchObject({ channel: 'library:list', request: { onlyAttention: true } })
    expect(drawn.element.querySelector('[aria-pressed]')?.getAttribute('aria-pressed')).toBe('true')
    await click('3 need attention')
    expect(useLibrary.getState().rows.onlyAttention).toBe(false)
  })

  it('says when documents are cut anew, and that the present passages answer', async () => {
    await open({ importProgress: { ...idleImport, documentsToCut: 3 } })
    drawn = await draw(<ImportPanel />)
    expect(drawn.element.textContent).toContain('Renewing passages')
    expect(drawn.element.textContent).toContain('3 documents')
    expect(drawn.element.querySelector('[role="progressbar"]')).toBeNull()
  })

  it('never claims seconds, and says when it is only a lower bound', () => {
    for (const language of pageLanguages) {
      const t = translateWith(createTranslator(language))
      const texts = [5, 250, 40_000].flatMap((seconds) =>
        [true, false].map((isAtLeast) => timeLeftText(t, { seconds, isAtLeast })),
      )
      expect(new Set(texts).size).toBe(6)
      expect(texts.join(' ')).not.toContain('{{')
    }
    expect(timeLeftText(translateWith(createTranslator('en')), null)).toBeNull()
  })
})

describe('a row of the library', () => {
  const drawRow = async (over: Partial<DocumentSummary>, progress: ImportProgress = idleImport) => {
    await open({ importProgress: progress })
    const document = fakeSummary(1, { name: 'a.pdf', chunkCount: 40, embeddedChunkCount: 40, ...over })
    const nothing = (): void => undefined
    drawn = await draw(
      <DocumentRow
        document={document}
        isOpen={false}
        onOpen={nothing}
        onScan={nothing}
        onReveal={nothing}
        onRetry={nothing}
        onStop={nothing}
        onRemove={nothing}
      />,
    )
    return drawn.element
  }

  it('shows both states: searchable with what is embedded, and ready', async () => {
    const searchable = await drawRow({ state: 'searchable', embeddedChunkCount: 10 })
    expect(searchable.textContent).toContain('searchable, 25% embedded')
    await drawn.remove()
    const checked = await drawRow({ state: 'searchable' })
    expect(checked.textContent).toContain('searchable, being checked')
    await drawn.remove()
    const ready = await drawRow({ state: 'ready' })
    expect(ready.querySelector('[role="img"][aria-label="ready"]')).not.toBeNull()
  })

  it('shows the page that is read', async () => {
    const { id } = fakeSummary(1, { name: 'a.pdf' })
    const reading = { documentId: id, name: 'a.pdf', pagesRead: 1_012, pageCount: 1_500, passagesRead: 9 }
    const row = await drawRow({ state: 'reading' }, { ...running, reading })
    expect(row.textContent).toContain('reading, page 1,012 of 1,500')
  })

  it('says why one was stopped, without a bar that never moves, and how it goes on', async () => {
    const row = await drawRow({
      state: 'searchable',
      embeddedChunkCount: 10,
      problem: { code: 'import-stopped', message: '', retryable: true, details: { reason: 'embedding' } },
    })
    expect(row.textContent).toContain('found by its words only')
    expect(row.textContent).toContain('Go on')
    expect(row.querySelector('[role="progressbar"]')).toBeNull()
  })
})
