import { rm, writeFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ElectronApplication, Page } from '@playwright/test'
import { noModelServer } from '../../test/e2e/support/launch.ts'
import { readStatus } from '../../test/e2e/support/library.ts'
import { fillLibrary } from '../../test/e2e/support/many-documents.ts'
import type { BenchContext, BenchRow } from './bench-row.ts'
import { startProbe, takeGaps } from './main-gaps.ts'
import { startApp } from './running-app.ts'
import { summariseStalls } from './stalls.ts'
import { quantile } from './statistics.ts'

const idleMs = 3_000
const filters = ['r', 're', 'rep', 'report 3', '31415', 'harbour', 'zzz', '']

/**
 * A library of 50,000 documents in the real app: its list scrolled, filtered and opened from; then 50,000 files that wait while
 * some are read. Main's stalls, and how long frames of the page take.
 */
export async function measureLibrary(context: BenchContext): Promise<readonly BenchRow[]> {
  const documents = context.isQuick ? 2_000 : 50_000
  return [...(await measureList(context, documents)), ...(await measureQueue(context, documents))]
}

async function measureList({ isQuick, scratchFolder, say }: BenchContext, documents: number): Promise<BenchRow[]> {
  const dataFolder = join(scratchFolder, 'library-list')
  say(`  a library of ${documents} documents ...`)
  await fillLibrary(dataFolder, { ready: documents, waiting: 0, waitingFolder: dataFolder })
  try {
    await using app = await startApp(dataFolder, noModelServer)
    const { page, application } = app
    await page.getByTestId('document-row').first().waitFor()
    const idleGaps = await probeIdle(page, application)
    const frames = await scrollThrough(page, isQuick ? 20 : 200)
    const lists = await filterAll(page, isQuick ? 1 : 10)
    for (let opened = 0; opened < (isQuick ? 3 : 20); opened += 1) {
      await page.getByTestId('document-row').nth(opened).getByRole('button').first().click()
      await page.getByTestId('evidence-text').waitFor()
    }
    const { longestMs, lostShare } = summariseStalls(await takeGaps(application), idleGaps)
    const note = `${documents} documents: scrolled from end to end, ${lists.length} filters, documents opened`
    return [
      stallRow(
        'longest stall of main, long list',
        longestMs,
        `${note}; ${(lostShare * 100).toFixed(2)} % of the time lost`,
      ),
      timeRow(
        'a filter of the long list, 95th percentile',
        quantile(lists, 0.95),
        `${lists.length} requests of the page`,
      ),
      timeRow(
        'frames of the page while scrolling, 95th percentile',
        quantile(frames, 0.95),
        `${frames.length} frames, longest ${Math.max(...frames).toFixed(0)} ms`,
      ),
    ]
  } finally {
    await rm(dataFolder, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function measureQueue({ isQuick, scratchFolder, say }: BenchContext, waiting: number): Promise<BenchRow[]> {
  const dataFolder = join(scratchFolder, 'library-queue')
  const files = join(scratchFolder, 'library-files')
  const real = isQuick ? 20 : 400
  say(`  ${waiting} files that wait, of which ${real} are read ...`)
  await mkdir(files, { recursive: true })
  for (let number = 0; number < real; number += 1)
    await writeFile(
      join(files, `Waiting ${String(number).padStart(5, '0')}.txt`),
      `${`The keeper of lock ${number} writes about the ice of the week. `.repeat(20)}\n`,
    )
  await fillLibrary(dataFolder, { ready: 0, waiting, waitingFolder: files })
  try {
    await using app = await startApp(dataFolder, noModelServer)
    const { page, application } = app
    await page.getByTestId('document-row').first().waitFor()
    const idleGaps = await probeIdle(page, application)
    await page.evaluate(() => window.api.request('library:pause', { isPaused: false }))
    const deadline = Date.now() + 10 * 60_000
    for (;;) {
      const { byState } = (await readStatus(page)).totals
      if (byState.ready + byState.searchable + byState['needs-attention'] >= real) break
      if (Date.now() > deadline) throw new Error('The files that wait were not read within 10 minutes.')
      await scrollThrough(page, 5)
    }
    await page.evaluate(() => window.api.request('library:pause', { isPaused: true }))
    const { longestMs, lostShare } = summariseStalls(await takeGaps(application), idleGaps)
    return [
      stallRow(
        'longest stall of main, long queue',
        longestMs,
        `${waiting} files waited while ${real} were read and the list was scrolled; ${(lostShare * 100).toFixed(2)} % of the time lost`,
      ),
    ]
  } finally {
    await rm(dataFolder, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function probeIdle(page: Page, application: ElectronApplication): Promise<readonly number[]> {
  await startProbe(application)
  await page.waitForTimeout(idleMs)
  return takeGaps(application)
}

/** From the beginning to the end of the list in so many steps, one a frame. @returns ms between frames */
function scrollThrough(page: Page, steps: number): Promise<number[]> {
  return page.evaluate(async (count) => {
    const list = document.querySelector('[data-testid="document-row"]')?.closest('[role="list"]')?.parentElement
    if (list == null) throw new Error('The list is not there.')
    const times: number[] = []
    let last = performance.now()
    for (let step = 0; step <= count; step += 1) {
      list.scrollTop = ((list.scrollHeight - list.clientHeight) * step) / count
      const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve))
      times.push(now - last)
      last = now
    }
    list.scrollTop = 0
    return times
  }, steps)
}

/** @returns ms from the request to the reply, each */
function filterAll(page: Page, rounds: number): Promise<number[]> {
  return page.evaluate(
    async ({ texts, count }) => {
      const times: number[] = []
      for (let round = 0; round < count; round += 1)
        for (const filter of texts) {
          const startedMs = performance.now()
          const result = await window.api.request('library:list', { offset: 0, limit: 500, filter })
          times.push(performance.now() - startedMs)
          if (!result.ok) throw new Error(result.error.code)
        }
      return times
    },
    { texts: filters, count: rounds },
  )
}

function stallRow(what: string, value: number, note: string): BenchRow {
  return { group: 'library', what, value, unit: 'ms', reach: { bound: 'at most', value: 50 }, note }
}

function timeRow(what: string, value: number, note: string): BenchRow {
  return { group: 'library', what, value, unit: 'ms', reach: null, note }
}
