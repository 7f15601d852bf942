import { expect, type Page, test } from '@playwright/test'
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expectAxeIsClean } from './support/axe.ts'
import { dropFiles } from './support/drop-files.ts'
import { launchCarrel, makeFolder, projectFolder, type RunningApp } from './support/launch.ts'
import { readStatus } from './support/library.ts'

const rows = (page: Page) => page.getByTestId('document-row')
const row = (page: Page, name: string) => rows(page).filter({ hasText: name })
const panel = (page: Page) => page.getByTestId('import-panel')
const fixture = (name: string): string => join(projectFolder, 'test', 'fixtures', 'documents', name)

/** Long enough to be in the middle of for a while. */
function longText(about: string, paragraphs: number): string {
  return Array.from(
    { length: paragraphs },
    (_, number) =>
      `Paragraph ${number} of the ${about}. ${`The keeper of the ${about} writes what came through on day ${number}. `.repeat(6)}`,
  ).join('\n\n')
}

async function start(dataFolder: string): Promise<RunningApp> {
  const app = await launchCarrel({ dataFolder })
  await expect(app.page.getByTestId('composer')).toBeVisible()
  await app.page.evaluate(() => window.api.request('settings:set', { language: 'en' }))
  return app
}

async function openMenu(page: Page, name: string): Promise<void> {
  await row(page, name).hover()
  await page.getByRole('button', { name: `Actions for ${name}` }).click()
  await expect(page.getByRole('menu')).toBeVisible()
}

test('the queue: what is read with its passages, time left, pause over a restart, stop, go on, ready', async () => {
  test.setTimeout(300_000)
  await using data = await makeFolder('carrel-data-')
  await using files = await makeFolder('carrel-files-')
  const path = (name: string): string => join(files.path, name)
  await writeFile(path('Lock book.txt'), longText('lock', 40_000))
  for (const number of [1, 2, 3]) await writeFile(path(`Note ${number}.txt`), longText(`weir ${number}`, 30))
  {
    await using app = await start(data.path)
    const { page } = app
    // Nothing to do: nothing to see.
    await expect(panel(page)).toHaveCount(0)
    await dropFiles(page, [path('Lock book.txt')])
    const reading = page.getByTestId('import-reading')
    await expect(reading).toContainText('Lock book.txt')
    await expect(reading).toContainText(/\d passages/)
    await expect(panel(page)).toContainText('1 file to read')
    // By keyboard alone.
    await panel(page).getByRole('button', { name: 'Pause import' }).focus()
    await page.keyboard.press('Enter')
    await expect(panel(page)).toHaveAttribute('data-paused', 'true')
    await expect(panel(page).getByRole('button', { name: 'Go on with import' })).toBeFocused()
    await expect(row(page, 'Lock book.txt')).toContainText('passages so far')
    await dropFiles(page, [path('Note 1.txt'), path('Note 2.txt'), path('Note 3.txt')])
    await expect(rows(page)).toHaveCount(4)
    await expect(panel(page)).toContainText('4 files to read')
    await expectAxeIsClean(page, 'paused in the middle of a file')
    await app.quit()
  }
  {
    await using app = await start(data.path)
    const { page } = app
    await expect(panel(page)).toContainText('Import paused')
    await expect(panel(page)).toContainText('4 files to read')
    const { importProgress } = await readStatus(page)
    expect(importProgress).toMatchObject({ isPaused: true, filesToRead: 4, reading: null })

    await openMenu(page, 'Note 3.txt')
    await page.getByRole('menuitem', { name: 'Stop reading' }).click()
    await expect(row(page, 'Note 3.txt')).toContainText('Reading this file was stopped')
    await expect(panel(page)).toContainText('3 files to read')

    await panel(page).getByRole('button', { name: 'Go on with import' }).click()
    await expect(page.getByTestId('import-reading')).toContainText('Lock book.txt', { timeout: 60_000 })
    await page.getByRole('button', { name: 'Stop reading Lock book.txt' }).click()
    await expect(row(page, 'Lock book.txt')).toContainText('Reading this file was stopped', { timeout: 30_000 })
    await expect(page.getByTestId('import-reading')).toHaveCount(0)
    // The others go on without it.
    await expect(row(page, 'Note 2.txt')).toHaveAttribute('data-state', 'ready', { timeout: 60_000 })
    await expect(row(page, 'Note 1.txt')).toHaveAttribute('data-state', 'ready', { timeout: 60_000 })

    await row(page, 'Lock book.txt').getByRole('button', { name: 'Read again' }).click()
    const lockBook = row(page, 'Lock book.txt')
    await expect(lockBook).toHaveAttribute('data-state', 'searchable', { timeout: 120_000 })
    await expect(lockBook).toContainText(/searchable, \d+% embedded/)
    await expect(panel(page)).toContainText(/\d passages to embed/)
    await expect(panel(page)).toContainText(/min(ute)? left/, { timeout: 60_000 })
    await expect(panel(page).getByRole('progressbar')).toHaveAttribute('aria-valuenow', /^\d+$/)
    await expectAxeIsClean(page, 'while passages are embedded')
    await openMenu(page, 'Lock book.txt')
    await page.getByRole('menuitem', { name: 'Stop embedding' }).click()
    await expect(lockBook).toContainText('found by its words only')
    await expect(panel(page)).toContainText('2 need attention')
    await expect(lockBook.getByRole('button', { name: 'Go on', exact: true })).toBeVisible()
    const { embeddedChunks, chunks } = (await readStatus(page)).totals
    expect(embeddedChunks).toBeLessThan(chunks)
  }
})

