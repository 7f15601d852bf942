import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startRecordingModelServer } from '../support/recording-model-server.ts'
import { dropFiles } from './support/drop-files.ts'
import { launchCarrel, makeFolder, projectFolder } from './support/launch.ts'
import { readNewestConversation, readStatus } from './support/library.ts'

const samples = join(projectFolder, 'resources', 'samples')
const lease = 'Office lease, 14 Elm Street.pdf'
const contracts = 12

/** A PDF, contracts in two languages, one that only means it, and one that cannot be read. */
async function fillFolder(folder: string): Promise<void> {
  await copyFile(join(samples, lease), join(folder, lease))
  for (let number = 1; number <= contracts; number += 1) {
    const isChinese = number % 4 === 0
    await writeFile(
      join(folder, isChinese ? `租赁合同 ${number}.md` : `Contract ${number}.md`),
      isChinese
        ? `# 租赁合同 ${number}\n\n承租人提前退租的，termination fee 为人民币${number}万元，于2024年${number}月1日前支付给海河物业公司。\n`
        : `# Contract ${number}\n\nThe parties met. A termination fee of $${number},000 is due to Acme Holdings Ltd by ${number} May 2024.\n`,
    )
  }
  await writeFile(
    join(folder, 'Apart.md'),
    `# Apart\n\nA fee.\n\n${'Nothing of that kind stands here. '.repeat(120)}\n\nA termination.\n`,
  )
  await writeFile(join(folder, 'Broken.pdf'), '%PDF-1.7\nnothing of a PDF follows')
}

async function importFolder(page: Page, folder: string): Promise<void> {
  await dropFiles(page, [folder])
  await expect
    .poll(
      async () => {
        const { byState } = (await readStatus(page)).totals
        return [byState.ready, byState['needs-attention']]
      },
      { timeout: 60_000 },
    )
    .toEqual([contracts + 2, 1])
}

async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => null))),
  )
  const { violations: found } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
  return found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200) ?? ''} ${nodes[0]?.failureSummary ?? ''}`)
}

test('a question for every document opens a table; rows open the passage, are saved, and are summarised', async () => {
  test.setTimeout(180_000)
  await using folder = await makeFolder('carrel-files-')
  await using server = await startRecordingModelServer()
  await using app = await launchCarrel({ ollamaHost: server.url })
  const { page, application } = app
  await fillFolder(folder.path)
  await importFolder(page, folder.path)

  await page.getByTestId('composer').fill('Which contracts mention a termination fee?')
  await expect(page.getByTestId('findings-offer')).toContainText('“termination fee”')
  await page.keyboard.press('Control+Enter')
  const summary = page.getByTestId('findings-summary')
  await expect(summary).toContainText(`${contracts + 1} documents mention “termination fee”`)
  await expect(summary).toContainText(`Searched ${contracts + 2} of ${contracts + 3} documents`)
  await expect(summary).toContainText('1 more holds all the words, in different passages')
  expect(server.chats).toHaveLength(0)
  await page.getByTestId('findings-unread').click()
  await expect(page.getByTestId('unread-documents')).toContainText('Broken.pdf')
  await page.keyboard.press('Escape')
  expect.soft(await violations(page)).toEqual([])

  // A row opens the evidence at the passage, marked.
  const row = (name: string) =>
    page.getByTestId('finding').filter({ has: page.getByRole('button', { name, exact: true }) })
  await page.getByTestId('findings-filter').fill('Contract 3')
  await expect(row('Contract 3.md')).toContainText('termination fee')
  await row('Contract 3.md').getByTestId('finding-open').click()
  await expect(page.getByTestId('evidence-mark').filter({ hasText: '$3,000' })).toBeVisible()
  await expect(page.getByTestId('finding-open').and(page.locator('[aria-current="true"]'))).toHaveText('Contract 3.md')
  expect.soft(await violations(page)).toEqual([])

  await page.getByTestId('findings-filter').fill('')
  // By keyboard: arrows move, the space bar chooses, Enter opens.
  await page.getByTestId('finding-open').first().focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('Space')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Space')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Space')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('finding').nth(2).getByTestId('finding-open')).toHaveAttribute('aria-current', 'true')
  await expect(page.getByTestId('findings-summarise')).toHaveText('Summarise 3 rows')

  // The chosen rows as a file for a spreadsheet.
  const file = join(folder.path, 'found.csv')
  await application.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath })
  }, file)
  await page.getByTestId('findings-csv').click()
  await expect(page.getByText('3 rows were saved.')).toBeVisible()
  const csv = await readFile(file, 'utf8')
  expect(csv.startsWith('\uFEFF"Document"')).toBe(true)
  expect(csv.trimEnd().split('\r\n')).toHaveLength(4)

  // The model summarises them, piece by piece; Stop closes its connection and keeps what is there.
  await page.getByTestId('findings-summarise').click()
  const first = await server.nextRequest()
  first.sendText('A fee is due.')
  first.finish()
  const second = await server.nextRequest()
  second.sendText('Half of')
  await expect(page.getByTestId('answer')).toContainText('Half of')
  await page.getByTestId('stop').click()
  expect((await second.closed).isComplete).toBe(false)
  await expect(page.getByTestId('answer')).toContainText('Read 1 of 3, stopped.')
  const { turns } = await readNewestConversation(page)
  expect(turns[0]?.answer).toContain('A fee is due. [1]')

  // The table is still there.
  await page.getByRole('button', { name: 'Show the table again' }).click()
  await expect(page.getByTestId('finding').first()).toBeVisible()
  await page.getByTestId('findings-summarise').click()
  for (let number = 1; number <= 3; number += 1) {
    const chat = await server.nextRequest()
    chat.sendText(`Summary ${number}.`)
    chat.finish()
  }
  await expect(page.getByTestId('answer').last()).toContainText('Read 3 of 3.')
  await page.getByTestId('answer').last().getByRole('button', { name: /2/ }).first().click()
  await expect(page.getByTestId('evidence-mark').first()).toBeVisible()
})

test('in Chinese and dark: the table, its filter and its orders, and nothing for axe to find', async () => {
  test.setTimeout(180_000)
  await using folder = await makeFolder('carrel-files-')
  await using app = await launchCarrel()
  const { page } = app
  await fillFolder(folder.path)
  await importFolder(page, folder.path)
  await page.evaluate(() => window.api.request('settings:set', { theme: 'dark', language: 'zh-CN' }))
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')

  await page.getByTestId('find-all').click()
  await expect(page.getByTestId('findings-field')).toBeFocused()
  expect.soft(await violations(page)).toEqual([])
  await page.keyboard.type('有多少份合同提到承租人？')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('findings-summary')).toContainText('3 份文档提到“承租人”')
  await expect(page.getByTestId('findings-count-means')).toBeVisible()
  await expect(page.locator('[data-match="words"]')).toHaveCount(3)
  await expect(page.getByTestId('finding').first()).toContainText('万元')
  await page.getByTestId('findings-filter').fill('12')
  await expect(page.getByTestId('finding')).toHaveCount(1)
  await page.getByTestId('findings-filter').fill('')
  await page.getByRole('columnheader', { name: '文档' }).getByRole('button').click()
  await expect(page.getByTestId('finding').first()).toContainText('租赁合同 4')
  expect.soft(await violations(page)).toEqual([])
})
