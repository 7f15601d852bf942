import { expect, test, type Page } from '@playwright/test'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readingDocuments } from '../support/documents/reading-documents.ts'
import { expectAxeIsClean, useLook } from './support/axe.ts'
import { dropFiles } from './support/drop-files.ts'
import { launchCarrel, makeFolder } from './support/launch.ts'
import { ask, importDeadlineMs, readNewestConversation, readStatus, waitUntilReady } from './support/library.ts'
import { foldedPassage, markedText } from './support/marked-text.ts'

/** Opens the first passage of a document that the newest answer shows. */
async function openSource(page: Page, name: string): Promise<void> {
  const more = page.getByRole('button', { name: /^Show \d+ more/ }).last()
  const card = page.getByTestId('passage-card').filter({ hasText: name }).last()
  if (!(await card.isVisible())) await more.click()
  await card.click()
  await expect(page.getByTestId('evidence-mark').first()).toBeVisible()
}

async function passagesOf(page: Page, name: string): Promise<readonly string[]> {
  const turn = (await readNewestConversation(page)).turns.at(-1)
  return (turn?.sources ?? [])
    .filter(({ documentName }) => documentName === name)
    .map(({ text }) => foldedPassage(text))
}

test('a citation opens documents of every kind as structured text, and the marker lies on the passage', async () => {
  test.setTimeout(300_000)
  await using folder = await makeFolder('carrel-reading-')
  await using app = await launchCarrel()
  const { page } = app
  const documents = readingDocuments()
  const paths: string[] = []
  for (const { name, bytes } of documents) {
    const path = join(folder.path, name)
    await writeFile(path, bytes)
    paths.push(path)
  }
  await dropFiles(page, paths)
  await waitUntilReady(page, documents.length)
  for (const { name, question, structure } of documents) {
    await test.step(name, async () => {
      await ask(page, question)
      await expect(page.getByTestId('answer').last()).toHaveAttribute('data-state', 'complete')
      await expect.poll(async () => (await passagesOf(page, name)).length).toBeGreaterThan(0)
      await openSource(page, name)
      const passages = await passagesOf(page, name)
      await expect.poll(async () => passages.includes(foldedPassage(await markedText(page)))).toBe(true)
      const text = page.getByTestId('evidence-text')
      for (const [selector, words] of structure)
        await expect(text.locator(selector).filter({ hasText: words }).first(), `${selector} ${words}`).toBeAttached()
      // Nothing of a document becomes a part of the page: no links, pictures, scripts, frames.
      expect(await text.locator('a, img, script, iframe, object, form, input, video, svg').count()).toBe(0)
    })
  }
})

test('a sheet of 50,000 rows: any row at once, its header in sight, few rows in the page', async () => {
  test.setTimeout(300_000)
  await using folder = await makeFolder('carrel-reading-')
  await using app = await launchCarrel()
  const { page } = app
  const path = join(folder.path, 'Ships.csv')
  const rows = Array.from({ length: 50_000 }, (_unused, index) => `Ship ${index},Quay ${index % 90},${index}.5 m`)
  await writeFile(path, `Name,Place,Depth\n${rows.join('\n')}\n`)
  await dropFiles(page, [path])
  await expect
    .poll(
      async () => {
        const { searchable, ready } = (await readStatus(page)).totals.byState
        return searchable + ready
      },
      { timeout: importDeadlineMs * 3 },
    )
    .toBe(1)
  await page.getByTestId('document-row').getByRole('button').first().click()
  const text = page.getByTestId('evidence-text')
  await expect(text.getByRole('cell', { name: 'Ship 0', exact: true })).toBeVisible()
  await expect(page.getByTestId('sticky-header')).toHaveCount(0)
  await text.focus()
  await page.keyboard.press('Control+f')
  await page.getByRole('searchbox', { name: 'Search in this document' }).fill('ship 49998,')
  await expect(page.getByRole('toolbar').getByRole('status')).toHaveText('not found')
  await page.getByRole('searchbox', { name: 'Search in this document' }).fill('ship 49998')
  await expect(page.getByRole('toolbar').getByRole('status')).toHaveText('1 of 1')
  await expect(text.getByRole('cell', { name: 'Ship 49998', exact: true })).toBeInViewport()
  await expect(text.locator('.row-number[data-line="50000"]')).toBeInViewport()
  await expect(page.getByTestId('sticky-header')).toContainText('NamePlaceDepth')
  expect(await text.getByRole('row').count()).toBeLessThan(600)

  // Copied as it is stored, cells parted by tabs.
  const copied = await page.evaluate(() => {
    const row = document.querySelector('.grid-row:has([data-line="50000"])')
    const transfer = new DataTransfer()
    if (row === null) return null
    document.getSelection()?.selectAllChildren(row)
    row.dispatchEvent(new ClipboardEvent('copy', { clipboardData: transfer, bubbles: true, cancelable: true }))
    return transfer.getData('text/plain')
  })
  expect(copied).toBe('Ship 49998\tQuay 48\t49998.5 m')
})

