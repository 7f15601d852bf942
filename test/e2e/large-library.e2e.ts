import { expect, type Page, test } from '@playwright/test'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { launchCarrel, makeFolder } from './support/launch.ts'
import { readStatus } from './support/library.ts'
import { fillLibrary } from './support/many-documents.ts'

const many = 50_000
/** More rows than any window shows, and far fewer than there are. */
const mostDrawn = 120

const rows = (page: Page) => page.getByTestId('document-row')
const row = (page: Page, name: string) => rows(page).filter({ hasText: name })
const scroller = (page: Page) => page.getByRole('list', { name: 'Documents' }).locator('xpath=..')

/** Draws what is there at a share (0..1) of the whole list. */
async function scrollTo(page: Page, share: number): Promise<void> {
  await scroller(page).evaluate((element, to) => {
    element.scrollTop = (element.scrollHeight - element.clientHeight) * to
  }, share)
}

async function useEnglish(page: Page): Promise<void> {
  await expect(page.getByTestId('composer')).toBeVisible()
  await page.evaluate(() => window.api.request('settings:set', { language: 'en' }))
}

test('50,000 documents: only what is seen is drawn and read; any of them is scrolled to, found and opened', async () => {
  test.setTimeout(300_000)
  await using data = await makeFolder('carrel-many-')
  await fillLibrary(data.path, { ready: many, waiting: 0, waitingFolder: data.path })
  await using app = await launchCarrel({ dataFolder: data.path })
  const { page } = app
  await useEnglish(page)
  expect((await readStatus(page)).totals).toMatchObject({ documents: many, byState: { ready: many } })
  await expect(row(page, 'Report 49999.txt')).toBeVisible()
  const first = page
    .getByRole('listitem')
    .filter({ has: rows(page) })
    .first()
  await expect(first).toHaveAttribute('aria-setsize', String(many))
  expect(await rows(page).count()).toBeLessThan(mostDrawn)

  await scrollTo(page, 1)
  await expect(row(page, 'Report 00000.txt')).toBeVisible()
  expect(await rows(page).count()).toBeLessThan(mostDrawn)
  await scrollTo(page, 0.5)
  await expect(
    rows(page)
      .filter({ hasText: /Report 2[45]\d\d\d\.txt/ })
      .first(),
  ).toBeVisible()
  // No skeleton stays behind.
  await expect(page.getByRole('img', { name: 'Loading' })).toHaveCount(0)

  await page.getByRole('searchbox', { name: 'Find in library' }).fill('31415')
  await expect(rows(page)).toHaveCount(1)
  await row(page, 'Report 31415.txt').getByRole('button').first().click()
  await expect(page.getByTestId('evidence-text')).toContainText('Report number 31415')
  await page.getByRole('searchbox', { name: 'Find in library' }).fill('no such report')
  await expect(page.getByText('No document has “no such report” in its name.')).toBeVisible()
  await page.getByRole('searchbox', { name: 'Find in library' }).fill('')
  await expect(row(page, 'Report 49999.txt')).toBeVisible()
  await row(page, 'Report 49999.txt').getByRole('button').first().focus()
  for (let presses = 0; presses < 60; presses += 1) await page.keyboard.press('ArrowDown')
  await expect(row(page, 'Report 49939.txt').getByRole('button').first()).toBeFocused()
  expect(await rows(page).count()).toBeLessThan(mostDrawn)
})

test('50,000 files wait: the queue says so, goes on, stops and pauses; a new drop goes before all of them', async () => {
  test.setTimeout(300_000)
  await using data = await makeFolder('carrel-many-')
  await using files = await makeFolder('carrel-files-')
  // The first is long enough to be stopped in the middle; of the others only some are there.
  await writeFile(
    join(files.path, 'Waiting 00000.txt'),
    Array.from({ length: 60_000 }, (_, line) => `Line ${line} tells of the harbour and of its barges.`).join('\n\n'),
  )
  for (let number = 1; number < 40; number += 1)
    await writeFile(
      join(files.path, `Waiting ${String(number).padStart(5, '0')}.txt`),
      `The keeper of lock ${number} writes about the ice.`,
    )
  await fillLibrary(data.path, { ready: 0, waiting: many, waitingFolder: files.path })
  await using app = await launchCarrel({ dataFolder: data.path })
  const { page } = app
  await useEnglish(page)
  const panel = page.getByTestId('import-panel')
  await expect(panel).toContainText('Import paused')
  await expect(panel).toContainText('50,000 files to read')
  await expect(row(page, 'Waiting 49999.txt')).toBeVisible()
  expect(await rows(page).count()).toBeLessThan(mostDrawn)

  await panel.getByRole('button', { name: 'Go on with import' }).click()
  const reading = page.getByTestId('import-reading')
  await expect(reading).toContainText('Waiting 00000.txt')
  await expect(reading).toContainText('passages', { timeout: 60_000 })
  await reading.getByRole('button', { name: 'Stop reading Waiting 00000.txt' }).click()
  await expect.poll(async () => (await readStatus(page)).totals.byState['needs-attention']).toBeGreaterThanOrEqual(1)
  await expect
    .poll(async () => (await readStatus(page)).totals.byState.searchable, { timeout: 60_000 })
    .toBeGreaterThan(0)

  await mkdir(join(files.path, 'now'))
  await writeFile(join(files.path, 'now', 'Urgent.txt'), 'The sluice must be closed before the flood comes at noon.')
  await page.evaluate(async () => window.api.request('library:pause', { isPaused: true }))
  await expect(panel).toContainText('Import paused')
  await app.application.evaluate(
    ({ dialog }, path) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] })
    },
    join(files.path, 'now'),
  )
  await page.keyboard.press('Control+o')
  await expect(row(page, 'Urgent.txt')).toBeVisible()
  const before = (await readStatus(page)).importProgress.filesToRead
  expect(before).toBeGreaterThan(40_000)
  await panel.getByRole('button', { name: 'Go on with import' }).click()
  await expect(
    row(page, 'Urgent.txt').and(page.locator('[data-state="ready"], [data-state="searchable"]')),
  ).toBeVisible({
    timeout: 60_000,
  })
  // Files that are not there any more are named, each with its reason, and hold up nothing.
  await expect
    .poll(async () => (await readStatus(page)).totals.byState['needs-attention'], { timeout: 120_000 })
    .toBeGreaterThan(1_000)
  await panel.getByRole('button', { name: 'Pause import' }).click()
  await expect(panel).toContainText('Import paused')
  await panel.getByRole('button', { name: /needs? attention/ }).click()
  await expect(page.getByRole('heading', { name: 'Needs attention' })).toBeVisible()
  await expect(rows(page).first()).toHaveAttribute('data-state', 'needs-attention')
  expect(await rows(page).count()).toBeLessThan(mostDrawn)
  await scrollTo(page, 1)
  await expect(row(page, 'Waiting 00000.txt')).toContainText('stopped')
})
