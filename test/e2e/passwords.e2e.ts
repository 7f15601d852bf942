import { AxeBuilder } from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dropFiles } from './support/drop-files.ts'
import { launchCarrel, makeFolder, projectFolder } from './support/launch.ts'
import { ask, waitUntilReady } from './support/library.ts'

const lockedPdf = join(projectFolder, 'test', 'fixtures', 'documents', 'encrypted.pdf')
const password = 'harbour'

/** Every byte that the app keeps, whatever file it is in. */
async function everythingKept(folder: string): Promise<Buffer> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return Buffer.concat(await Promise.all(files.map((file) => readFile(file))))
}

test('a locked PDF asks for its password once; a wrong one is said, cancelling leaves a way back', async () => {
  await using folder = await makeFolder('carrel-locked-')
  {
    await using app = await launchCarrel({ dataFolder: folder.path })
    const { page } = app
    await dropFiles(page, [lockedPdf])
    const dialog = page.getByRole('dialog', { name: 'This document is locked' })
    await expect(dialog).toContainText('encrypted.pdf')
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
    expect(violations.map(({ id }) => id)).toEqual([])

    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await expect(dialog).toBeHidden()
    const row = page.getByTestId('document-row')
    await expect(row).toContainText('Protected by a password.')
    await row.getByRole('button', { name: 'Enter password…' }).click()

    await dialog.getByLabel('Password', { exact: true }).fill('harbor')
    await page.keyboard.press('Enter')
    await expect(dialog.getByRole('status')).toContainText('does not open it')
    await dialog.getByLabel('Password', { exact: true }).fill(password)
    await page.keyboard.press('Enter')
    await expect(dialog).toBeHidden()
    await waitUntilReady(page, 1)

    await ask(page, 'What may nobody read?')
    await expect(page.getByTestId('answer')).toHaveAttribute('data-state', 'complete')
    await page.getByTestId('passage-card').first().click()
    await expect(page.getByTestId('pdf-mark').first()).toBeVisible()
    await app.quit()
  }
  expect((await everythingKept(folder.path)).includes(password)).toBe(false)
  {
    // The password is forgotten with the app: the stored text is shown, and the pages ask again.
    await using app = await launchCarrel({ dataFolder: folder.path })
    const { page } = app
    await page.getByTestId('document-row').locator('[data-row-button]').click()
    const note = page.getByRole('note')
    await expect(note).toContainText('Its pages open with the password')
    await note.getByRole('button', { name: 'Enter password…' }).click()
    await page.getByRole('dialog').getByLabel('Password', { exact: true }).fill(password)
    await page.keyboard.press('Enter')
    await expect(page.locator('.pdf-page canvas')).toBeVisible()
  }
})