test('what failed is listed alone, read again once it can be, and shown in its folder', async () => {
  test.setTimeout(240_000)
  await using data = await makeFolder('carrel-data-')
  await using files = await makeFolder('carrel-files-')
  const path = (name: string): string => join(files.path, name)
  await mkdir(files.path, { recursive: true })
  for (let number = 0; number < 30; number += 1)
    await writeFile(path(`Letter ${number}.txt`), `The letter of day ${number} asks for news of the harbour.`)
  await copyFile(fixture('truncated.pdf'), path('Broken.pdf'))
  await writeFile(path('Nothing.txt'), '')
  await writeFile(path('Vanished.txt'), 'This file is away when its turn comes.')
  await using app = await start(data.path)
  const { page } = app
  await page.evaluate(() => window.api.request('library:pause', { isPaused: true }))
  await dropFiles(page, [files.path])
  await expect(panel(page)).toContainText('33 files to read')
  await rm(path('Vanished.txt'))
  await panel(page).getByRole('button', { name: 'Go on with import' }).click()
  await expect
    .poll(async () => (await readStatus(page)).totals.byState, { timeout: 120_000 })
    .toMatchObject({ ready: 30, 'needs-attention': 3, queued: 0, reading: 0, searchable: 0 })

  const attention = page.getByTestId('import-attention')
  await expect(attention).toContainText('3 need attention')
  await attention.getByRole('button', { name: /needs? attention/ }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Needs attention' })).toBeVisible()
  await expect(rows(page)).toHaveCount(3)
  // Each says what is wrong and what to do about it.
  for (const name of ['Broken.pdf', 'Nothing.txt', 'Vanished.txt'])
    await expect(row(page, name).locator('.text-warning').last()).toContainText(/\w+.*\./)
  await expectAxeIsClean(page, 'what needs attention, alone')

  await attention.getByRole('button', { name: 'Read again' }).click()
  await expect(page.getByText(/documents? (is|are) read again|Nothing to read again/)).toBeVisible()
  await expect.poll(async () => (await readStatus(page)).totals.byState['needs-attention'], { timeout: 60_000 }).toBe(3)
  await writeFile(path('Vanished.txt'), 'This file is away when its turn comes.')
  await attention.getByRole('button', { name: 'Read again' }).click()
  await expect(row(page, 'Vanished.txt')).toHaveCount(0, { timeout: 60_000 })
  await expect(rows(page)).toHaveCount(2)
  await page.getByRole('button', { name: 'Show all documents' }).click()
  await expect(row(page, 'Vanished.txt')).toHaveAttribute('data-state', 'ready')
  await expect(rows(page).first()).toBeVisible()

  await app.application.evaluate(({ shell }) => {
    const seen = globalThis as typeof globalThis & { revealed?: string }
    shell.showItemInFolder = (shown) => {
      seen.revealed = shown
    }
  })
  await row(page, 'Vanished.txt').getByRole('button').first().focus()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('button', { name: 'Actions for Vanished.txt' })).toBeFocused()
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Show in folder' }).click()
  await expect
    .poll(() => app.application.evaluate(() => (globalThis as typeof globalThis & { revealed?: string }).revealed))
    .toBe(path('Vanished.txt'))
})

test('the queue in Chinese and dark: nothing is cut off, and axe finds nothing', async () => {
  test.setTimeout(180_000)
  await using data = await makeFolder('carrel-data-')
  await using files = await makeFolder('carrel-files-')
  await using app = await start(data.path)
  const { page } = app
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.evaluate(() => window.api.request('settings:set', { language: 'zh-CN', theme: 'dark' }))
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
  const long = join(files.path, `${'关于港口与水闸运行情况的详细记录'.repeat(4)}.txt`)
  await writeFile(long, longText('水闸', 4_000))
  await writeFile(join(files.path, '空白.txt'), '')
  await dropFiles(page, [join(files.path, '空白.txt')])
  await expect(page.getByTestId('import-attention')).toContainText('1 份需要处理')
  await dropFiles(page, [long])
  await expect(page.getByTestId('import-reading')).toContainText('关于港口')
  await expectAxeIsClean(page, 'importing')
  // Long names give way; the buttons stay within the panel.
  const overflow = await panel(page).evaluate((element) => element.scrollWidth - element.clientWidth)
  expect(overflow).toBeLessThanOrEqual(0)
  await panel(page).getByRole('button', { name: '暂停导入' }).click()
  await expect(panel(page)).toContainText('导入已暂停')
  await expectAxeIsClean(page, 'paused')
})
