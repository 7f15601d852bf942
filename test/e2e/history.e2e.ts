import { expect, test } from '@playwright/test'
import mammoth from 'mammoth'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startRecordingModelServer } from '../support/recording-model-server.ts'
import { launchCarrel, makeFolder } from './support/launch.ts'
import { ask, importSmallDocument } from './support/library.ts'

test('two conversations: searched in Chinese, opened at the turn, renamed, deleted, brought back, saved as Markdown, HTML and Word', async () => {
  await using folder = await makeFolder('carrel-files-')
  await using data = await makeFolder('carrel-data-')
  await using server = await startRecordingModelServer({
    answer: { tokens: ['They open at nine, 自习座位九点开放 ', '[1]', '.'], gapMs: 1 },
  })
  {
    await using app = await launchCarrel({ dataFolder: data.path, ollamaHost: server.url })
    const { page } = app
    await importSmallDocument(page, folder.path)
    const finished = page.locator('[data-testid="answer"][data-state="complete"]')
    await ask(page, 'When do the carrels open?')
    await expect(finished).toHaveCount(1)
    await ask(page, '自習座位幾點開放？')
    await expect(finished).toHaveCount(2)
    await page.getByRole('tab', { name: 'Conversations' }).click()
    await page.getByRole('button', { name: 'New conversation' }).click()
    await ask(page, 'What is a carrel?')
    await expect(finished).toHaveCount(1)
    const rows = page.getByTestId('conversation-row')
    await expect(rows).toHaveCount(2)
    await expect(page.getByTestId('conversation-group')).toHaveText(['Today'])

    // Traditional in the question, Simplified in the search.
    await page.getByTestId('conversation-search').fill('几点')
    const hits = page.getByTestId('conversation-hit')
    await expect(hits).toHaveCount(1)
    await expect(hits.locator('mark')).toHaveText(['幾點'])
    await hits.first().press('Enter')
    const sought = page.locator('[data-testid="turn"][aria-current="location"]')
    await expect(sought).toContainText('自習座位幾點開放？')
    await expect(sought).toBeInViewport()
    await page.getByTestId('conversation-search').fill('')

    const older = rows.filter({ hasText: 'When do the carrels open?' }).getByRole('button').first()
    await older.press('F2')
    await page.getByLabel('Title').fill('开放/时间: "hours"')
    await page.getByRole('button', { name: 'Save' }).click()
    const renamed = rows.filter({ hasText: '开放/时间' })
    await expect(renamed).toHaveCount(1)

    await renamed.getByRole('button').first().press('Delete')
    await expect(rows).toHaveCount(1)
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(rows).toHaveCount(2)
    // A notice that goes gives the focus back.
    await expect(page.getByRole('button', { name: 'Undo' })).toHaveCount(0)

    const path = join(folder.path, 'saved.md')
    // In place of the system's dialog, which nobody could answer.
    await app.application.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = (...words: unknown[]) => {
        Object.assign(globalThis, { savedAs: words.at(-1) })
        return Promise.resolve({ canceled: false, filePath })
      }
    }, path)
    await renamed.getByRole('button', { name: /^Actions for/ }).click()
    await page.getByRole('menuitem', { name: 'Save as Markdown…' }).click()
    await expect(page.getByText('Saved, with its references.')).toBeVisible()
    const dialogOptions = await app.application.evaluate(
      () => (globalThis as typeof globalThis & { savedAs?: { defaultPath?: string } }).savedAs,
    )
    expect(dialogOptions?.defaultPath).toBe('开放 时间 hours.md')
    const saved = await readFile(path, 'utf8')
    expect(saved).toContain('# 开放/时间: "hours"')
    expect(saved.match(/^## .*/gmu)).toEqual(['## When do the carrels open?', '## 自習座位幾點開放？'])
    expect(saved).toContain('They open at nine, 自习座位九点开放 [1].')
    expect(saved).toMatch(
      /\[1\] \*\*Carrels\.md\*\*, Carrels\n\n(> ?.*\n)*> The carrels of this library open at nine\./u,
    )

    for (const [item, name] of [
      ['Save as HTML…', '开放 时间 hours.html'],
      ['Save as Word…', '开放 时间 hours.docx'],
    ] as const) {
      await renamed.getByRole('button', { name: /^Actions for/ }).click()
      await page.getByRole('menuitem', { name: item }).click()
      await expect
        .poll(() =>
          app.application.evaluate(
            () => (globalThis as typeof globalThis & { savedAs?: { defaultPath?: string } }).savedAs?.defaultPath,
          ),
        )
        .toBe(name)
    }
    await expect.poll(async () => (await readFile(path)).subarray(0, 2).toString()).toBe('PK')
    expect((await mammoth.extractRawText({ path })).value).toContain('When do the carrels open?')

    await renamed.getByRole('button').first().press('Delete')
    await expect(rows).toHaveCount(1)
    await app.quit()
  }
  // After a restart it can still be brought back.
  await using app = await launchCarrel({ dataFolder: data.path, ollamaHost: server.url })
  const { page } = app
  await page.getByRole('tab', { name: 'Conversations' }).click()
  await expect(page.getByTestId('conversation-row')).toHaveCount(1)
  await page.getByRole('button', { name: 'Recently deleted' }).click()
  await page.getByRole('button', { name: /^Bring “开放/ }).click()
  await page.getByRole('button', { name: 'Back to the conversations' }).click()
  await expect(page.getByTestId('conversation-row')).toHaveCount(2)
})
