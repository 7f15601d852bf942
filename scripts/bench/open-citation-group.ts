import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { noModelServer } from '../../test/e2e/support/launch.ts'
import { ask, readNewestConversation } from '../../test/e2e/support/library.ts'
import type { BenchContext, BenchRow } from './bench-row.ts'
import { isThere } from './filled-library.ts'
import { questionAbout, writeLargePdf } from './large-pdf.ts'
import { importByDrop, startApp } from './running-app.ts'
import { median } from './statistics.ts'

/** Of the document; the pages asked about lie far apart in it. */
const full = { pages: 1_000, asked: [737, 61, 930, 402, 999], launches: 7, rounds: 4 }
const quick = { pages: 60, asked: [37, 11], launches: 2, rounds: 1 }

/** The first open and those after it, each from the click to the page drawn with its mark in sight. */
interface Opened {
  readonly firstMs: number
  /** Another citation in the open document. */
  readonly nextMs: readonly number[]
  /** The pane was closed before. */
  readonly againMs: readonly number[]
}

/** Opening citations in a PDF of 1,000 pages, in the real app. Each launch opens the document for the first time. */
export async function measureOpenCitation(context: BenchContext): Promise<readonly BenchRow[]> {
  const { isQuick, scratchFolder, say } = context
  const { pages, asked, launches, rounds } = isQuick ? quick : full
  const folder = join(scratchFolder, 'open-citation')
  const dataFolder = join(folder, 'data')
  const documents = join(folder, 'documents')
  await mkdir(documents, { recursive: true })
  say(`  a PDF of ${pages} pages is written and imported ...`)
  await writeLargePdf(join(documents, 'archives.pdf'), pages)
  await prepareConversation(dataFolder, documents, asked)
  const opened: Opened[] = []
  for (let launch = 0; launch < launches; launch += 1) {
    await using app = await startApp(dataFolder, noModelServer)
    opened.push(await openCitations(app.page, asked.length, rounds))
    await app.quit()
  }
  if (await isThere(folder)) await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  const row = (what: string, values: readonly number[], reachMs: number): BenchRow => ({
    group: 'open-citation',
    what: `${what}, PDF of ${pages} pages`,
    value: median(values),
    unit: 'ms',
    reach: { bound: 'at most', value: reachMs },
    note: `click to drawn page with its mark; median of ${values.length}, slowest ${Math.max(...values).toFixed(0)} ms`,
  })
  return [
    row(
      'first citation after the launch',
      opened.map(({ firstMs }) => firstMs),
      1_000,
    ),
    row(
      'another citation in the open document',
      opened.flatMap(({ nextMs }) => nextMs),
      300,
    ),
    row(
      'a citation after the pane was closed',
      opened.flatMap(({ againMs }) => againMs),
      300,
    ),
  ]
}

/** One conversation whose answers cite pages far apart. */
async function prepareConversation(dataFolder: string, documents: string, asked: readonly number[]): Promise<void> {
  await using app = await startApp(dataFolder, noModelServer)
  const { page } = app
  await importByDrop(page, documents, 1)
  const pagesCited = new Set<number>()
  for (const [index, number] of asked.entries()) {
    await ask(page, questionAbout(number))
    await page.locator('[data-testid="turn"][aria-busy="false"]').nth(index).waitFor({ timeout: 60_000 })
    const cited = (await readNewestConversation(page)).turns.at(-1)?.sources[0]?.page ?? null
    // A page near the one asked about may be closer to the question; opening it takes as long.
    if (cited === null || pagesCited.has(cited))
      throw new Error(`The benchmark's question about page ${number} found page ${cited}, as an earlier one did.`)
    pagesCited.add(cited)
  }
  await app.quit()
}

async function openCitations(page: Page, turns: number, rounds: number): Promise<Opened> {
  await page.getByRole('tab').nth(1).click()
  await page.getByTestId('conversation-row').first().click()
  await page
    .locator('[data-testid="turn"]')
    .nth(turns - 1)
    .waitFor()
  const firstMs = await openFirstSource(page, 0)
  const nextMs: number[] = []
  const againMs: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 1; turn <= turns; turn += 1) nextMs.push(await openFirstSource(page, turn % turns))
    await page.getByRole('button', { name: /Close the evidence pane/ }).click()
    await page.locator('[data-pane="right"]').waitFor({ state: 'detached' })
    againMs.push(await openFirstSource(page, (round + 1) % turns))
  }
  return { firstMs, nextMs, againMs }
}

/** Clicks the first source of a turn. @returns ms until the page with its mark is drawn and in sight. */
function openFirstSource(page: Page, turn: number): Promise<number> {
  return page.evaluate(
    (index) =>
      new Promise<number>((resolve, reject) => {
        const turns = document.querySelectorAll('[data-testid="turn"]')
        const card = turns[index]?.querySelector<HTMLElement>('[data-testid="passage-card"]')
        if (card == null) return reject(new Error('The answer of the benchmark has no source.'))
        // What was marked before is no sign of what comes now.
        const before = new Set(document.querySelectorAll('[data-testid="pdf-mark"]'))
        const startedAt = performance.now()
        const isDrawn = (mark: Element): boolean => {
          if (before.has(mark)) return false
          const { top, bottom } = mark.getBoundingClientRect()
          const view = mark.closest('[data-testid="pdf-pages"]')?.getBoundingClientRect()
          const sheet = mark.closest<HTMLElement>('.pdf-page')
          return view !== undefined && top >= view.top && bottom <= view.bottom && sheet?.dataset['drawn'] === 'true'
        }
        const look = (): void => {
          const marks = [...document.querySelectorAll('[data-testid="pdf-mark"]')]
          if (marks.some(isDrawn)) resolve(performance.now() - startedAt)
          else if (performance.now() - startedAt > 60_000) reject(new Error('The page was not drawn within a minute.'))
          else requestAnimationFrame(look)
        }
        card.click()
        requestAnimationFrame(look)
      }),
    turn,
  )
}
