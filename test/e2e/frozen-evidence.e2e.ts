import { AxeBuilder } from '@axe-core/playwright'
import { expect, test, type Page } from '@playwright/test'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dropFiles } from './support/drop-files.ts'
import { launchCarrel, makeFolder } from './support/launch.ts'
import { ask, importDeadlineMs, waitUntilReady } from './support/library.ts'

const lease = (notice: string, before = ''): string =>
  `${before}# Lease of the boathouse\n\nThe tenant may end the lease early with ${notice} of written notice to the harbour office. The deposit is paid back within eight weeks.\n`

async function documentIds(page: Page): Promise<readonly string[]> {
  const list = await page.evaluate(() =>
    window.api.request('library:list', { offset: 0, limit: 10, filter: '', collectionId: null }),
  )
  return list.ok ? list.value.documents.filter(({ state }) => state === 'ready').map(({ id }) => id) : []
}

/** Writes the file anew and waits until its new version has taken the place of the old one. */
async function change(page: Page, path: string, text: string): Promise<void> {
  const before = await documentIds(page)
  await writeFile(path, text)
  await dropFiles(page, [path])
  await expect
    .poll(async () => (await documentIds(page)).filter((id) => !before.includes(id)).length, {
      timeout: importDeadlineMs,
    })
    .toBe(1)
}

async function askAndOpen(page: Page, question: string): Promise<void> {
  await ask(page, question)
  await expect(page.getByTestId('answer')).toHaveAttribute('data-state', 'complete')
  await page.getByTestId('passage-card').first().click()
  await expect(page.getByTestId('evidence-mark').first()).toBeVisible()
}

test('a file that changed since the answer: the kept passage, a word on it, and what stands there now', async () => {
  await using folder = await makeFolder('carrel-files-')
  await using app = await launchCarrel()
  const { page } = app
  const path = join(folder.path, 'lease.md')
  await writeFile(path, lease('six months'))
  await dropFiles(page, [path])
  await waitUntilReady(page, 1)
  await askAndOpen(page, 'How can the tenant end the lease early?')

  // The pane is open while it happens.
  await change(page, path, lease('nine months', '# Where it lies\n\nThe boathouse lies at the northern quay.\n\n'))
  await expect(page.getByRole('note')).toContainText('This file has changed since the answer')
  await expect(page.getByTestId('kept-passage')).toContainText('with six months of written notice')
  const differences = page.getByTestId('passage-differences')
  await expect(differences.locator('article del')).toHaveText(/six/)
  await expect(differences.locator('article ins')).toHaveText(/nine/)
  await expect(differences.locator('article')).not.toContainText('northern quay')
  await expect(differences).toContainText('1 difference')
  // Told in words and drawn in lines, not in colours alone.
  await expect(differences.locator('article del')).toHaveText(' removed: six, end of change. ')
  expect(
    await differences.locator('article del').evaluate((element) => getComputedStyle(element).textDecorationLine),
  ).toBe('line-through')
  expect(
    await differences.locator('article ins').evaluate((element) => getComputedStyle(element).textDecorationLine),
  ).toBe('underline')
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).include('[data-pane="right"]').analyze()
  expect(violations.map(({ id }) => id)).toEqual([])

  await page.getByRole('button', { name: 'Open it as it is now' }).click()
  await expect(page.getByTestId('evidence-mark').filter({ hasText: 'nine months' })).toBeVisible()

  // Changed elsewhere, it stands there unchanged.
  await change(page, path, lease('six months', '# Upkeep\n\nThe boathouse was painted in June.\n\n'))
  await page.getByTestId('passage-card').first().click()
  await expect(page.getByRole('note')).toContainText('this passage stands in it unchanged')
  await expect(page.getByTestId('passage-differences')).toHaveCount(0)

  // Rewritten, nothing is like it.
  await change(page, path, '# Recipe\n\nBoil the potatoes, then fry the onions slowly until they are brown.\n')
  await expect(page.getByRole('note')).toContainText('Nothing like this passage stands in it now')
  await expect(page.getByTestId('kept-passage')).toContainText('with six months of written notice')

  // Out of the library, and after a new start, the evidence is still there.
  const [id] = await documentIds(page)
  await page.evaluate((documentId) => window.api.request('library:remove', { documentIds: [documentId as never] }), id)
  await page.reload()
  await page.getByRole('tab').nth(1).click()
  await page.getByTestId('conversation-row').first().click()
  await page.getByTestId('passage-card').first().click()
  await expect(page.getByRole('note')).toContainText('no longer in the library')
  await expect(page.getByTestId('kept-passage')).toContainText('with six months of written notice')
})

test('a document that is removed while it is open keeps its passage in sight', async () => {
  await using folder = await makeFolder('carrel-files-')
  await using app = await launchCarrel()
  const { page } = app
  const path = join(folder.path, 'lease.md')
  await writeFile(path, lease('six months'))
  await dropFiles(page, [path])
  await waitUntilReady(page, 1)
  await askAndOpen(page, 'How can the tenant end the lease early?')
  const [id] = await documentIds(page)
  await page.evaluate((documentId) => window.api.request('library:remove', { documentIds: [documentId as never] }), id)
  await expect(page.getByRole('note')).toContainText('no longer in the library')
  await expect(page.getByTestId('kept-passage')).toContainText('six months')
})

test('a Chinese file is compared by its words', async () => {
  await using folder = await makeFolder('carrel-files-')
  await using app = await launchCarrel()
  const { page } = app
  const path = join(folder.path, '租约.md')
  const text = (days: string): string =>
    `# 船屋租约\n\n承租人提前终止租约，须提前${days}书面通知港务处。押金于八周内退还。\n`
  await writeFile(path, text('三十日'))
  await dropFiles(page, [path])
  await waitUntilReady(page, 1)
  await askAndOpen(page, '提前终止租约须提前多久通知？')
  await change(page, path, text('六十日'))
  const differences = page.getByTestId('passage-differences').locator('article')
  await expect(differences.locator('del')).toContainText('三十')
  await expect(differences.locator('ins')).toContainText('六十')
  await expect(differences).toContainText('书面通知港务处')
})
