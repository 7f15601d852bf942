import { expect, type Page, test } from '@playwright/test'
import { startRecordingModelServer } from '../support/recording-model-server.ts'
import { launchCarrel, makeFolder } from './support/launch.ts'
import { waitUntilReady, writeSmallDocument } from './support/library.ts'

/** Presses Tab until `selector` has the focus. @throws Error after a whole round of the window */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) === true, selector)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab never reaches ${selector}`)
}

/** The focused element shows it: a ring or a border that it has not otherwise. */
async function expectFocusIsSeen(page: Page): Promise<void> {
  const outline = await page.evaluate(() => {
    const focused = document.activeElement
    return focused === null ? 'none' : getComputedStyle(focused).outlineStyle
  })
  expect(outline).not.toBe('none')
}

test('import, ask, stop, open a source and change a setting, without ever touching the mouse', async () => {
  await using folder = await makeFolder('carrel-files-')
  await using server = await startRecordingModelServer()
  await using app = await launchCarrel({ ollamaHost: server.url })
  const { page, application } = app
  const path = await writeSmallDocument(folder.path)
  await expect(page.getByTestId('composer')).toBeFocused()

  // The system's own dialog cannot be driven from here: it answers as if the file had been chosen in it.
  await application.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] })
  }, path)
  await page.keyboard.press('Control+o')
  await waitUntilReady(page, 1)

  await expect(page.getByTestId('composer')).toBeFocused()
  await page.keyboard.type('When do the carrels open?')
  await page.keyboard.press('Enter')
  const stoppedChat = await server.nextRequest()
  stoppedChat.sendText('They open at nine, half of an answer')
  const answer = page.getByTestId('answer')
  await expect(answer).toContainText('half of an answer')
  await page.keyboard.press('Escape')
  expect((await stoppedChat.closed).isComplete).toBe(false)
  await expect(answer).toHaveAttribute('data-state', 'stopped')

  await page.keyboard.press('Control+n')
  await expect(page.getByTestId('composer')).toBeFocused()
  await page.keyboard.type('When do the carrels open?')
  await page.keyboard.press('Enter')
  const chat = await server.nextRequest()
  chat.sendText('They open at nine [1].')
  chat.finish()
  await expect(answer).toHaveAttribute('data-state', 'complete')

  await page.keyboard.press('Alt+1')
  const mark = page.getByTestId('evidence-mark').first()
  await expect(mark).toBeVisible()
  // And by way of the citation itself.
  await tabTo(page, '[data-testid="citation"]')
  await expectFocusIsSeen(page)
  await page.keyboard.press('Enter')
  await expect(mark).toBeVisible()

  await page.keyboard.press('Control+,')
  const settings = page.getByRole('dialog')
  await expect(settings).toBeVisible()
  expect(await page.evaluate(() => document.activeElement?.closest('[role="dialog"]') !== null)).toBe(true)
  await tabTo(page, '[role="dialog"] [role="combobox"]')
  await expectFocusIsSeen(page)
  const before = await page.evaluate(async () => JSON.stringify(await window.api.request('settings:get', {})))
  await page.keyboard.press('Enter')
  await expect(page.getByRole('option').first()).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('option').nth(1)).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('listbox')).toHaveCount(0)
  await expect
    .poll(() => page.evaluate(async () => JSON.stringify(await window.api.request('settings:get', {}))))
    .not.toBe(before)
  await page.keyboard.press('Escape')
  await expect(settings).toHaveCount(0)

  await page.keyboard.press('Control+k')
  await page.keyboard.type('Carrels')
  await expect(page.getByRole('option').filter({ hasText: 'Carrels.md' }).first()).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('evidence-text')).toContainText('A carrel is a small private desk')
})