test('contents, slides by number, previous and next source by keyboard', async () => {
  await using folder = await makeFolder('carrel-reading-')
  await using app = await launchCarrel()
  const { page } = app
  const paths: string[] = []
  for (const { name, bytes } of readingDocuments().filter(({ name: one }) => /pptx|epub/.test(one))) {
    paths.push(join(folder.path, name))
    await writeFile(join(folder.path, name), bytes)
  }
  await dropFiles(page, paths)
  await waitUntilReady(page, 2)
  await ask(page, 'Where does the lookout stand in fog, and what was the toll?')
  await expect(page.getByTestId('answer')).toHaveAttribute('data-state', 'complete')
  await openSource(page, 'Fog drill.pptx')
  const number = page.getByRole('textbox', { name: 'Slide' })
  await number.fill('1')
  await number.press('Enter')
  await expect(page.getByTestId('evidence-text').locator('h3', { hasText: 'Slide 1: Fog drill' })).toBeInViewport()

  await openSource(page, 'The salt road.epub')
  await page.getByRole('button', { name: 'Contents' }).click()
  await expect(page.getByRole('menuitem')).toHaveText(['The caravan', 'The toll'])
  await page.getByRole('menuitem', { name: 'The toll' }).click()
  await expect(page.getByTestId('evidence-text').locator('h3', { hasText: 'The toll' })).toBeInViewport()

  const place = page.getByTestId('evidence-place')
  await page.keyboard.press('Alt+1')
  await expect(place).toContainText('source 1 of')
  await page.keyboard.press('Alt+ArrowRight')
  await expect(place).toContainText('source 2 of')
  await expect(page.getByTestId('evidence-mark').first()).toBeVisible()
  await page.keyboard.press('Alt+ArrowLeft')
  await expect(place).toContainText('source 1 of')
})

for (const [theme, language] of [
  ['light', 'en'],
  ['dark', 'zh-CN'],
] as const) {
  test(`axe finds nothing in structured text in ${theme}, ${language}`, async () => {
    test.setTimeout(180_000)
    await using folder = await makeFolder('carrel-reading-')
    await using app = await launchCarrel()
    const { page } = app
    const documents = readingDocuments().filter(({ name }) => /\.(?:docx|md|eml|py|xlsx|pptx)$/.test(name))
    for (const { name, bytes } of documents) await writeFile(join(folder.path, name), bytes)
    await dropFiles(page, [folder.path])
    await waitUntilReady(page, documents.length)
    await useLook(page, theme, language)
    for (const { name } of documents) {
      await page.getByTestId('document-row').filter({ hasText: name }).getByRole('button').first().click()
      await expect(page.getByTestId('evidence-text').locator('[data-offset]').first()).toBeVisible()
      await page.getByTestId('evidence-text').focus()
      await page.keyboard.press('Control+f')
      await expect(page.getByRole('searchbox').last()).toBeFocused()
      await expectAxeIsClean(page, name)
    }
  })
}

test('files without a word say so', async () => {
  await using folder = await makeFolder('carrel-reading-')
  await using app = await launchCarrel()
  const { page } = app
  const paths = [join(folder.path, 'nothing.json'), join(folder.path, 'brackets.json'), join(folder.path, 'rules.md')]
  for (const [index, content] of ['{}', '[[], {}, []]', '---\n\n***\n\n!!!\n'].entries())
    await writeFile(paths[index] ?? '', content)
  await dropFiles(page, paths)
  await expect.poll(async () => (await readStatus(page)).totals.byState['needs-attention']).toBe(3)
  await expect(page.getByTestId('document-row').filter({ hasText: 'There is no text in this file.' })).toHaveCount(3)
})
