import { expect, test } from '@playwright/test'
import { join } from 'node:path'
import { dropFiles } from './support/drop-files.ts'
import { launchCarrel, projectFolder } from './support/launch.ts'
import { ask, readNewestConversation, waitUntilReady } from './support/library.ts'

const tides = join(projectFolder, 'test', 'fixtures', 'documents', '潮汐笔记（字体未嵌入）.pdf')

test('a PDF whose Chinese fonts are not embedded is read in the app, and opens at the passage', async () => {
  await using app = await launchCarrel()
  const { page } = app
  await dropFiles(page, [tides])
  await waitUntilReady(page, 1)
  await ask(page, '潮汐是怎么形成的？')
  await expect(page.getByTestId('answer')).toHaveAttribute('data-state', 'complete')
  const [source] = (await readNewestConversation(page)).turns[0]?.sources ?? []
  expect(source?.text).toContain('潮')
  expect(source?.page).toBe(1)
  expect(source?.boxes.length).toBeGreaterThan(0)
  await page.getByTestId('passage-card').first().click()
  await page.getByRole('button', { name: 'Show the text as it was read' }).click()
  await expect(page.getByTestId('evidence-mark').filter({ hasText: '潮' }).first()).toBeVisible()
})
