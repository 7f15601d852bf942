import { expect, test, type Page } from '@playwright/test'
import { copyFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dropFiles } from './support/drop-files.ts'
import { launchCarrel, makeFolder, projectFolder } from './support/launch.ts'
import { ask, readNewestConversation, waitUntilReady } from './support/library.ts'
import { textUnderMarks } from './support/text-under-marks.ts'

const fixtures = join(projectFolder, 'test', 'fixtures', 'documents')

/** As the canonical text folds a page: white space is nothing, ligatures are letters, a hyphen at a line's end joins. */
function folded(text: string): string {
  return text.normalize('NFKC').replaceAll(/[\s\u00ad]+/g, '')
}

function sorted(text: string): string {
  return [...text].toSorted().join('')
}

async function openFirstSource(page: Page): Promise<string> {
  await page.getByTestId('passage-card').first().click()
  await expect(page.getByTestId('pdf-mark').first()).toBeVisible()
  await expect(page.locator('.pdf-text span').first()).toBeAttached()
  const turn = (await readNewestConversation(page)).turns.at(-1)
  return turn?.sources[0]?.text ?? ''
}

test.describe('a citation opens the page, and the marker lies on the passage', () => {
  for (const [file, question] of [
    ['tides.pdf', 'What raises the spring tides?'],
    ['two-columns-by-line.pdf', 'What does the second column say?'],
    ['two-columns-by-column.pdf', 'What does the second column say?'],
    ['ligatures.pdf', 'Which office files are efficient?'],
    ['table.pdf', 'What does the table list?'],
    ['rotated-page.pdf', 'What stands on the rotated page?'],
    ['潮汐笔记（字体未嵌入）.pdf', '潮汐是怎么形成的？'],
  ] as const) {
    test(file, async () => {
      await using app = await launchCarrel()
      const { page } = app
      await dropFiles(page, [join(fixtures, file)])
      await waitUntilReady(page, 1)
      await ask(page, question)
      await expect(page.getByTestId('answer')).toHaveAttribute('data-state', 'complete')
      const passage = await openFirstSource(page)
      expect(passage).not.toBe('')
      // This file draws its two columns line by line across the page: the same characters, in the order of drawing.
      const inOrder = file === 'two-columns-by-line.pdf' ? sorted : (text: string): string => text
      await expect.poll(async () => inOrder(folded(await textUnderMarks(page)))).toBe(inOrder(folded(passage)))
    })
  }
})

test('a file that moved, came back changed, or came back whole', async () => {
  await using folder = await makeFolder('carrel-pdf-')
  await using app = await launchCarrel()
  const { page } = app
  const path = join(folder.path, 'tides.pdf')
  await copyFile(join(fixtures, 'tides.pdf'), path)
  await dropFiles(page, [path])
  await waitUntilReady(page, 1)
  await ask(page, 'What raises the spring tides?')
  await expect(page.getByTestId('answer')).toHaveAttribute('data-state', 'complete')

  await rename(path, join(folder.path, 'elsewhere.pdf'))
  await page.getByTestId('passage-card').first().click()
  await expect(page.getByRole('note').filter({ hasText: 'no longer in its folder' })).toBeVisible()
  await expect(page.getByTestId('evidence-mark').first()).toBeVisible()
  await page.getByRole('button', { name: 'Close the evidence pane' }).click()

  await writeFile(path, 'other bytes')
  await page.getByTestId('passage-card').first().click()
  await expect(page.getByRole('note').filter({ hasText: 'has changed since it was read' })).toBeVisible()
  await page.getByRole('button', { name: 'Close the evidence pane' }).click()

  await copyFile(join(fixtures, 'tides.pdf'), path)
  await openFirstSource(page)
  await page.getByRole('button', { name: 'Show the text as it was read' }).click()
  await expect(page.getByTestId('evidence-mark').first()).toBeVisible()
})

test('pages are found by number and by words', async () => {
  await using app = await launchCarrel()
  const { page } = app
  await dropFiles(page, [join(fixtures, 'tides.pdf')])
  await waitUntilReady(page, 1)
  await ask(page, 'What raises the spring tides?')
  await expect(page.getByTestId('answer')).toHaveAttribute('data-state', 'complete')
  await openFirstSource(page)
  await page.getByRole('button', { name: 'Search in this document' }).click()
  await page.getByRole('searchbox', { name: 'Search in this document' }).fill('TIDE')
  await expect(page.getByRole('toolbar').getByRole('status')).toHaveText(/1 of \d+/)
  await page.getByRole('searchbox', { name: 'Search in this document' }).fill('no such words')
  await expect(page.getByRole('toolbar').getByRole('status')).toHaveText('not found')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Larger' }).click()
  await expect(page.getByRole('button', { name: 'Fit the width' })).toHaveText('125%')
})
