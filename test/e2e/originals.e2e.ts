import { expect, test, type Page } from '@playwright/test'
import { chmod, copyFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDocx } from '../support/documents/docx-writer.ts'
import { dropFiles } from './support/drop-files.ts'
import { launchCarrel, makeFolder, projectFolder } from './support/launch.ts'
import { waitUntilReady } from './support/library.ts'

const fixtures = join(projectFolder, 'test', 'fixtures', 'documents')
/** With a word of each that its stored text must still show. */
const kinds = [
  ['tides.pdf', 'tide'],
  ['notes.md', ''],
  ['page.html', ''],
  ['report.docx', 'carrels'],
  ['table.csv', 'Harbour'],
  ['letter.eml', 'keys'],
  ['plain.txt', 'lighthouse'],
] as const

async function writeKinds(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const name of ['tides.pdf', 'notes.md', 'page.html']) await copyFile(join(fixtures, name), join(folder, name))
  await writeFile(
    join(folder, 'report.docx'),
    writeDocx([{ type: 'paragraph', text: 'The carrels of the library open at nine.' }]),
  )
  await writeFile(join(folder, 'table.csv'), 'place,depth\nHarbour,12\nQuay,7\n')
  await writeFile(
    join(folder, 'letter.eml'),
    'From: Ann <ann@example.org>\nTo: Bo <bo@example.org>\nSubject: Keys\nDate: Mon, 2 Jun 2025 10:00:00 +0000\nContent-Type: text/plain; charset=utf-8\n\nThe keys are with the porter.\n',
  )
  await writeFile(join(folder, 'plain.txt'), 'The lighthouse is painted every third year.\n')
}

async function openRow(page: Page, name: string): Promise<void> {
  await page.getByTestId('document-row').filter({ hasText: name }).locator('[data-row-button]').click()
  await expect(page.getByRole('heading', { name, exact: true })).toBeVisible()
}

/** Opens every document anew: each says what became of its file, and shows its text all the same. */
async function expectState(page: Page, state: string | null): Promise<void> {
  for (const [name, word] of kinds) {
    await openRow(page, name)
    const told = page.getByTestId('original-state')
    if (state === null) {
      await expect(page.getByTestId(name.endsWith('.pdf') ? 'pdf-pages' : 'evidence-text')).toBeVisible()
      await expect(told).toHaveCount(0)
    } else {
      await expect(told, `${name} ${state}`).toHaveAttribute('data-state', state)
      await expect(page.getByTestId('evidence-text')).toContainText(word, { ignoreCase: true })
    }
    await page.getByRole('button', { name: 'Close the evidence pane' }).click()
  }
}

test('the file behind a document is moved, gone with its folder, replaced, and there again: said for every format', async () => {
  test.slow()
  await using root = await makeFolder('carrel-originals-')
  await using app = await launchCarrel()
  const { page } = app
  const folder = join(root.path, 'papers')
  await writeKinds(folder)
  await dropFiles(page, [folder])
  await waitUntilReady(page, kinds.length)
  await expectState(page, null)

  const apart = join(root.path, 'apart')
  await mkdir(apart)
  for (const name of await readdir(folder)) await rename(join(folder, name), join(apart, name))
  await expectState(page, 'moved')

  await rm(folder, { recursive: true })
  await expectState(page, 'folder-gone')

  await mkdir(folder)
  for (const [name] of kinds) await writeFile(join(folder, name), 'other bytes')
  await expectState(page, 'replaced')
  await openRow(page, 'plain.txt')
  await expect(page.getByTestId('original-state')).toContainText('has changed since it was read')

  // The reader mends it elsewhere and comes back to the window.
  await copyFile(join(apart, 'plain.txt'), join(folder, 'plain.txt'))
  await page.evaluate(() => window.dispatchEvent(new Event('focus')))
  await expect(page.getByTestId('original-state')).toHaveCount(0)

  for (const name of await readdir(apart)) await copyFile(join(apart, name), join(folder, name))
  await expectState(page, null)
})

test('a changed file is read again from the notice', async () => {
  await using root = await makeFolder('carrel-originals-')
  await using app = await launchCarrel()
  const { page } = app
  const path = join(root.path, 'plain.txt')
  await writeFile(path, 'The lighthouse is painted every third year.\n')
  await dropFiles(page, [path])
  await waitUntilReady(page, 1)
  await writeFile(path, 'The lighthouse is painted every fifth year, in white.\n')
  await openRow(page, 'plain.txt')
  await page.getByRole('button', { name: 'Read it again' }).click()
  await expect
    .poll(
      async () => {
        const list = await page.evaluate(() =>
          window.api.request('library:list', { offset: 0, limit: 10, filter: '', collectionId: null }),
        )
        return list.ok ? list.value.documents.map(({ state, sizeBytes }) => [state, sizeBytes]) : []
      },
      { timeout: 60_000 },
    )
    .toEqual([['ready', 54]])
  // The list learns of it a moment after main: until then the row still is the version before.
  await expect(async () => {
    await openRow(page, 'plain.txt')
    await expect(page.getByTestId('evidence-text')).toContainText('every fifth year', { timeout: 2_000 })
  }).toPass({ timeout: 60_000 })
  await expect(page.getByTestId('original-state')).toHaveCount(0)
})

test('a file that may not be read says so, and its stored text stays', async () => {
  test.skip(process.platform === 'win32' || process.getuid?.() === 0, 'SKIPPED: nothing is locked for root')
  await using root = await makeFolder('carrel-originals-')
  await using app = await launchCarrel()
  const { page } = app
  const folder = join(root.path, 'papers')
  await writeKinds(folder)
  await dropFiles(page, [folder])
  await waitUntilReady(page, kinds.length)
  for (const [name] of kinds) await chmod(join(folder, name), 0o000)
  await expectState(page, 'locked')
})
