import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { mkdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dropFiles } from './support/drop-files.ts'
import { launchCarrel, makeFolder, projectFolder } from './support/launch.ts'
import { ask, waitUntilReady } from './support/library.ts'

const clause = (days: number): string =>
  `# Early termination\n\nThe tenant may end this lease early by giving the landlord at least ${days} days of written notice, and pays a termination fee of two months of rent on the day on which the lease ends.\n`

/** Three drafts and two other documents. @returns their folder. */
async function writeDrafts(parent: string): Promise<string> {
  const folder = join(parent, 'drafts')
  await mkdir(folder)
  const files = [
    ['Lease draft 1.md', clause(180)],
    ['Lease draft 2.md', clause(120)],
    ['Lease final.md', clause(90)],
    ['Garden.md', '# Garden\n\nRoses are pruned in March, before the first leaves of the year open.\n'],
    ['Parking.md', '# Parking\n\nA tenant who ends the lease gives the parking card back with the notice.\n'],
  ] as const
  for (const [index, [name, text]] of files.entries()) {
    await writeFile(join(folder, name), text)
    await utimes(join(folder, name), new Date(2024, 0, index + 1), new Date(2024, 0, index + 1))
  }
  return folder
}

/** Selects the text of the first element that the selector finds, as a mouse does. */
async function selectText(page: Page, selector: string): Promise<void> {
  await page
    .locator(selector)
    .first()
    .evaluate((element) => document.getSelection()?.selectAllChildren(element))
}

const contrast = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => null))),
  )
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).disableRules(['region']).analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`)
}

test('drafts are one source; why another passage was not found is told, and kept for the self-test', async () => {
  test.setTimeout(180_000)
  await using folder = await makeFolder('carrel-files-')
  await using app = await launchCarrel()
  const { page } = app
  await dropFiles(page, [await writeDrafts(folder.path)])
  await waitUntilReady(page, 5)
  await ask(page, 'How many days of written notice must the tenant give to end the lease early?')
  const card = page.getByTestId('passage-card').first()
  await expect(card).toContainText('Lease final.md')
  await expect(card).toContainText('also in 2 versions, numbers differ')
  await expect(page.getByTestId('answer')).toHaveAttribute('data-state', 'complete')

  await card.click()
  const versions = page.getByTestId('passage-versions')
  await expect(versions).toContainText('here 90 days, there 180 days')
  expect(await contrast(page)).toEqual([])
  await page.getByRole('button', { name: 'Open Lease draft 1.md at this passage' }).click()
  await expect(page.getByTestId('evidence-mark').last()).toContainText('180 days')
  await expect(versions).toContainText('here 180 days, there 90 days')

  await selectText(page, '[data-testid="evidence-text"] p > mark')
  await page.getByTestId('why-selected').click()
  const details = page.getByTestId('why-details')
  await expect(details.getByRole('textbox')).not.toHaveValue('')
  await expect(details.getByTestId('why-outcome')).toContainText(
    'another version of it was given in its place: source 1',
  )
  expect(await contrast(page)).toEqual([])
  await details.getByTestId('keep-expectation').click()
  await expect(details.getByTestId('expectation-kept')).toBeVisible()
  await page.keyboard.press('Escape')

  // By the keyboard alone, with words that nobody wrote.
  await page.getByTestId('why-not-found').focus()
  await page.keyboard.press('Enter')
  await details.getByRole('textbox').fill('Nobody ever wrote this')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(details.getByTestId('why-outcome')).toContainText('not in the text that was read')
  await page.keyboard.press('Escape')

  await page.keyboard.press('Control+,')
  await expect(page.getByTestId('self-test-result')).toContainText('1 of 1 found')
  await page.getByRole('button', { name: 'Make questions' }).click()
  await expect(page.getByTestId('self-test-result')).toContainText('found among the first 12', { timeout: 60_000 })
  await expect(page.getByTestId('self-test-counts')).not.toContainText('0 made from documents')
  await expect(page.getByTestId('self-test-progress')).toHaveCount(0, { timeout: 60_000 })
  await page.getByTestId('self-test-result').scrollIntoViewIfNeeded()
  expect(await contrast(page)).toEqual([])
})

test('words selected on a page of a PDF are found in what was read of that page', async () => {
  test.setTimeout(180_000)
  await using app = await launchCarrel()
  const { page } = app
  await dropFiles(page, [join(projectFolder, 'resources', 'samples', 'Office lease, 14 Elm Street.pdf')])
  await waitUntilReady(page, 1)
  await ask(page, 'What is the termination fee?')
  await expect(page.getByTestId('answer')).toHaveAttribute('data-state', 'complete')
  await page.getByTestId('passage-card').first().click()
  await expect(page.getByTestId('pdf-mark').first()).toBeVisible()
  // A line of the page, as a mouse selects it: from the start of its text to its end.
  const line = page
    .locator('.pdf-text span')
    .filter({ hasText: /\w{4,} \w{4,} \w{2,}/ })
    .first()
  await expect(line).toBeAttached()
  await line.evaluate((element) => document.getSelection()?.selectAllChildren(element))
  await page.getByTestId('why-selected').click()
  const outcome = page.getByTestId('why-outcome').locator('[data-lost-at]')
  await expect(outcome).toBeVisible()
  // Wherever it was lost, it was read.
  await expect(outcome).not.toHaveAttribute('data-lost-at', 'unread')
  await page.getByTestId('why-details').getByRole('textbox').fill('Nobody ever printed this')
  await page.getByTestId('why-details').getByRole('button', { name: 'Find out' }).click()
  await expect(outcome).toHaveAttribute('data-lost-at', 'unread')
})
