import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { launchCarrel, makeFolder, type RunningApp } from './support/launch.ts'
import { readStatus } from './support/library.ts'

/** What a person would choose in the system's dialog. */
async function chooseInDialog(app: RunningApp, path: string): Promise<void> {
  await app.application.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] })
  }, path)
}

async function followFolder(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Add documents' }).click()
  await page.getByRole('menuitem', { name: 'Watch a folder' }).click()
}

async function clean(page: Page): Promise<void> {
  await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => null))))
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
  expect(
    violations.flatMap(({ id, nodes }) =>
      nodes
        .filter(({ html }) => !(id === 'region' && html.includes('data-radix-popper-')))
        .map(({ html }) => `${id} ${html}`),
    ),
  ).toEqual([])
}

const documents = (page: Page) => page.getByTestId('document-row')

test('a folder is followed, also over a restart; its rules are changed; watching stops, and the files stay', async () => {
  test.setTimeout(240_000)
  await using folder = await makeFolder('carrel-watched-')
  await using data = await makeFolder('carrel-data-')
  const root = join(folder.path, 'Leases')
  await mkdir(join(root, 'drafts'), { recursive: true })
  await writeFile(join(root, 'one.md'), 'The heron nests in the reeds.')
  await writeFile(join(root, 'drafts', 'two.md'), 'Barges load grain at the quay.')
  {
    await using app = await launchCarrel({ dataFolder: data.path })
    const { page } = app
    await page.evaluate(() => window.api.request('settings:set', { language: 'en' }))
    const row = page.getByTestId('watched-folder')
    await expect(page.getByTestId('composer')).toBeVisible()
    await chooseInDialog(app, root)
    await followFolder(page)
    await expect(row).toHaveAttribute('data-state', 'in-step', { timeout: 60_000 })
    await expect(row).toContainText(/In step · \d/)
    await expect(documents(page)).toHaveCount(2)

    await writeFile(join(root, 'three.md'), 'Ice is measured every morning.')
    await expect(documents(page).filter({ hasText: 'three.md' })).toBeVisible({ timeout: 30_000 })
    await rename(join(root, 'three.md'), join(root, 'ice.md'))
    await expect(documents(page).filter({ hasText: 'ice.md' })).toBeVisible({ timeout: 30_000 })
    await expect(documents(page)).toHaveCount(3)
    await rm(join(root, 'ice.md'))
    await expect(documents(page)).toHaveCount(2, { timeout: 30_000 })
    await clean(page)

    await row.getByRole('button', { name: 'Actions for Leases' }).focus()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('menu')).toBeVisible()
    await clean(page)
    await page.getByRole('menuitem', { name: 'What is left out' }).click()
    await clean(page)
    await page.getByLabel('Leave out by name').fill('drafts/')
    await page.getByLabel('Leave out files larger than').fill('0')
    await expect(page.getByRole('alert')).toHaveText('A whole number from 1 to 200.')
    await expect(page.getByRole('button', { name: 'Save' })).toBeDisabled()
    await page.getByLabel('Leave out files larger than').fill('50')
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(documents(page)).toHaveCount(1, { timeout: 30_000 })

    await row.getByRole('button', { name: 'Actions for Leases' }).click()
    await page.getByRole('menuitem', { name: 'Pause' }).click()
    await expect(row).toHaveAttribute('data-state', 'paused')
    await row.getByRole('button', { name: 'Actions for Leases' }).click()
    await page.getByRole('menuitem', { name: 'Resume' }).click()
    await expect(row).toHaveAttribute('data-state', 'in-step', { timeout: 30_000 })
    await app.quit()
  }
  await writeFile(join(root, 'while closed.md'), 'The sluice closes at noon.')
  {
    await using app = await launchCarrel({ dataFolder: data.path })
    const { page } = app
    const row = page.getByTestId('watched-folder')
    await expect(documents(page).filter({ hasText: 'while closed.md' })).toBeVisible({ timeout: 60_000 })
    await expect.poll(async () => (await readStatus(page)).totals.byState.ready, { timeout: 60_000 }).toBe(2)

    await rename(root, join(folder.path, 'away'))
    await expect(row).toHaveAttribute('data-state', 'gone', { timeout: 60_000 })
    await expect(row).toContainText('Its documents are kept')
    await expect(documents(page)).toHaveCount(2)
    await clean(page)
    await rename(join(folder.path, 'away'), root)
    await expect(row).toHaveAttribute('data-state', 'in-step', { timeout: 60_000 })

    await row.getByRole('button', { name: 'Actions for Leases' }).click()
    await page.getByRole('menuitem', { name: 'Stop watching' }).click()
    await expect(page.getByRole('alertdialog')).toBeVisible()
    await clean(page)
    await page.getByRole('button', { name: 'Remove the documents' }).click()
    await expect(row).toHaveCount(0)
    await expect.poll(async () => (await readStatus(page)).totals.documents).toBe(0)
  }
  await rename(join(root, 'while closed.md'), join(root, 'still there.md'))
})
