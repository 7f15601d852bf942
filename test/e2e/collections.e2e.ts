import { expect, type Page, test } from '@playwright/test'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expectAxeIsClean } from './support/axe.ts'
import { dropFiles } from './support/drop-files.ts'
import { launchCarrel, makeFolder } from './support/launch.ts'
import { ask, readNewestConversation, waitUntilReady } from './support/library.ts'

const rows = (page: Page) => page.getByTestId('document-row')
const row = (page: Page, name: string) => rows(page).filter({ hasText: name })
const collection = (page: Page, name: string) => page.getByTestId('collection-row').filter({ hasText: name })

async function makeCollection(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'New collection' }).click()
  await page.getByTestId('collection-name').fill(name)
  await page.getByTestId('collection-name').press('Enter')
  await expect(collection(page, name)).toBeVisible()
  await page.getByTestId('collection-row').first().getByRole('button').first().click()
}

/** Drags with the mouse, as a person does. */
async function dragRow(page: Page, name: string, to: string): Promise<void> {
  const from = await row(page, name).boundingBox()
  const target = await collection(page, to).boundingBox()
  if (from === null || target === null) throw new Error(`${name} or ${to} is not drawn`)
  await page.mouse.move(from.x + 60, from.y + from.height / 2)
  await page.mouse.down()
  await page.mouse.move(from.x + 70, from.y + from.height / 2 - 8, { steps: 4 })
  await page.mouse.move(target.x + 60, target.y + target.height / 2, { steps: 8 })
  await page.mouse.up()
}

test('files are dropped on a collection, documents are dragged to others, and @ asks in one of them', async () => {
  test.setTimeout(240_000)
  await using files = await makeFolder('carrel-files-')
  await using app = await launchCarrel()
  const { page } = app
  await expect(page.getByTestId('composer')).toBeVisible()
  await page.evaluate(() => window.api.request('settings:set', { language: 'en' }))
  const write = async (name: string, text: string): Promise<string> => {
    const path = join(files.path, name)
    await writeFile(path, text)
    return path
  }
  const elm = await write('Elm Street.txt', 'The lease of Elm Street ends with a notice of six months.')
  const oak = await write('Oak Street.txt', 'The lease of Oak Street ends with a notice of three months.')
  const heron = await write('Herons.txt', 'The heron ends its winter rest when the ice breaks in March.')
  await makeCollection(page, 'Leases')
  await makeCollection(page, 'Birds & weather')
  await makeCollection(page, 'To sign')

  await dropFiles(page, [elm, oak], collection(page, 'Leases'))
  await expect(collection(page, 'Leases')).toContainText('2')
  await dropFiles(page, [heron])
  await waitUntilReady(page, 3)
  // Assigned while they waited to be read, and still there when they are ready.
  await expect(collection(page, 'Leases')).toContainText('2')
  await expect(collection(page, 'Birds')).toContainText('0')

  await dragRow(page, 'Herons.txt', 'Birds')
  await expect(collection(page, 'Birds')).toContainText('1')
  await dragRow(page, 'Elm Street.txt', 'To sign')
  await expect(collection(page, 'To sign')).toContainText('1')
  // Twice is once.
  await dragRow(page, 'Elm Street.txt', 'To sign')
  await expect(page.getByText('It is in “To sign” already.')).toBeVisible()
  await expect(collection(page, 'To sign')).toContainText('1')
  const memberships = await page.evaluate(async () => {
    const [listed, all] = [
      await window.api.request('collections:list', {}),
      await window.api.request('library:list', { offset: 0, limit: 10, filter: '' }),
    ]
    if (!listed.ok || !all.ok) throw new Error('main did not answer')
    const nameOf = new Map(listed.value.collections.map(({ id, name }) => [id, name]))
    return Object.fromEntries(
      all.value.documents.map(({ name, collectionIds }) => [
        name,
        collectionIds.map((id) => nameOf.get(id)).toSorted(),
      ]),
    )
  })
  expect(memberships).toEqual({
    'Elm Street.txt': ['Leases', 'To sign'],
    'Oak Street.txt': ['Leases'],
    'Herons.txt': ['Birds & weather'],
  })

  await collection(page, 'To sign').getByRole('button').first().click()
  await expect(rows(page)).toHaveCount(1)
  await expectAxeIsClean(page, 'one collection')
  // What is dropped on the list of a collection joins it.
  await dropFiles(page, [oak], row(page, 'Elm Street.txt'))
  await expect(rows(page)).toHaveCount(2)
  await page.getByTestId('collection-row').first().getByRole('button').first().click()
  await expect(rows(page)).toHaveCount(3)

  await page.getByTestId('composer').click()
  await page.keyboard.type('@Birds')
  await expect(page.getByRole('option', { name: /Birds & weather/ })).toBeVisible()
  await expectAxeIsClean(page, 'the choices of @')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('scope-chips').first()).toContainText('Birds & weather')
  await ask(page, 'When does it end?')
  await expect(page.getByTestId('answer')).toHaveAttribute('data-state', 'complete')
  const { turns } = await readNewestConversation(page)
  const sources = turns.at(-1)?.sources.map(({ documentName }) => documentName) ?? []
  expect(new Set(sources)).toEqual(new Set(['Herons.txt']))
})
